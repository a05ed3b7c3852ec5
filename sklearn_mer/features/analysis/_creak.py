"""Creaky voice: low, irregular pulses of the glottis, each of which has died away before the next.

The three marks are those of Ishi et al. (2008): peaks of the power over a few milliseconds,
no period within a frame, and pulses that are alike. A regular buzz of such a low pitch has them
too; from 60 Hz on, pulses have to be briefer than a throat's to be told from beats.
"""

from typing import NamedTuple

import numba
import numpy as np
import scipy.signal

_BAND = (100.0, 1500.0)  # Hz: the first formants
_RATE = 4400.0  # Hz, that the band-limited waveform is thinned out to, about
_WINDOW, _HOP = 0.004, 0.002  # s, of the power
_AROUND = 0.010  # s before and after a pulse in which the power rises and falls
_RISE = 10 ** (7 / 10)
_SHORTEST, _LONGEST = 1 / 80, 1 / 20  # s from pulse to pulse
# The peak to the mean until the next pulse; two tones that beat have a factor of 2.
_CREST = 3.0
_PULSE = 0.005  # s before and after the peak that pulses are compared over
_ALIKE = 0.5
_FRAME = 0.032  # s, in which there is a period or not
_PERIODS = (0.002, 0.010)  # s: from 500 Hz to 100 Hz
_LAST = 0.015  # s: at multiples of the period up to here, the waveform is alike as well
_PERIODIC = 0.5


class Creak(NamedTuple):
    """How creaky each frame is."""

    #: (n_frames,): 0, or where pulses stand out, 12.5 to 50 ms apart and with no clear pitch above
    #: 100 Hz, how alike the two around the frame are, from 0.5 to 1.
    strength: np.ndarray
    #: (n_frames,): how clear a pitch above 100 Hz is; up to 1.
    periodicity: np.ndarray


def find_creak(waveform, sample_rate, n_frames, frame_rate):
    """Look for low pulses in the band of the first formants.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,)
    sample_rate : int
        In Hz.
    n_frames : int
    frame_rate : float

    Returns
    -------
    Creak
    """
    band, rate = _band_limited(waveform, sample_rate)
    centres = np.rint(np.arange(n_frames) * (rate / frame_rate)).astype(np.int64)
    periodicity = _periodicities(band, centres, rate)
    hop = max(1, round(_HOP * rate))
    power = _powers(band, max(1, round(_WINDOW * rate)), hop)
    pulses = _pulses(power, max(1, round(_AROUND * rate / hop)))
    times = pulses * (hop / rate)
    nearest = np.minimum(np.rint(times * frame_rate).astype(np.int64), n_frames - 1)
    may_be = periodicity[nearest] < _PERIODIC
    strengths = _strengths(band, power, pulses, may_be, hop, rate)
    return Creak(_in_frames(times, strengths, n_frames, frame_rate), periodicity)


def _band_limited(waveform, sample_rate):
    high = min(_BAND[1], 0.45 * sample_rate)
    low = min(_BAND[0], high / 2)
    sections = scipy.signal.butter(3, (low, high), "bandpass", fs=sample_rate, output="sos")
    step = max(1, int(sample_rate / _RATE))
    # Copied: the loops are faster over values that lie side by side.
    band = scipy.signal.sosfilt(sections, waveform.astype(np.float64))[::step].copy()
    largest = np.abs(band).max()
    return band / largest if largest > 0 else band, sample_rate / step


def _powers(band, width, hop):
    """Return the mean square around every sample that is a multiple of `hop`."""
    sums = np.cumsum(np.pad(band**2, (1 + width // 2, width - width // 2)))
    starts = np.arange(0, len(band), hop)
    return np.maximum(sums[starts + width] - sums[starts], 0) / width


@numba.njit(nogil=True, cache=True)
def _pulses(power, around):
    """Return the peaks of the power over whose sides it rises and falls by 7 dB."""
    found = np.zeros(len(power), dtype=np.int64)
    n = 0
    for i in range(1, len(power) - 1):
        # 60 dB below the loudest, there is nothing but rounding.
        if power[i] <= 1e-6 or power[i] <= power[i - 1] or power[i] < power[i + 1]:
            continue
        left = power[max(0, i - around) : i].min()
        right = power[i + 1 : i + around + 1].min()
        if power[i] > _RISE * max(left, right):
            found[n] = i
            n += 1
    return found[:n]


@numba.njit(nogil=True, cache=True)
def _strengths(band, power, pulses, may_be, hop, rate):
    """Return how alike each pulse and the next are; 0 where this is no creak."""
    strengths = np.zeros(len(pulses))
    energies = _energies(band)
    for i in range(len(pulses) - 1):
        first, second = pulses[i], pulses[i + 1]
        gap = (second - first) * hop / rate
        peak = min(power[first], power[second])
        if not may_be[i] or gap < _SHORTEST or gap > _LONGEST:
            continue
        if peak < _CREST * power[first:second].mean():
            continue
        alike = _alike(band, energies, first * hop, second * hop, int(_PULSE * rate))
        if alike >= _ALIKE:
            strengths[i] = alike
    return strengths


@numba.njit(nogil=True, cache=True)
def _alike(band, energies, first, second, half):
    """Return the largest correlation of two pulses, as either may be shifted a little."""
    best = 0.0
    if first < half or second + 2 * half >= len(band):
        return best
    for start in range(second - 2 * half, second + 1):
        best = max(best, _correlation(band, energies, first - half, start, 2 * half + 1))
    return best


@numba.njit(nogil=True, cache=True)
def _periodicities(band, centres, rate):
    """Return the largest correlation at a lag and all its multiples up to 15 ms, by frame."""
    size = int(_FRAME * rate)
    shortest, longest = max(1, int(_PERIODS[0] * rate)), int(_PERIODS[1] * rate)
    periodicity = np.zeros(len(centres))
    energies = _energies(band)
    for frame, centre in enumerate(centres):
        start = max(0, min(centre - size // 2, len(band) - size))
        length = min(size, len(band) - start)
        last = min(int(_LAST * rate), length - 2)
        correlation = np.ones(last + 1)
        for lag in range(max(1, shortest - 1), last + 1):
            correlation[lag] = _correlation(band, energies, start, start + lag, length - lag)
        for lag in range(shortest, min(longest, last) + 1):
            least = 1.0
            for multiple in range(lag, last + 1, lag):
                # The true period is seldom a whole number of samples.
                least = min(least, correlation[max(1, multiple - 1) : multiple + 2].max())
            periodicity[frame] = max(periodicity[frame], least)
    return periodicity


@numba.njit(nogil=True, cache=True)
def _energies(band):
    """Return the energy before each sample."""
    energies = np.zeros(len(band) + 1)
    for i in range(len(band)):
        energies[i + 1] = energies[i] + band[i] ** 2
    return energies


# Sums in any order are four times as fast, and finite values are all there are.
@numba.njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def _correlation(band, energies, first, second, length):
    product = 0.0
    for i in range(length):
        product += band[first + i] * band[second + i]
    one = energies[first + length] - energies[first]
    other = energies[second + length] - energies[second]
    # 100 dB below the loudest, there is nothing but rounding.
    if min(one, other) <= 1e-10 * length:
        return 0.0
    return product / np.sqrt(one * other)


def _in_frames(times, strengths, n_frames, frame_rate):
    """Return the strength of the pulse before the middle of each frame, until the next."""
    if not len(times):
        return np.zeros(n_frames)
    before = np.searchsorted(times, np.arange(n_frames) / frame_rate, side="right") - 1
    return np.where(before >= 0, strengths[np.maximum(before, 0)], 0.0)
