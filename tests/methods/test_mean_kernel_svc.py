"""The support vector machine on the mean of kernels."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from sklearn_mer.methods._mean_kernel_svc import MeanKernelSVC

EXACT = {"C": 3.0, "clip": 3.0, "class_weight": None, "max_exact": 1000}
NYSTROEM = {**EXACT, "max_exact": 10}


def make(widths=(2, 2), n_components=60, **params):
    return MeanKernelSVC(list(widths), n_components=n_components, seed=0, **params)


@pytest.fixture(scope="module")
def iris():
    return load_iris(return_X_y=True)


def test_it_is_an_svc_on_the_mean_of_the_kernels(iris):
    X, y = iris
    train, test = np.arange(150) % 2 == 0, np.arange(150) % 2 == 1
    scaled = ((X - X[train].mean(axis=0)) / X[train].std(axis=0)).clip(-3, 3)
    kernels = [rbf_kernel(scaled[:, p], scaled[train][:, p], gamma=0.5) for p in ([0, 1], [2, 3])]
    mean = np.mean(kernels, axis=0)
    svc = SVC(C=3.0, kernel="precomputed").fit(mean[train], y[train])
    ours = make(**EXACT).fit(X[train], y[train])
    np.testing.assert_array_equal(ours.predict(X[test]), svc.predict(mean[test]))
    np.testing.assert_allclose(
        ours.decision_function(X[test]), svc.decision_function(mean[test]), atol=1e-3
    )


def test_the_approximation_is_near_the_kernel(iris):
    X, y = iris
    exact, near = (make(**how).fit(X, y) for how in (EXACT, NYSTROEM))
    kernel = exact._joined(X)
    components = near._joined(X)
    assert np.abs(components @ components.T - kernel).mean() < 0.01
    assert near.score(X, y) > 0.95


@pytest.mark.parametrize("how", [EXACT, NYSTROEM])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_contributions_add_up_to_the_margins(iris, how, n_classes):
    X, y = (values[iris[1] < n_classes] for values in iris)
    ours = make(**how).fit(X, y)
    parts = ours.contributions(X)
    assert parts.shape == (len(X), 2, n_classes)
    pairs = ours.svc_.set_params(decision_function_shape="ovo").decision_function(ours._joined(X))
    if n_classes == 2:
        expected = np.stack([-pairs, pairs], axis=1)
    else:
        first, second, third = pairs.T  # classes 0 and 1, 0 and 2, 1 and 2
        expected = np.stack([first + second, third - first, -second - third], axis=1)
    constant = expected - parts.sum(axis=1)
    np.testing.assert_allclose(constant, np.tile(constant[0], (len(X), 1)), atol=1e-9)


def test_a_group_that_knows_nothing_contributes_little(iris):
    X, y = iris
    noise = np.random.default_rng(0).normal(size=(150, 2))
    parts = make((4, 2), **EXACT).fit(np.hstack([X, noise]), y).contributions(np.hstack([X, noise]))
    of_own_class = parts[np.arange(150), :, y].mean(axis=0)
    assert of_own_class[0] > 3 * abs(of_own_class[1])


def test_columns_that_hardly_vary_count_for_nothing(iris):
    X, y = iris
    more = np.insert(X, [2, 4], 7.0, axis=1)
    ours, expected = make((3, 3), **EXACT).fit(more, y), make((2, 2), **EXACT).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(more), expected.decision_function(X))
    nothing = make((2, 1), **EXACT).fit(np.insert(X[:, :2], 2, 7.0, axis=1), y)
    assert nothing.score(np.insert(X[:, :2], 2, 8.0, axis=1), y) > 0.7
