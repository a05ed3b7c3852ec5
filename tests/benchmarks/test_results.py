"""The tables of results: what the files of folds say, and nothing else."""

import sys
from pathlib import Path

import pandas as pd
import pytest

DOCS = Path(__file__).parents[2] / "docs"
LINES = """method,recipe,dataset,repeat,fold,f1_macro,fit_seconds
cnn,default,4qaed,0,0,0.5,1
cnn,default,4qaed,0,1,0.7,3
cnn,default,synthetic,0,0,0.1,9
"""


@pytest.fixture
def module(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import results_table

    return results_table


@pytest.fixture
def results(module, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "FOLDS", tmp_path)
    (tmp_path / "folds_a.csv").write_text(LINES)
    (tmp_path / "other.csv").write_text("nothing,of,this\n")
    return module


def list_table(text):
    """Return the cells of a list-table, row by row."""
    rows = []
    for line in text.splitlines():
        if line.startswith("   * -"):
            rows.append([line[7:]])
        elif line.startswith("     -"):
            rows[-1].append(line[7:])
    return rows


def test_a_row_that_was_run_and_those_that_were_not(results):
    text = results.rows()
    (cells,) = [cells for cells in list_table(text) if cells[0] == "DL Baseline"]
    assert cells[1:] == ["``cnn``", "default", "60.00 ± 14.14", "60.62", "first 2", "", "2"]
    missing = text.split("Not run: ")[1]
    assert "``cnn`` (paper), " in missing
    assert "``cnn`` (default)" not in missing


def test_a_row_without_weights_says_so(results):
    (cells,) = [cells for cells in list_table(results.rows()) if cells[0] == "OpenL3"]
    assert cells[1:] == ["``openl3``", "both", "weights not available", "55.70", "", "", ""]


def test_grouped_folds_are_another_table(results, tmp_path):
    folds = pd.read_csv(tmp_path / "folds_a.csv").assign(groups=[None, "artist", None])
    folds.to_csv(tmp_path / "folds_a.csv", index=False)
    assert list(results.read_folds()["f1_macro"]) == [0.5]
    assert list(results.read_folds("artist")["f1_macro"]) == [0.7]
    plain, grouped = results.rows(), results.rows("artist")
    assert "50.00" in plain
    assert "70.00" not in plain
    assert "70.00" in grouped
    assert "first 1" in grouped


def test_a_fold_in_two_files_is_named(results, tmp_path):
    (tmp_path / "folds_b.csv").write_text(LINES)
    with pytest.raises(ValueError, match=r"has folds twice: .*cnn"):
        results.read_folds()


def test_the_summary_has_a_line_per_row(results):
    lines = results.summary().splitlines()
    assert len(lines) == 2 + 17
    (cnn,) = [line for line in lines if "`cnn`" in line]
    assert cnn == (
        "| DL Baseline | `cnn` | `CNNBaseline` | 60.62 | 60.00 ± 14.14 (2) | not run | seconds |"
    )


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "seconds"), (61, "minutes"), (601, "tens of minutes"), (3601, "hours")],
)
def test_the_class_of_cost_is_that_of_the_mean(results, tmp_path, seconds, expected):
    folds = pd.read_csv(tmp_path / "folds_a.csv").assign(fit_seconds=[seconds, seconds, 1])
    folds.to_csv(tmp_path / "folds_a.csv", index=False)
    assert f"| {expected} |" in results.summary()


def test_rows_with_both_kinds_of_folds(results, tmp_path):
    folds = pd.read_csv(tmp_path / "folds_a.csv")
    folds.assign(groups="artist", f1_macro=0.5).to_csv(tmp_path / "folds_b.csv", index=False)
    assert list_table(results.plain_and_by_artist())[1:] == [
        ["``cnn``", "60.00 ± 14.14", "50.00 ± 0.00", "-10.00"]
    ]


def test_rows_in_pairs(results, tmp_path, monkeypatch):
    monkeypatch.setattr(results, "ALL_FOLDS", 5)
    scores = {
        "svm": [0.7, 0.8, 0.75, 0.7, 0.8],
        "crnn": [0.6, 0.7, 0.6, 0.7, 0.6],
        "cnn": [0.9],
        "fusion": [0.9] * 5,
    }
    lines = [
        f"{name},default,4qaed,0,{fold},{score},1"
        for name, values in scores.items()
        for fold, score in enumerate(values)
    ]
    (tmp_path / "folds_a.csv").write_text("\n".join([LINES.split()[0], *lines]))
    assert list_table(results.pairs())[1:] == [
        ["``svm``", "``crnn``", "+11.00", "-0.48 to +22.48", "0.056"],
    ]


