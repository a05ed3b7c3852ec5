"""``table1.py search``, on numbers that a support vector machine learns from."""

import csv
import json
import tomllib
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import (
    GridSearchCV,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.svm import SVC
from study_runs import Lacking

from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, StudyData, _study, table1
from sklearn_mer.study._search import optimism_note

GRID = "C = [0.01, 1.0]\ngamma = [0.01, 0.1, 10.0]\n"


class Fragile(SVC):
    """Cannot be fitted with some degrees."""

    def fit(self, X, y):
        if self.degree > 2:
            raise ArithmeticError("too steep")
        return super().fit(X, y)


def available(recipe):
    rows = [
        Method("svm", SVC(random_state=0), "SVM", recipe),
        Method("chance", DummyClassifier(), "Chance", recipe),
        Method("poly", Fragile(C=0.1), "Poly", recipe),
    ]
    return {row.key: row for row in rows}


@pytest.fixture
def search(tmp_path, capsys, data, monkeypatch):
    """Run a command on the sixty clips, by default a search of 1 x 3 folds."""
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: data)
    (tmp_path / "grids").mkdir()
    (tmp_path / "grids" / "svm.toml").write_text(GRID)

    def run(*arguments, methods=("svm",), command=("search",), grid="grids", available=available):
        given = ["--grid", str(tmp_path / grid)] if command else []
        given += ["--methods", *methods] if methods else []
        argv = [*command, *given, "--jobs", "1", "--repeats", "1"]
        argv += ["--folds", "3", "--results", str(tmp_path / "results")]
        argv += ["--report", str(tmp_path / "report"), *map(str, arguments)]
        code = table1(argv, available=available)
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return run


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def scores(estimator, data):
    """Return the macro F1 of each fold of the protocol, in percent."""
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=1, random_state=1)
    return 100 * cross_val_score(estimator, data.X, data.y, cv=folds, scoring="f1_macro")


def test_the_best_candidate_is_kept_and_a_run_can_use_it(search, tmp_path, data):
    first = search()
    assert first.code == 0, first.err
    assert "18 cells planned, 0 done" in first.out
    assert "svm 6 candidates" in first.out
    found = read(tmp_path / "report" / "search.csv")
    assert [row["rank"] for row in found] == sorted(row["rank"] for row in found)
    assert len(found) == 6
    means = []
    for line in found:
        expected = scores(SVC(**json.loads(line["params"])), data)
        means.append(expected.mean())
        assert float(line["f1_macro_mean"]) == pytest.approx(expected.mean(), abs=0.006)
        assert float(line["f1_macro_std"]) == pytest.approx(expected.std(ddof=1), abs=0.006)
        assert (line["n_folds"], line["n_failed"]) == ("3", "0")
    assert means[0] == max(means) > 50 > min(means)
    settings = tomllib.loads((tmp_path / "report" / "settings" / "svm.toml").read_text())
    assert settings["params"] == json.loads(found[0]["params"])
    assert settings["chosen"]["f1_macro"] == pytest.approx(means[0], abs=0.006)
    assert settings["chosen"]["n_candidates"] == 6
    # The search's cells are ordinary ones: nothing is computed again.
    again = search()
    assert "18 cells planned, 18 done" in again.out
    used = search("--settings", tmp_path / "report" / "settings", command=())
    assert "3 cells planned, 3 done" in used.out
    assert "svm: with settings chosen on tiny, the best of 6 there" in used.out
    (line,) = read(tmp_path / "report" / "table1.csv")
    assert float(line["f1_macro_mean"]) == pytest.approx(means[0], abs=0.006)


def test_a_search_that_was_stopped_goes_on_and_keeps_nothing_before_its_end(search, tmp_path):
    first = search("--max-cells", "4")
    assert "svm: no settings are written: 6 of 6 candidates are not finished." in first.out
    assert not (tmp_path / "report" / "settings").exists()
    second = search()
    assert "18 cells planned, 4 done" in second.out
    assert (tmp_path / "report" / "settings" / "svm.toml").exists()


