"""Standardised, clipped columns."""

import numpy as np
import pytest

from sklearn_mer.methods._scaler import ClippedScaler


@pytest.fixture
def X():
    return np.random.default_rng(0).normal(5, 2, size=(100, 3))


def test_columns_are_standardised(X):
    scaled = ClippedScaler(None).fit(X).transform(X)
    np.testing.assert_allclose(scaled, (X - X.mean(axis=0)) / X.std(axis=0))


def test_columns_that_do_not_vary_are_zero(X):
    X[:, 1] = 7.0
    X[:, 2] = 1e6 * (1 + 1e-12 * X[:, 2])
    scaler = ClippedScaler(3.0).fit(X)
    assert scaler.kept_.tolist() == [True, False, False]
    assert (scaler.transform(X + 1)[:, 1:] == 0).all()


@pytest.mark.parametrize(("n_others", "kept"), [(4, False), (5, True)])
def test_columns_that_hardly_vary_are_zero(n_others, kept):
    # Like the least loudness of clips, which is 0 unless a clip has no pause.
    X = 1e-9 * np.random.default_rng(0).random((100, 1))
    X[:n_others] = 0.01
    scaler = ClippedScaler(3.0).fit(X)
    assert scaler.kept_.tolist() == [kept]
    assert scaler.transform(np.array([[10.0]])).item() == (3.0 if kept else 0.0)


def test_a_clip_unlike_all_others_is_clipped(X):
    far = np.array([[1e30] * 3, [-1e30] * 3])
    scaled = ClippedScaler(3.0).fit(X).transform(far)
    np.testing.assert_array_equal(scaled, [[3.0] * 3, [-3.0] * 3])
    assert np.abs(ClippedScaler(None).fit(X).transform(far)).min() > 1e29


def test_an_adapted_scaler_has_the_statistics_of_the_collection(X):
    scaler = ClippedScaler(3.0).fit(X)
    collection = 100 + 7 * X[:20]
    expected = ClippedScaler(3.0).fit(collection).transform(collection)
    np.testing.assert_array_equal(scaler.adapt(collection).transform(collection), expected)


def test_an_adapted_scaler_leaves_out_what_varies_in_one_place_only(X):
    collection = X[:20].copy()
    collection[:, 0] = 3.0
    X[:, 1] = 0.0
    scaled = ClippedScaler(3.0).fit(X).adapt(collection).transform(collection)
    assert (scaled[:, :2] == 0).all()
    assert scaled[:, 2].std() == pytest.approx(1)
