"""The transform of sixteen frames at once, against numpy's."""

import numpy as np
import pytest
from scipy.signal import get_window

from sklearn_mer.spectrogram._kernel import _buffers, _for_reading
from sklearn_mer.spectrogram._lanes import LANES, can_transform, make_tables, power_spectra


def spectra_of(waveform, begins, window):
    pairs, other, power = _buffers(len(window))
    power_spectra(_for_reading(waveform), begins, make_tables(window), pairs, other, power)
    return power[: len(window) // 2 + 1]


def reference(waveform, begins, window):
    n_fft, far = len(window), 10_000
    padded = np.pad(waveform.astype(np.float64), far)
    frames = np.stack([padded[begin + far : begin + far + n_fft] for begin in begins])
    return np.abs(np.fft.rfft(frames * window)).T ** 2


@pytest.mark.parametrize("n_fft", [64, 128, 256, 512, 1024, 2048, 4096, 8192])
def test_equal_to_numpy(n_fft):
    waveform = np.random.default_rng(0).normal(size=9000).astype(np.float32)
    window = get_window("hann", n_fft)
    # Frames before, across and beyond both ends, at odd and even samples.
    begins = np.arange(LANES) * 617 - n_fft // 2
    begins[-2:] = -9000, 9000
    ours = spectra_of(waveform, begins, window)
    theirs = reference(waveform, begins, window)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6 * theirs.max())
    assert (ours[:, -2:] == 0).all()


@pytest.mark.parametrize("n_fft", [64, 128])
def test_a_cosine_lies_in_its_bin(n_fft):
    # Under a window of ones, a cosine of amplitude 1 has the power (n_fft / 2) ** 2.
    bins = np.arange(1, LANES)
    times = np.arange(n_fft)
    waveform = np.cos(2 * np.pi * np.outer(bins, times) / n_fft).astype(np.float32).ravel()
    begins = np.append(np.arange(len(bins)) * n_fft, len(waveform))
    ours = spectra_of(waveform, begins, np.ones(n_fft))
    expected = np.zeros((n_fft // 2 + 1, LANES))
    expected[bins, bins - 1] = (n_fft / 2) ** 2
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-3)
    if n_fft == 64:
        np.testing.assert_allclose(ours[3], [0, 0, 1024] + [0] * 13, rtol=0, atol=1e-3)


def test_lanes_do_not_hear_each_other():
    rng = np.random.default_rng(1)
    waveform = rng.normal(size=LANES * 256).astype(np.float32)
    begins, window = np.arange(LANES) * 256, get_window("hann", 256)
    together = spectra_of(waveform, begins, window)
    waveform[:-256] *= 1e6
    louder = spectra_of(waveform, begins, window)
    np.testing.assert_array_equal(louder[:, -1], together[:, -1])
    back = spectra_of(waveform, begins[::-1].copy(), window)
    np.testing.assert_array_equal(back[:, ::-1], louder)


def test_lengths():
    assert [n for n in range(1, 300) if can_transform(n)] == [64, 128, 256]
