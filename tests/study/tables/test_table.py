import csv
import math

import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC

from sklearn_mer.study import (
    CellResult,
    StudyMethod,
    compare_rows,
    make_table,
    plan_cells,
    table_markdown,
    write_table,
)

MARKDOWN = """\
| Method       |   Ours, F1 % |    95 % interval | Paper | Difference |          Cells | Fit, s |
|:-------------|-------------:|-----------------:|------:|-----------:|---------------:|-------:|
| SVM Baseline | 75.00 ± 7.07 | -14.85 to 164.85 | 75.59 |      -0.59 | 2/6 (1 failed) |      2 |
| DL Baseline  |              |                  |       |            |            0/6 |        |"""

CSV_COLUMNS = (
    *("method", "recipe", "dataset", "f1_macro_mean", "f1_macro_std"),
    *("ci95_low", "ci95_high", "n_folds", "published", "difference"),
)


def done(f1):
    return CellResult("done", f1_macro=f1, fit_seconds=2.0, score_seconds=0.1)


@pytest.fixture
def methods():
    return [
        StudyMethod("svm", SVC(), "SVM Baseline", "paper", {"tiny": 75.59, "other": 1.0}),
        StudyMethod("cnn", DummyClassifier(), "DL Baseline", "paper", {"other": 60.62}),
    ]


@pytest.fixture
def filled(methods, data, protocol, store):
    """Three folds of the first method, one of them failed, and a stranger."""
    cells = plan_cells(methods, data, protocol)
    mine = [cell for cell in cells if cell.method.key == "svm"]
    store.record(mine[0], done(0.70))
    store.record(mine[1], done(0.80))
    store.record(mine[2], CellResult("failed", traceback="ValueError: no"))
    stranger = StudyMethod("svm", SVC(C=9), "SVM Baseline", "paper")
    store.record(plan_cells([stranger], data, protocol)[3], done(0.1))
    return make_table(methods, data, cells, store)


def test_figures(filled):
    row = filled.iloc[0]
    assert row.f1_macro_mean == 75.0
    assert row.f1_macro_std == pytest.approx(7.07)  # of a sample: ddof=1
    # 12.706 is t for one degree of freedom; a fold tests 20 clips and trains on 40.
    assert row.ci95_high - 75 == pytest.approx(
        12.706 * 50**0.5 * (1 / 2 + 20 / 40) ** 0.5, abs=0.01
    )
    assert row.ci95_low == pytest.approx(150 - row.ci95_high)
    assert (row.n_folds, row.n_planned, row.n_failed) == (2, 6, 1)
    assert (row.published, row.difference) == (75.59, -0.59)
    assert row.fit_seconds == 2.0


def test_a_method_without_a_finished_cell_still_has_a_row(filled):
    row = filled.iloc[1]
    assert (row.method, row.n_folds, row.n_planned) == ("cnn", 0, 6)
    assert math.isnan(row.f1_macro_mean)
    assert math.isnan(row.published)
    assert math.isnan(row.difference)


def test_one_fold_has_no_deviation(methods, data, protocol, store):
    cells = plan_cells(methods, data, protocol)
    store.record(cells[0], done(0.7))
    table = make_table(methods, data, cells, store)
    assert table.f1_macro_mean[0] == 70.0
    assert math.isnan(table.f1_macro_std[0])
    assert "| SVM Baseline |      70.00 |               | 75.59 |" in table_markdown(table)


def test_markdown(filled):
    assert table_markdown(filled) == MARKDOWN


def test_files(filled, tmp_path):
    csv_path, md_path = write_table(filled, tmp_path / "report", heading="Data set: tiny")
    with open(csv_path, newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        list(CSV_COLUMNS),
        ["svm", "paper", "tiny", "75.00", "7.07", "-14.85", "164.85", "2", "75.59", "-0.59"],
        ["cnn", "paper", "tiny", "", "", "", "", "0", "", ""],
    ]
    assert md_path.read_text().startswith("Data set: tiny\n\n| Method ")
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"table1.csv", "table1.md"}


def test_comparisons_have_a_section_and_a_file(filled, tmp_path):
    scores = pd.DataFrame({"svm": [70.0, 74.0, 78.0], "cnn": [66.0, 69.0, 76.0]})
    paths = write_table(filled, tmp_path, comparisons=compare_rows(scores, 1 / 2))
    assert [path.name for path in paths] == ["table1.csv", "table1.md", "comparisons.csv"]
    (row,) = csv.DictReader((tmp_path / "comparisons.csv").read_text().splitlines())
    assert (row["first"], row["second"], row["n_folds"]) == ("svm", "cnn", "3")
    assert float(row["difference"]) == pytest.approx(11 / 3, abs=1e-4)
    assert "## Comparisons" in paths[1].read_text()
    write_table(filled, tmp_path, comparisons=compare_rows(scores[["svm"]], 1 / 2))
    assert len(paths[2].read_text().splitlines()) == 1  # no older pairs are left
    assert "## Comparisons" not in paths[1].read_text()


def test_files_are_replaced(filled, tmp_path):
    write_table(filled, tmp_path)
    write_table(filled.iloc[:1], tmp_path)
    assert len((tmp_path / "table1.csv").read_text().splitlines()) == 2
