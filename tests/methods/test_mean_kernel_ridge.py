"""Kernel ridge regression on the mean of kernels."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.metrics.pairwise import rbf_kernel

from sklearn_mer.methods._mean_kernel_ridge import MeanKernelRidge

EXACT = {"alpha": 0.1, "clip": 3.0, "class_weight": None, "max_exact": 1000}
NYSTROEM = {**EXACT, "max_exact": 10}
FOURIER = {**NYSTROEM, "approximation": "fourier", "n_components": 2000}
PAIRS = (np.array([0, 1]), np.array([2, 3]))


def make(groups=PAIRS, weights=(1.0, 1.0), **params):
    how = {"weights": list(weights), "n_components": 60, "seed": 0, **params}
    return MeanKernelRidge(list(groups), **how)


@pytest.fixture(scope="module")
def iris():
    return load_iris(return_X_y=True)


def test_it_is_a_gaussian_process_on_each_class(iris):
    X, y = iris
    train, test = np.arange(150) % 2 == 0, np.arange(150) % 2 == 1
    scaled = ((X - X[train].mean(axis=0)) / X[train].std(axis=0)).clip(-3, 3)
    ours = make([np.arange(4)], [1.0], **EXACT).fit(X[train], y[train])
    process = GaussianProcessRegressor(RBF(np.sqrt(2)), alpha=0.1, optimizer=None)
    indicators = np.where(np.eye(3)[y[train]], 1, -1) + 1 / 3  # less their mean
    expected = process.fit(scaled[train], indicators).predict(scaled[test]) - 1 / 3
    np.testing.assert_allclose(ours.decision_function(X[test]), expected, atol=1e-9)
    np.testing.assert_array_equal(ours.predict(X[test]), expected.argmax(axis=1))


def test_the_kernel_is_the_weighted_mean_of_the_groups(iris):
    X, y = iris
    train, test = np.arange(150) % 2 == 0, np.arange(150) % 2 == 1
    scaled = ((X - X[train].mean(axis=0)) / X[train].std(axis=0)).clip(-3, 3)
    kernels = [rbf_kernel(scaled[:, p], scaled[train][:, p], gamma=0.5) for p in PAIRS]
    mean = 0.25 * kernels[0] + 0.75 * kernels[1]
    indicators = np.where(np.eye(3)[y[train]], 1, -1) + 1 / 3  # less their mean
    solved = np.linalg.solve(mean[train] + 0.1 * np.eye(train.sum()), indicators)
    ours = make(weights=[1.0, 3.0], **EXACT).fit(X[train], y[train])
    np.testing.assert_allclose(ours.decision_function(X[test]), mean[test] @ solved - 1 / 3)


@pytest.mark.parametrize("how", [EXACT, NYSTROEM, FOURIER])
def test_class_weights_are_weights_of_clips(iris, how):
    X, y = iris
    weighted = make(**{**how, "class_weight": {0: 1.0, 1: 2.0, 2: 1.0}}).fit(X, y)
    plain = make(**how).fit(X, y)
    assert (weighted.predict(X) == 1).sum() > (plain.predict(X) == 1).sum()
    if how is EXACT:
        twice = np.r_[np.arange(150), np.flatnonzero(y == 1)]
        # The scalers differ; without them, a weight of two is a clip that is there twice.
        again = make(**how).fit(X[twice], y[twice])
        again.scalers_ = weighted.scalers_
        again.maps_ = [again._new_map(0).fit(group) for group in again._scaled(X[twice])]
        targets = np.where(np.eye(3)[y[twice]], 1, -1) - again.means_
        again.coefficients_ = again._solve(again._parts(X[twice]), targets, np.ones(len(twice)))
        np.testing.assert_allclose(
            again.decision_function(X), weighted.decision_function(X), atol=1e-9
        )


@pytest.mark.parametrize("how", [NYSTROEM, FOURIER])
def test_the_approximation_is_near_the_kernel(iris, how):
    X, y = iris
    exact, near = (make(**how).fit(X, y) for how in (EXACT, how))
    kernel = np.sum(exact._parts(X), axis=0)
    components = np.hstack(near._parts(X))
    assert np.abs(components @ components.T - kernel).mean() < 0.01
    np.testing.assert_allclose(near.decision_function(X), exact.decision_function(X), atol=0.1)
    assert near.score(X, y) > 0.95


def test_random_directions_keep_no_rows(iris):
    X, y = iris
    ours = make(**FOURIER).fit(X, y)
    sizes = {key: np.size(value) for part in ours.maps_ for key, value in vars(part).items()}
    assert sizes == dict.fromkeys(sizes, 1)
    assert {part.dtype for part in [*ours._parts(X), *ours.coefficients_]} == {np.dtype("f4")}
    # Each group has its own directions, and the seed chooses them.
    same = make([PAIRS[0], PAIRS[0]], **FOURIER).fit(X, y)
    assert not np.array_equal(*same._parts(X))
    again, other = (make(**{**FOURIER, "seed": seed}).fit(X, y) for seed in (0, 1))
    np.testing.assert_array_equal(again.decision_function(X), ours.decision_function(X))
    assert not np.array_equal(other.decision_function(X), ours.decision_function(X))


def test_too_many_directions():
    wide = np.zeros((20, 10_000))
    how = {**FOURIER, "n_components": 5000}
    match = r"n_components=5000 is too many for a group of 10000 columns.* at most 838"
    with pytest.raises(ValueError, match=match):
        make([np.arange(10_000)], [1.0], **how).fit(wide, np.arange(20) % 2)


@pytest.mark.parametrize("how", [EXACT, NYSTROEM, FOURIER])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_contributions_add_up_to_the_scores(iris, how, n_classes):
    X, y = (values[iris[1] < n_classes] for values in iris)
    ours = make(**how).fit(X, y)
    parts = ours.contributions(X)
    assert parts.shape == (len(X), 2, n_classes)
    scores = parts.sum(axis=1) + 2 / n_classes - 1
    expected = scores[:, 1] if n_classes == 2 else scores
    np.testing.assert_allclose(ours.decision_function(X), expected, atol=1e-6)
    np.testing.assert_array_equal(ours.predict(X), scores.argmax(axis=1))


def test_a_group_that_knows_nothing_contributes_little(iris):
    X, y = iris
    noise = np.random.default_rng(0).normal(size=(150, 2))
    parts = (
        make([np.arange(4), np.arange(4, 6)], **EXACT)
        .fit(np.hstack([X, noise]), y)
        .contributions(np.hstack([X, noise]))
    )
    of_own_class = parts[np.arange(150), :, y].mean(axis=0)
    assert of_own_class[0] > 3 * abs(of_own_class[1])


def test_columns_that_hardly_vary_count_for_nothing(iris):
    X, y = iris
    more = np.insert(X, [2, 4], 7.0, axis=1)
    halves = np.split(np.arange(6), 2)
    ours, expected = make(halves, **EXACT).fit(more, y), make(**EXACT).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(more), expected.decision_function(X))
    nothing = make([np.arange(2), np.array([2])], **EXACT).fit(
        np.insert(X[:, :2], 2, 7.0, axis=1), y
    )
    assert nothing.score(np.insert(X[:, :2], 2, 8.0, axis=1), y) > 0.7
