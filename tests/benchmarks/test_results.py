"""The page of results: what the files of folds say, and nothing else."""

import sys
from pathlib import Path

import pandas as pd
import pytest

DOCS = Path(__file__).parents[2] / "docs"
LINES = """method,recipe,dataset,repeat,fold,f1_macro,fit_seconds
svm,ours,4qaed,0,0,0.5,1
svm,ours,4qaed,0,1,0.7,3
svm,ours,synthetic,0,0,0.1,9
"""


@pytest.fixture
def results(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import results_table

    monkeypatch.setattr(results_table, "FOLDS", tmp_path)
    (tmp_path / "folds_a.csv").write_text(LINES)
    (tmp_path / "other.csv").write_text("nothing,of,this\n")
    return results_table


def cells_of(page, title):
    """Return what stands beside a title in the first table."""
    lines = page[page.index(f"* - {title}\n") :].splitlines()[1:6]
    return [line.strip(" -") for line in lines]


def test_a_row_that_was_run_and_those_that_were_not(results):
    page = results.page()
    assert cells_of(page, "SVM Baseline, ours") == [
        "60.00 ± 14.14",
        "75.59",
        "first 2",
        "2",
        "``--methods svm --recipe ours --repeats 1 --max-cells 2``",
    ]
    assert "No folds are kept of: ``svm``, paper, ``cnn``, ours, ``cnn``, paper, " in page


def test_a_row_without_weights_says_so(results):
    cells = cells_of(results.page(), "OpenL3")
    assert cells == ["weights not here", "55.70", "", "", "``--methods openl3``"]


def test_grouped_folds_are_another_table(results, tmp_path):
    folds = pd.read_csv(tmp_path / "folds_a.csv").assign(groups=[None, "artist", None])
    folds.to_csv(tmp_path / "folds_a.csv", index=False)
    assert list(results.read_folds()["f1_macro"]) == [0.5]
    assert list(results.read_folds("artist")["f1_macro"]) == [0.7]
    plain, grouped = results.page().split("By artist")
    assert "50.00" in plain
    assert "70.00" not in plain
    assert "70.00" in grouped
    assert "--groups artist --max-cells 1" in grouped


def test_a_fold_in_two_files_is_named(results, tmp_path):
    (tmp_path / "folds_b.csv").write_text(LINES)
    with pytest.raises(ValueError, match=r"has folds twice: .*svm"):
        results.read_folds()


def test_the_page_of_the_real_files():
    sys.path.insert(0, str(DOCS))
    try:
        import results_table

        assert "CRNN, ours" in results_table.page()
    finally:
        sys.path.remove(str(DOCS))


def test_rows_in_pairs(results, tmp_path):
    assert "In pairs" not in results.page()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "comparisons.csv").write_text(
        "first,second,n_folds,difference,ci95_low,ci95_high,p,p_holm\n"
        "svm,artist_cnn,100,7.65006,4.00097,11.2992,6.7e-05,0.0002\n"
        "crnn_mtat,artist_cnn,100,-0.5,-1.25,0.25,0.04,0.08\n"
    )
    section = results.page().split("In pairs")[1]
    assert "--methods svm artist_cnn crnn_mtat``" in section  # in the order of the table
    cells = [
        line.strip(" *-") for line in section.splitlines() if line.startswith(("   *", "     -"))
    ]
    assert cells[5:10] == ["``svm``", "``artist_cnn``", "+7.65", "+4.00 to +11.30", "below 0.001"]
    assert [c.strip() for c in section.splitlines() if "0.080" in c] == ["- 0.080"]
    assert "- -1.25 to +0.25" in section
