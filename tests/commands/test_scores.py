"""Scores of predictions."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from sklearn_mer.commands._scores import calibration_error, class_f1, confusion, macro_f1_interval


def test_calibration_error():
    proba = np.array([[0.75, 0.25]] * 4 + [[0.0, 1.0]] * 4)
    true = np.array([0, 0, 0, 1, 1, 1, 1, 1])  # as sure as it is right
    assert calibration_error(true, proba) == 0
    assert calibration_error(1 - true, proba) == pytest.approx(0.75)


def test_they_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(4, size=(2, 50))
    matrix = confusion(true, predicted, 4)
    np.testing.assert_array_equal(matrix, confusion_matrix(true, predicted))
    np.testing.assert_allclose(class_f1(matrix), f1_score(true, predicted, average=None))
    # A class without songs has no F1, whatever is taken for it.
    assert (
        np.isnan(class_f1(confusion(true % 3, predicted, 5))).tolist() == [False] * 3 + [True] * 2
    )


def test_the_interval_is_wider_for_few_and_for_groups():
    rng = np.random.default_rng(0)
    true = rng.integers(4, size=400)
    predicted = np.where(rng.random(400) < 0.7, true, (true + 1) % 4)
    low, high = macro_f1_interval(true, predicted, 4)
    assert low < np.mean(class_f1(confusion(true, predicted, 4))) < high
    assert 0.07 < high - low < 0.12  # 4 times the deviation of a mean of 400
    few = np.diff(macro_f1_interval(true[:40], predicted[:40], 4))
    assert few > 2 * (high - low)
    groups = np.repeat([f"artist {i}" for i in range(100)], 4)
    alike = np.repeat(predicted[::4] == true[::4], 4)
    grouped = np.where(alike, true, (true + 1) % 4)
    assert np.diff(macro_f1_interval(true, grouped, 4, groups)) > 1.5 * (high - low)
