import numpy as np
import pytest

from sklearn_mer.augmentation import BandStop

from .sounds import level, noise, sine

RATE = 16000


def response(sampler, frequency):
    """Gain of a sampler's first copy at a frequency, in dB; draws must not depend on it."""
    return level(sampler.copies(sine(frequency))[0]) - level(sine(frequency))


@pytest.mark.parametrize("slope", [12, 18, 24, 48])
def test_band_stop_takes_its_band_and_leaves_the_rest(slope):
    stop = BandStop(center=(1000, 1000), bandwidth=(1, 1), slope=(slope, slope), random_state=0)
    assert response(stop, 500) == pytest.approx(-3.01, abs=0.1)
    assert response(stop, 1500) == pytest.approx(-3.01, abs=0.1)
    assert response(stop, 870) < max(-2.5 * slope, -60)  # near the geometric centre
    assert response(stop, 100) == pytest.approx(0, abs=0.1)
    assert response(stop, 6000) == pytest.approx(0, abs=0.1)
    assert response(stop, 700) < -slope / 3


def test_steeper_stops_take_more():
    levels = [
        response(BandStop(center=(1e3, 1e3), bandwidth=(1, 1), slope=(s, s), random_state=0), 600)
        for s in (6, 12, 24, 48)
    ]
    assert (np.diff(levels) < -1).all()


def stopped_bands(stop, n_copies=300):
    """Lower and upper edge (-3 dB) of what is missing in each copy of an impulse, in Hz."""
    impulse = np.zeros(2 * RATE, dtype=np.float32)
    impulse[1] = 1  # the first sample is taken to have lasted for ever
    for copy in stop.set_params(n_copies=n_copies).copies(impulse):
        (missing,) = np.nonzero(np.abs(np.fft.rfft(copy)) < np.sqrt(0.5))
        yield missing[0] / 2, missing[-1] / 2


def test_band_stops_are_where_they_may_be():
    edges = np.array(list(stopped_bands(BandStop(random_state=0))))
    below = edges[:, 1] < 7990  # others reach half the sample rate
    centers, widths = edges.mean(axis=1)[below], np.diff(edges, axis=1)[below, 0]
    assert below.sum() > 200
    assert 195 < centers.min() < 300
    assert 3500 < centers.max() < 4005
    assert 0.48 < (widths / centers).min() < 0.55
    assert 1.9 < (widths / centers).max() < 2
    fixed = np.array(list(stopped_bands(BandStop(center=(500, 500), random_state=0))))
    np.testing.assert_allclose(fixed.mean(axis=1), 500, atol=1)


def test_centers_are_uniform_in_mel():
    stop = BandStop(bandwidth=(0.5, 0.5), random_state=0)
    centers = np.array([sum(edges) / 2 for edges in stopped_bands(stop)])
    mels = 2595 * np.log10(1 + centers / 700)
    low, high = 2595 * np.log10(1 + np.array([200, 4000]) / 700)
    places = (mels - low) / (high - low)
    assert places.mean() == pytest.approx(0.5, abs=0.07)  # 4 standard errors
    assert places.std() == pytest.approx(1 / np.sqrt(12), abs=0.05)


def test_a_band_that_reaches_beyond_half_the_sample_rate():
    stop = BandStop(center=(2000, 2000), bandwidth=(0.5, 0.5), sample_rate=4000, random_state=0)
    (copy,) = stop.copies(noise(0.1))
    assert 0.1 < np.std(copy) / np.std(noise(0.1)) < 0.95


def impulse(seconds=1):
    wave = np.zeros(seconds * RATE, dtype=np.float32)
    wave[1] = 1
    return wave