def test_a_page_gets_its_tables(results):
    page = "before\n<!-- table: summary -->\nold\n<!-- end of table -->\nafter\n"
    assert results.updated(page) == (
        f"before\n<!-- table: summary -->\n{results.summary()}\n<!-- end of table -->\nafter\n"
    )
    page = "before\n.. table: rows\nold\n.. end of table\nafter\n"
    assert results.updated(page) == (
        f"before\n.. table: rows\n\n{results.rows()}\n\n.. end of table\nafter\n"
    )


def test_new_music(results, tmp_path):
    (tmp_path / "new_music.csv").write_text(
        "method,collection,n_clips,n_adapted,accuracy,largest_share,arousal_auc,valence_auc\n"
        "svm,piano,120,0,0.251,0.9,0.905,0.5\n"
        "svm,piano,120,20,0.45,0.33,0.9,0.5\n"
        'svm,"piano, slow alone",60,60,0.3,0.4,,0.6\n'
    )
    assert list_table(results.new_music())[1:] == [
        ["``svm``", "piano", "no", "0.25", "0.90", "0.91", "0.50"],
        ["``svm``", "piano", "20", "0.45", "0.33", "0.90", "0.50"],
        ["``svm``", "piano, slow alone", "all 60", "0.30", "0.40", "", "0.60"],
    ]


def test_which_method_has_the_best_score_first(results, tmp_path):
    (tmp_path / "folds_b.csv").write_text(
        "method,recipe,dataset,groups,repeat,fold,f1_macro,fit_seconds\n"
        "svm,default,4qaed,,0,0,0.75,0.31\n"
        "svm,default,4qaed,artist,0,0,0.74,0.31\n"
        "fusion,paper,4qaed,,0,0,0.9,100\n"
        "artist_cnn,default,4qaed,,0,0,0.65,200\n"
    )
    cells = list_table(results.which_method())[1:]
    assert [line for line in cells if not line[0].startswith("model")] == [
        ["``svm``", "75.0", "1", "74.0", "0.3 s", "columns", "yes"],
        ["``artist_cnn``", "65.0", "1", "", "3 min", "weights", ""],
        ["``cnn``", "60.0\u00a0±\u00a014.1", "2", "", "2 s", "", ""],
    ]
    (full,) = [line for line in cells if line[0] == "model ``full``"]
    assert full[4:] == ["trained", "weights", "yes"]
    means = [float(line[1].split()[0]) for line in cells]
    assert means == sorted(means, reverse=True)


def test_short_clips_are_of_methods_with_several_folds(results, tmp_path):
    (tmp_path / "short_clips.csv").write_text(
        "fold,method,way,seconds,accuracy,macro_f1\n"
        "0,svm,cut,3,50,50\n1,svm,cut,3,50,51\n0,svm,cut,10,70,70\n1,svm,cut,10,70,72\n"
        "0,svm,silence,10,25,20\n0,cnn,cut,10,60,60\n"
    )
    assert list_table(results.short_clips()) == [
        ["Method", "10 s", "3 s"],
        ["``svm``", "71.0", "50.5"],
    ]


def test_confusion_in_percent_of_the_true_quadrant(results, tmp_path):
    (tmp_path / "fusion_confusion.csv").write_text("true,Q1,Q2\nQ1,30,10\nQ2,1,19\n")
    assert list_table(results.confusion())[1:] == [["Q1", "75 %", "25 %"], ["Q2", "5 %", "95 %"]]


def test_the_paper_and_ours_names_what_was_not_run(results):
    cells = {line[0]: line[1:] for line in list_table(results.paper_and_ours())[1:]}
    assert len(cells) == 15
    assert cells["DL Baseline"] == ["60.62", "60.00 ± 14.14 (2)", "not run"]
    assert cells["OpenL3"] == ["55.70", "no weights", "no weights"]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "results.rst",
        "new_music.rst",
        "descriptors.rst",
        "best_scores.rst",
        "which_method.rst",
        "labels.rst",
        "paper.rst",
    ],
)
def test_the_tables_of_the_pages_are_up_to_date(module, name):
    (path,) = [path for path in module.PAGES if path.name == name]
    text = path.read_text(encoding="utf-8")
    assert "end of table" in text
    assert module.updated(text) == text, "run `python docs/results_table.py`"