def test_candidates_that_fail_are_told_and_not_chosen(search, tmp_path):
    grid = tmp_path / "grids" / "poly.toml"
    grid.write_text("degree = [1, 2, 3]\n")
    result = search(methods=("poly",))
    assert result.code == 1
    assert "ArithmeticError: too steep" in result.out
    assert "0/3 (3 failed)" in result.out
    found = read(tmp_path / "report" / "search.csv")
    assert [row["rank"] for row in found][2] == ""
    written = tomllib.loads((tmp_path / "report" / "settings" / "poly.toml").read_text())
    assert written["params"] == json.loads(found[0]["params"])
    grid.write_text("degree = [3, 4]\n")
    assert (
        "no settings are written: a fold of every candidate failed" in search(methods=("poly",)).out
    )


def test_the_nested_search_says_how_optimistic_the_best_is(search, tmp_path, data):
    result = search("--nested", "--inner-folds", "4")
    assert result.code == 0, result.err
    assert "Nested:    3 cells more, each a search by 4 folds" in result.out
    plain = [
        scores(SVC(**json.loads(line["params"])), data)
        for line in read(tmp_path / "report" / "search.csv")
    ]
    best = max(plain, key=np.mean)
    inner = StratifiedKFold(4, shuffle=True, random_state=0)
    grid = {"C": [0.01, 1.0], "gamma": [0.01, 0.1, 10.0]}
    nested = scores(GridSearchCV(SVC(), grid, scoring="f1_macro", cv=inner), data)
    off = best - nested
    assert (
        f"svm: best mean {best.mean():.2f} ± {best.std(ddof=1):.2f}, nested mean "
        f"{nested.mean():.2f} ± {nested.std(ddof=1):.2f}, optimism {off.mean():+.2f} ± "
        f"{off.std(ddof=1):.2f}, over 3/3 folds."  # too few for an interval
    ) in result.out
    assert "over 3/3 folds." in (tmp_path / "report" / "search.md").read_text()
    assert len(CellResults(tmp_path / "results").rows()) == 18 + 3
    again = search("--nested", "--inner-folds", "4", "--max-cells", "1")
    assert "over 3/3 folds." in again.out
    # Other inner folds are other cells; one of them is too few to compare.
    other = search("--nested", "--inner-folds", "3", "--max-cells", "1")
    assert "the nested search has 1 finished folds, too few" in other.out


def test_what_was_chosen_inside_each_training_fold_is_kept_and_counted(search, tmp_path, data):
    # Close to each other, so that the folds do not agree.
    (tmp_path / "grids" / "svm.toml").write_text("C = [0.6, 1.0, 2.0, 4.0]\ngamma = [0.1]\n")
    result = search("--nested", "--inner-folds", "4")
    inner = StratifiedKFold(4, shuffle=True, random_state=0)
    grid = {"C": [0.6, 1.0, 2.0, 4.0], "gamma": [0.1]}
    searches = GridSearchCV(SVC(), grid, scoring="f1_macro", cv=inner)
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=1, random_state=1)
    known = [
        clone(searches).fit(data.X[train], data.y[train]).best_params_
        for train, _ in folds.split(data.X, data.y)
    ]
    lines = read(tmp_path / "report" / "nested.csv")
    assert [json.loads(line["params"]) for line in lines] == known
    expected = scores(searches, data)
    assert [float(line["f1_macro"]) for line in lines] == pytest.approx(expected, abs=0.006)
    assert [(line["method"], line["fold"]) for line in lines] == [("svm", str(i)) for i in range(3)]
    counts = Counter(params["C"] for params in known)
    assert len(counts) > 1  # there is something to count
    assert f"Chosen inside the training folds: {len(counts)} of 4 candidates." in result.out
    for C, n in counts.items():
        assert f"| {C} | 0.1   |   {n}/3 |" in result.out
    assert "| Folds |" in (tmp_path / "report" / "search.md").read_text().split("Chosen inside")[1]
    # It is in the results, and goes out with its cells.
    file = tmp_path / "cells.csv"
    assert table1(["export", str(file), "--results", str(tmp_path / "results")]) == 0
    chosen = [json.loads(line["best_params"]) for line in read(file) if line["best_params"]]
    assert Counter(map(str, chosen)) == Counter(map(str, known))
    assert len(read(file)) == 12 + 3


def test_without_a_finished_nested_fold_nothing_is_said_of_choices(search, tmp_path):
    result = search("--nested", "--max-cells", "18")
    assert "the nested search has 0 finished folds" in result.out
    assert "Chosen inside" not in result.out
    assert read(tmp_path / "report" / "nested.csv") == []


