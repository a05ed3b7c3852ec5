import csv
import math

import numpy as np
import pandas as pd
import pytest
from report_runs import PRIOR, TREE, Results, dataset, done, failed, method, plan, scored
from sklearn.svm import SVC

from sklearn_mer.model_selection import compare_rows
from sklearn_mer.study import fold_scores, make_table
from sklearn_mer.study._tables import (
    bootstrap_interval,
    comparisons_markdown,
    seconds_text,
    side_by_side,
    side_by_side_markdown,
    table_latex,
    table_markdown,
    write_table,
)

MARKDOWN = """\
| Method       |      Ours, F1 % | Paper | Difference |  95 % interval |          Cells | Fit, s |
|:-------------|----------------:|------:|-----------:|---------------:|---------------:|-------:|
| SVM Baseline |    74.00 ± 5.48 | 75.59 |      -1.59 | 61.28 to 86.72 | 5/6 (1 failed) |      2 |
| DL Baseline  |                 |       |            |                |            0/6 |        |
| OpenL3       | weights missing |       |            |                |                |        |
""".splitlines()
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def methods():
    return [
        method("svm", "SVM Baseline", published={"tiny": 75.59, "other": 1.0}, recipe="paper"),
        method("cnn", "DL Baseline", published={"other": 60.62}, recipe="paper"),
    ]


@pytest.fixture
def cells(methods):
    return plan(methods)


def scores_of(cells, *scores):
    svm = [cell for cell in cells if cell.method.key == "svm"]
    return [scored(cell, f1) for cell, f1 in zip(svm, scores, strict=False)]


@pytest.fixture
def filled(methods, cells):
    """Five finished folds of the first method, a failed one, and one of other parameters."""
    last = [cell for cell in cells if cell.method.key == "svm"][-1]
    stranger = plan([method("svm", estimator=SVC(C=9))])[3]
    rows = [*scores_of(cells, 0.70, 0.80, 0.70, 0.80, 0.70), failed(last), done(stranger)]
    return make_table(methods, dataset(), cells, Results(*rows))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5987, "0.6"), (8.234, "8.2"), (99.7, "100"), (255.0, "260"), (3417.0, "3,400"), (0.0, "0")],
)
def test_seconds_have_two_digits(seconds, text):
    assert seconds_text(seconds) == text
    assert seconds_text(math.nan) == ""


def test_figures(filled):
    row = filled.iloc[0]
    assert row.f1_macro_mean == 74.0
    assert row.f1_macro_std == pytest.approx(5.48)  # of a sample: ddof=1
    # 2.776 is t for four degrees of freedom; a fold tests 20 clips and trains on 40.
    assert row.ci95_high - 74 == pytest.approx(2.776 * (30 * (1 / 5 + 20 / 40)) ** 0.5, abs=0.01)
    assert row.ci95_low == pytest.approx(148 - row.ci95_high)
    assert (row.n_folds, row.n_planned, row.n_failed) == (5, 6, 1)
    assert (row.published, row.difference) == (75.59, -1.59)
    assert row.fit_seconds == 2.0


def test_a_method_without_a_finished_cell_still_has_a_row(filled):
    row = filled.iloc[1]
    assert (row.method, row.n_folds, row.n_planned) == ("cnn", 0, 6)
    assert math.isnan(row.f1_macro_mean)
    assert math.isnan(row.published)
    assert math.isnan(row.difference)


def test_one_fold_has_no_deviation(methods, cells):
    table = make_table(methods, dataset(), cells, Results(*scores_of(cells, 0.7)))
    assert table.f1_macro_mean[0] == 70.0
    assert math.isnan(table.f1_macro_std[0])
    assert "| SVM Baseline |      70.00 | 75.59 |      -5.59 |               |" in table_markdown(
        table
    )


@pytest.mark.parametrize("scores", [(0.7, 0.8), (0.1, 0.9, 0.1, 0.9)])
def test_fewer_than_five_folds_have_no_interval(methods, cells, scores):
    table = make_table(methods, dataset(), cells, Results(*scores_of(cells, *scores)))
    assert table[["ci95_low", "ci95_high"]].isna().all(axis=None)
    assert not math.isnan(table.f1_macro_std[0])
    assert " to " not in table_markdown(table)


def test_an_interval_stays_within_0_and_100(methods, cells):
    table = make_table(methods, dataset(), cells, Results(*scores_of(cells, 0, 1, 0, 1, 0, 1)))
    assert (table.ci95_low[0], table.ci95_high[0]) == (0, 100)
    assert "0.00 to 100.00" in table_markdown(table)


def test_markdown(filled, methods):
    absent = make_table([method("openl3", "OpenL3", missing="No file")], dataset(), [], Results())
    assert table_markdown(pd.concat([filled, absent])).split("\n") == MARKDOWN


