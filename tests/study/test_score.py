import json
import pickle
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_estimators import Failing, Network
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.svm import SVC

from sklearn_mer._text import portable_traceback
from sklearn_mer.audio import AudioError
from sklearn_mer.methods import Method
from sklearn_mer.study import StudyData, plan_cells
from sklearn_mer.study._score import (
    CellResult,
    peak_memory_mb,
    reset_peak_memory,
    score_cell,
)

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def scored(estimator, data, protocol):
    cells = plan_cells([Method("m", estimator)], data, protocol)
    return cells, [score_cell(cell.task, data.X, data.y) for cell in cells]


def test_scores_are_those_of_cross_validate(data, protocol):
    cells, found = scored(SVC(), data, protocol)
    splits = [(cell.train, cell.test) for cell in cells]
    expected = cross_validate(
        SVC(), data.X, data.y, cv=splits, scoring=["f1_macro", "accuracy"], error_score="raise"
    )
    np.testing.assert_allclose([r.f1_macro for r in found], expected["test_f1_macro"])
    np.testing.assert_allclose([r.accuracy for r in found], expected["test_accuracy"])


def test_per_class_scores_and_confusion_agree_with_the_macro_score(data, protocol):
    _, found = scored(SVC(), data, protocol)
    for result in found:
        confusion = np.array(result.confusion)
        assert result.labels == ["Q1", "Q2", "Q3", "Q4"]
        assert confusion.sum() == 20
        f1 = 2 * np.diag(confusion) / (confusion.sum(axis=0) + confusion.sum(axis=1))
        np.testing.assert_allclose(result.f1_per_class, f1)
        assert result.f1_macro == pytest.approx(f1.mean())
        assert result.fit_seconds > 0
        assert result.score_seconds > 0
        assert result.peak_memory_mb > 10


def test_a_class_missing_from_a_fold_is_left_out_as_scikit_learn_does(protocol):
    y = np.array(["a"] * 6 + ["b"] * 6 + ["c"] * 6)
    data = StudyData("gap", np.arange(18.0)[:, None], y)
    cell = plan_cells([Method("m", SVC())], data, protocol)[0]
    object.__setattr__(cell, "train", np.arange(12))
    object.__setattr__(cell, "test", np.arange(12))
    result = score_cell(cell.task, data.X, data.y)
    assert result.f1_per_class[2] is None
    assert result.f1_macro == pytest.approx(np.mean(result.f1_per_class[:2]))
    assert np.array(result.confusion).shape == (3, 3)


@pytest.mark.parametrize("labels", [[0, 1, 2, 3], [False, True], ["Q1", "Q2"]])
def test_labels_of_any_type(labels, protocol, results):
    y = np.repeat(labels, 9)
    data = StudyData("typed", np.random.RandomState(0).normal(size=(len(y), 2)), y)
    cells, (result, *_) = scored(SVC(), data, protocol)
    results.record(cells[0], result)
    assert results.rows()[0]["labels"] == labels


def test_tables_and_paths_reach_the_method_in_their_own_form(data, protocol):
    table = StudyData("table", pd.DataFrame(data.X, columns=list("abcde")), data.y)
    _, (result, *_) = scored(SVC(), table, protocol)
    assert result.f1_macro == scored(SVC(), data, protocol)[1][0].f1_macro


def test_epochs_and_device_of_a_network(data, protocol):
    _, (result, *_) = scored(Network(max_epochs=5), data, protocol)
    assert result.epochs == {"pretrain": 5, "head": 1}
    assert result.device in {"cpu", "cuda"}
    _, (result, *_) = scored(Network(device="cuda"), data, protocol)
    assert result.device == "cuda"
    _, (result, *_) = scored(SVC(), data, protocol)
    assert (result.epochs, result.device) == (None, "")


def test_the_seed_makes_random_methods_repeatable(data, protocol):
    random = DummyClassifier(strategy="uniform")
    _, one = scored(random, data, protocol)
    _, two = scored(random, data, protocol)
    assert [r.f1_macro for r in one] == [r.f1_macro for r in two]
    assert len({r.f1_macro for r in one}) > 1


def test_a_failing_method_is_a_result_with_a_traceback(data, protocol):
    _, (result, *_) = scored(Failing(), data, protocol)
    assert result.status == "failed"
    assert result.error == "ZeroDivisionError: failed on purpose"
    assert 'tests/study/fake_estimators.py", line' in result.traceback
    assert str(Path(__file__).parent) not in result.traceback


def test_a_cell_and_its_task_can_be_pickled(data, protocol):
    (cell, *_) = plan_cells([Method("m", SVC())], data, protocol)
    assert pickle.loads(pickle.dumps(cell)).key == cell.key
    assert b"sklearn_mer.methods" not in pickle.dumps(cell.task)  # which loads torch


@on_linux
def test_peak_memory_is_that_of_the_cell():
    block = np.ones(30_000_000)  # 229 MiB
    high = peak_memory_mb()
    del block
    reset_peak_memory()
    assert peak_memory_mb() < high - 200


def test_what_a_search_inside_the_cell_chose_is_kept(data, protocol):
    grid = {"C": np.array([0.01, 1.0]), "kernel": ["rbf"], "class_weight": [None, {"Q1": 2}]}
    search = GridSearchCV(SVC(), grid, scoring="f1_macro", cv=3)
    cells, found = scored(search, data, protocol)
    for cell, result in zip(cells, found, strict=True):
        known = clone(search).fit(data.X[cell.train], data.y[cell.train]).best_params_
        assert result.best_params["C"] == known["C"]
        assert result.best_params["kernel"] == "rbf"
        json.dumps(result.best_params)  # numbers of numpy would not go into a store
    _, (plain, *_) = scored(SVC(), data, protocol)
    assert plain.best_params is None


def test_an_error_of_several_lines_is_told_in_one():
    try:
        try:
            raise KeyError("a")
        except KeyError as error:
            raise AudioError([("a.mp3", "the file is empty"), ("b.mp3", "no such file")]) from error
    except AudioError as error:
        result = CellResult("failed", traceback=portable_traceback(error))
    assert result.error.startswith("sklearn_mer.audio._errors.AudioError: 2 audio files cannot")
    assert "a.mp3: the file is empty b.mp3: no such file Replace, remove or skip" in result.error
    assert CellResult("failed", traceback="Workers died.").error == "Workers died."