def test_several_rows_each_have_their_grid(search, tmp_path):
    (tmp_path / "grids" / "chance.toml").write_text('strategy = ["prior", "uniform"]\n')
    result = search(methods=("svm", "chance"))
    assert "Search:    svm 6 candidates, chance 2 candidates" in result.out
    assert "Methods:   svm, chance" in result.out
    found = read(tmp_path / "report" / "search.csv")
    assert [line["method"] for line in found] == ["svm"] * 6 + ["chance"] * 2
    written = {path.name for path in (tmp_path / "report" / "settings").iterdir()}
    assert written == {"svm.toml", "chance.toml"}


@pytest.mark.parametrize(
    ("arguments", "methods", "message"),
    [
        ((), ("chance",), "There is no grid"),
        (("--grid", "nowhere"), ("svm",), "There is no grid nowhere/svm.toml"),
        (("--groups", "none", "artist"), ("svm",), "A search takes one kind of folds"),
        (("--nested", "--groups", "artist"), ("svm",), "data set 'tiny' has none. Leave out"),
        (("--nested", "--inner-folds", "11"), ("svm",), "--inner-folds must be from 2 to 10"),
        (("--nested", "--inner-folds", "1"), ("svm",), "--inner-folds must be from 2 to 10"),
    ],
)
def test_what_cannot_be_searched(search, tmp_path, arguments, methods, message):
    result = search(*arguments, methods=methods)
    assert result.code == 2
    assert message in result.err
    assert result.out == ""


def test_a_bad_grid_is_told_before_anything_runs(search, tmp_path):
    (tmp_path / "grids" / "svm.toml").write_text("strength = [1]\n")
    result = search()
    assert result.code == 2
    assert "svm.toml: 'strength' is no parameter of SVC. Allowed are C, " in result.err
    assert not (tmp_path / "report").exists()


def test_a_row_whose_weights_are_not_here_is_left_out(search, tmp_path):
    absent = Lacking("poly", SVC(), "Absent")
    rows = {"chance": available("paper")["chance"], "poly": absent}
    (tmp_path / "grids" / "chance.toml").write_text('strategy = ["prior"]\n')
    result = search(methods=None, available=lambda recipe: rows)
    assert "Search:    chance 1 candidates" in result.out
    assert "Left out:  poly: No file x." in result.out
    assert [line["method"] for line in read(tmp_path / "report" / "search.csv")] == ["chance"]


def test_one_file_is_the_grid_of_one_method(search, tmp_path):
    assert search(grid="grids/svm.toml").code == 0
    refused = search(grid="grids/svm.toml", methods=("svm", "chance"))
    assert "is one file, which is for one method" in refused.err


def test_artists_stay_together_in_a_plain_search(search, tmp_path):
    assert search("--groups", "artist").code == 0
    settings = tomllib.loads((tmp_path / "report" / "settings" / "svm.toml").read_text())
    assert settings["chosen"]["groups"] == "artist"
    assert {row["groups"] for row in CellResults(tmp_path / "results").rows()} == {"artist"}


def test_the_name_of_a_folder_is_no_formula(search, data, monkeypatch, tmp_path):
    odd = StudyData("=1+1|\x07", data.X, data.y)
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: odd)
    assert search("--max-cells", "1").code == 0
    found = read(tmp_path / "report" / "search.csv")
    assert {line["dataset"] for line in found} == {"'=1+1|\ufffd"}


def test_optimism_has_an_interval_from_five_folds_on():
    fold = SimpleNamespace(method=SimpleNamespace(key="svm"), train=range(4), test=range(1))
    best = pd.Series([70.0, 74.0, 78.0, 72.0, 76.0])
    inside = pd.Series([66.0, 69.0, 76.0, 67.0, 72.0])
    nested = SimpleNamespace(cells=5 * [fold])
    # 1.5 is the variance of the differences, 2.776 is t for four degrees of freedom.
    half = 2.776 * (1.5 * (1 / 5 + 1 / 4)) ** 0.5
    note = optimism_note("svm", best, inside, nested)
    assert f"+4.00 ± 1.22 (95 % interval {4 - half:+.2f} to {4 + half:+.2f}), over 5/5" in note
    assert " to " not in optimism_note("svm", best[:4], inside[:4], nested)
    apart = optimism_note("svm", pd.Series([0.0, 100] * 3), pd.Series([100.0, 0] * 3), nested)
    assert "(95 % interval -100.00 to +100.00)" in apart