def test_files(filled, tmp_path):
    csv_path, md_path = write_table(filled, tmp_path / "report", heading="Data set: tiny")
    with open(csv_path, newline="") as file:
        rows = list(csv.reader(file))
    head = ["method", "recipe", "dataset", "f1_macro_mean", "f1_macro_std"]
    assert rows == [
        [*head, "ci95_low", "ci95_high", "n_folds", "published", "difference"],
        ["svm", "paper", "tiny", "74.00", "5.48", "61.28", "86.72", "5", "75.59", "-1.59"],
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
    assert (row["ci95_low"], row["ci95_high"]) == ("", "")  # three folds
    assert "## Comparisons" in paths[1].read_text()
    write_table(filled, tmp_path, comparisons=compare_rows(scores[["svm"]], 1 / 2))
    assert len(paths[2].read_text().splitlines()) == 1  # no older pairs are left
    assert "## Comparisons" not in paths[1].read_text()


def test_comparisons_show_intervals_from_five_folds_on():
    scores = pd.DataFrame({"a": [70.0, 74, 78, 72, 76], "b": [66.0, 69, 76, 67, 72]})
    assert "| +1.85 to +6.15 |" in comparisons_markdown(compare_rows(scores, 1 / 5))
    assert " to " not in comparisons_markdown(compare_rows(scores[:4], 1 / 5))
    equal = pd.DataFrame({"a": [1.0, 2, 4], "b": [2.0, 2, 3]})
    assert "| a     | b      |     3 |      +0.00 |" in comparisons_markdown(
        compare_rows(equal, 1 / 3)
    )


def test_files_are_replaced(filled, tmp_path):
    write_table(filled, tmp_path)
    write_table(filled.iloc[:1], tmp_path)
    assert len((tmp_path / "table1.csv").read_text().splitlines()) == 2


@pytest.mark.parametrize("name", [FORMULA, "+1", "-1+2", "@SUM(1)", "\t=1", " =1", "\r=1", "\x07"])
def test_no_name_becomes_a_formula_in_a_file(methods, cells, tmp_path, name):
    row = method(name, published={name: 1.0})
    cells = plan([row])
    table = make_table([row], dataset(name), cells, Results(*map(done, cells)))
    scores = pd.DataFrame({name: [70.0, 74.0], "cnn": [71.0, 79.0]})
    write_table(table, tmp_path, comparisons=compare_rows(scores, 1 / 2))
    for file in ("table1.csv", "comparisons.csv"):
        with open(tmp_path / file, newline="") as opened:
            (line,) = csv.DictReader(opened)
        for column in {"method", "dataset", "first"} & set(line):
            assert line[column][0] in "'\ufffd"
        assert float(line["difference"]) != 0
    assert float(line["difference"]) == -3.0  # a number keeps its sign


def test_kinds_of_folds_side_by_side(filled):
    other = filled.assign(f1_macro_mean=[70.0, math.nan], n_folds=[2, 0])
    table = side_by_side({"none": filled, "artist": other})
    assert table.none_mean[0] == 74.0
    assert table.artist_n_folds.tolist() == [2, 0]
    assert table.difference[0] == -4.0
    assert side_by_side_markdown(table).splitlines() == [
        "| Method       | Not grouped, F1 % | Folds | By artist, F1 % | Folds | Difference |",
        "|:-------------|------------------:|------:|----------------:|------:|-----------:|",
        "| SVM Baseline |      74.00 ± 5.48 |     5 |    70.00 ± 5.48 |     2 |      -4.00 |",
        "| DL Baseline  |                   |     0 |                 |     0 |            |",
    ]


def test_a_fixed_split_has_an_interval_of_its_test_clips(methods):
    clips = dataset()
    clips.split = ["train", "test"]
    cells = plan(methods, n_splits=3, n_repeats=1)[:2]
    table = make_table(methods, clips, cells, Results(done(cells[0], level=0.8)))
    row = table.iloc[0]
    assert math.isnan(row.f1_macro_std)
    assert row.ci95_low < row.f1_macro_mean < row.ci95_high
    assert math.isnan(table.iloc[1].ci95_low)
    assert " ± " not in table_markdown(table)


def test_the_bootstrap_is_of_macro_f1():
    assert bootstrap_interval([[10, 0], [0, 10]]) == (100.0, 100.0)
    low, high = bootstrap_interval([[40, 10], [10, 40]])
    # For these counts macro F1 is nearly the accuracy, whose standard error is 4 points.
    assert (low, high) == pytest.approx((80 - 1.96 * 4, 80 + 1.96 * 4), abs=0.7)
    wide = bootstrap_interval([[4, 1], [1, 4]])
    assert wide[0] < low < high < wide[1]
    assert bootstrap_interval([[1, 0], [0, 1]])[1] == 100.0  # a class may not be drawn


def test_latex(methods, cells, filled):
    filled.loc[1, "title"] = r"100 % & <a_b> {\x} ±1"
    text = table_latex(filled, "Data set: tiny\n\nA note.")
    lines = text.splitlines()
    assert lines[:5] == [
        "% Data set: tiny",
        "%",
        "% A note.",
        r"\begin{tabular}{lrrrrrr}",
        r"\toprule",
    ]
    assert r"SVM Baseline & 74.00 $\pm$ 5.48 & 75.59 & $-$1.59 & 61.28 to 86.72 & 5/6 (1 fa" in text
    assert r"100 \% \& \textless{}a\_b\textgreater{} \{\textbackslash x\} $\pm$1 &  &" in text
    assert lines[-1] == r"\end{tabular}"


def test_scores_of_folds():
    cells = plan([TREE, PRIOR], n_splits=2, n_repeats=1)
    stored = Results(scored(cells[0], 0.5), failed(cells[1]), scored(cells[3], 0.25))
    found = fold_scores([TREE, PRIOR], cells, stored)
    assert found.index.tolist() == [(0, 0), (0, 1)]
    assert list(found.columns) == ["tree", "prior"]
    np.testing.assert_equal(found.to_numpy(), [[50.0, np.nan], [np.nan, 25.0]])
