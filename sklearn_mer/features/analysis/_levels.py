"""Levels with the K-weighting of ITU-R BS.1770, and their slopes."""

import numpy as np
from scipy.signal import sosfilt

from ._spectral import HOP

MOMENTARY = 0.4  # seconds
SHORT_TERM = 3.0
#: Level of silence in dB.
FLOOR = -100.0
# Frames that are this much below the loudest, in dB, are pauses.
_PAUSE = 60.0


def k_weighted(waveform, sample_rate):
    """Return the waveform filtered by the two filters of ITU-R BS.1770-4, float64."""
    return sosfilt(np.stack([_shelf(sample_rate), _high_pass(sample_rate)]), waveform)


def mean_squares(waveform, sample_rate, seconds):
    """Return the mean square around each frame (n_frames,), over windows of `seconds`.

    Windows are shorter at the ends, without padding.
    """
    sums = np.cumsum(np.pad(waveform**2, (1, 0)))
    half = round(seconds * sample_rate / 2)
    centres = np.arange(1 + len(waveform) // HOP) * HOP
    starts = np.clip(centres - half, 0, len(waveform) - 1)
    ends = np.clip(centres + half, starts + 1, len(waveform))
    return (sums[ends] - sums[starts]) / (ends - starts)


def loudness_levels(mean_square):
    """Return levels in LUFS, at least `FLOOR`."""
    return np.maximum(-0.691 + 10 * np.log10(mean_square), FLOOR)


def integrated(mean_square):
    """Return the integrated level in LUFS, with the relative gate of 10 LU.

    There is no absolute gate at -70 LUFS, so that a gain changes all levels equally.
    """
    sounding = mean_square[mean_square > 0.1 * mean_square.mean()]
    return loudness_levels(sounding.mean()) if len(sounding) else FLOOR


def loudness_range(mean_square):
    """Return the range of EBU Tech 3342 in LU: from the 10th to the 95th percentile."""
    sounding = mean_square[mean_square > 0.01 * mean_square.mean()]
    if not len(sounding):
        return np.nan
    low, high = np.percentile(10 * np.log10(sounding), (10, 95))
    return high - low


def without_pauses(levels):
    """Return the levels, with NaN for silence and levels 60 dB below the highest."""
    return np.where((levels > levels.max() - _PAUSE) & (levels > FLOOR), levels, np.nan)


def slopes(levels, frame_rate, seconds):
    """Return the slope in dB/s (n_frames,) of a regression line in windows of `seconds`.

    NaN if the window contains a pause or the clip is shorter than the window.
    """
    n_window = max(3, round(seconds * frame_rate) | 1)
    if len(levels) < n_window:
        return np.full(len(levels), np.nan)
    times = (np.arange(n_window) - n_window // 2) / frame_rate
    inner = np.correlate(levels, times / (times @ times), mode="valid")
    return np.pad(inner, n_window // 2, constant_values=np.nan)


def trend(levels, frame_rate):
    """Return the slope in dB/s of a regression line through all levels."""
    defined = np.flatnonzero(np.isfinite(levels))
    if len(defined) < 2:
        return np.nan
    times = defined / frame_rate
    centred = times - times.mean()
    return centred @ levels[defined] / (centred @ centred)


def _shelf(sample_rate):
    gain, middle, quality = 3.999843853973347, 1681.974450955533, 0.7071752369554196
    k = np.tan(np.pi * _below_nyquist(middle, sample_rate) / sample_rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / quality + k * k
    b = (high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k)
    return np.array([*b, a0, 2 * (k * k - 1), 1 - k / quality + k * k]) / a0


def _high_pass(sample_rate):
    middle, quality = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * middle / sample_rate)
    a0 = 1 + k / quality + k * k
    a = (1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0)
    return np.array([1.0, -2.0, 1.0, *a])


def _below_nyquist(hertz, sample_rate):
    return min(hertz, 0.45 * sample_rate)
