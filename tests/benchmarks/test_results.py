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


def test_rows_in_pairs(results, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "comparisons.csv").write_text(
        "first,second,n_folds,difference,ci95_low,ci95_high,p,p_holm\n"
        "svm,artist_cnn,100,7.65006,4.00097,11.2992,6.7e-05,0.0002\n"
        "crnn_mtat,artist_cnn,100,-0.5,-1.25,0.25,0.04,0.08\n"
    )
    assert list_table(results.pairs())[1:] == [
        ["``svm``", "``artist_cnn``", "+7.65", "+4.00 to +11.30", "below 0.001"],
        ["``crnn_mtat``", "``artist_cnn``", "-0.50", "-1.25 to +0.25", "0.080"],
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


@pytest.mark.parametrize("name", ["README.md", "results.rst", "new_music.rst", "descriptors.rst"])
def test_the_tables_of_the_pages_are_up_to_date(module, name):
    (path,) = [path for path in module.PAGES if path.name == name]
    text = path.read_text(encoding="utf-8")
    assert "end of table" in text
    assert module.updated(text) == text, "run `python docs/results_table.py`"
