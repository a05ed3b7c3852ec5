"""Statistics of series, compared with scipy and with loops."""

import numpy as np
import pytest
from scipy import stats

from sklearn_mer.features._statistics import MOMENTS, STATISTICS, summarize_series

RATE = 20.0
SERIES = np.random.default_rng(0).gamma(2.0, size=(3, 200))


def named(series, names=STATISTICS):
    return dict(zip(names, summarize_series(series, names, RATE).T, strict=True))


def test_moments():
    values = named(SERIES)
    np.testing.assert_allclose(values["mean"], SERIES.mean(axis=1))
    np.testing.assert_allclose(values["std"], SERIES.std(axis=1))
    np.testing.assert_allclose(values["skewness"], stats.skew(SERIES, axis=1))
    np.testing.assert_allclose(values["kurtosis"], stats.kurtosis(SERIES, axis=1))
    np.testing.assert_allclose(values["min"], SERIES.min(axis=1))
    np.testing.assert_allclose(values["max"], SERIES.max(axis=1))
    np.testing.assert_allclose(values["median"], np.median(SERIES, axis=1))


def test_textures():
    windows = [SERIES[:, i : i + 20] for i in range(200 - 20 + 1)]
    means = np.array([window.mean(axis=1) for window in windows])
    deviations = np.array([window.std(axis=1) for window in windows])
    values = named(SERIES)
    np.testing.assert_allclose(values["texture_mean_std"], means.std(axis=0))
    np.testing.assert_allclose(values["texture_std_mean"], deviations.mean(axis=0))
    np.testing.assert_allclose(values["texture_std_std"], deviations.std(axis=0))


def test_undefined_frames_are_left_out():
    holes = SERIES.copy()
    holes[0, ::3] = np.nan
    holes[1, :50] = np.inf
    values = summarize_series(holes, STATISTICS, RATE)
    kept = [SERIES[0, np.arange(200) % 3 > 0], SERIES[1, 50:], SERIES[2]]
    for row, series in zip(values, kept, strict=True):
        np.testing.assert_allclose(row, summarize_series(series, STATISTICS, RATE)[0])


@pytest.mark.parametrize("series", [np.full((2, 30), np.nan), np.empty((2, 0))])
def test_nothing_defined(series):
    values = summarize_series(series, STATISTICS, RATE)
    assert values.shape == (2, len(STATISTICS))
    assert np.isnan(values).all()


def test_one_frame_and_constants_have_no_shape():
    rounded = np.float32(0.1) + 1e-9 * np.random.default_rng(0).standard_normal(50)
    for series in ([3.0], rounded):
        values = named(series)
        assert values["skewness"] == values["kurtosis"] == 0
        assert values["texture_std_mean"] == pytest.approx(0, abs=1e-8)


def test_order_of_names():
    names = MOMENTS[::-1]
    np.testing.assert_array_equal(
        summarize_series(SERIES, names, RATE), summarize_series(SERIES, MOMENTS, RATE)[:, ::-1]
    )
