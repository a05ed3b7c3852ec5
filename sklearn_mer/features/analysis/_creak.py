"""Creaky voice: low-frequency, irregular pulses of the glottis, each damped before the next.

The criteria are those of Ishi et al. (2008): peaks of the power within a few milliseconds, no
periodicity within a frame, and similar pulses. A regular buzz with such a low pitch meets them too.
From 60 Hz on, only pulses shorter than those of the glottis are distinguished from beats.
"""

from typing import NamedTuple

import numpy as np
import scipy.signal

from ._compiled import compiled, part_with_reordered_sums

_BAND = (100.0, 1500.0)  # Hz, of the first formants
_RATE = 4400.0  # Hz, approximate sample rate of the band-limited waveform
_WINDOW, _HOP = 0.004, 0.002  # s, for the power
_NEIGHBOURHOOD = 0.010  # s before and after a pulse
_RISE = 10 ** (7 / 10)  # of the power within the neighbourhood
_SHORTEST, _LONGEST = 1 / 80, 1 / 20  # s between pulses
# Ratio of the peak to the mean until the next pulse; it is 2 for two beating tones.
_CREST = 3.0
_PULSE = 0.005  # s before and after the peak in which pulses are compared
_MIN_SIMILARITY = 0.5
_FRAME = 0.032  # s, for the periodicity
_PERIODS = (0.002, 0.010)  # s: from 500 Hz to 100 Hz
_LAST = 0.015  # s, largest multiple of a period
_PERIODIC = 0.5


class Creak(NamedTuple):
    """Creak of each frame."""

    #: (n_frames,): similarity, from 0.5 to 1, of the pulses before and after the frame, if they are
    #: 12.5 to 50 ms apart and there is no clear pitch above 100 Hz; else 0.
    strength: np.ndarray
    #: (n_frames,): clarity of a pitch above 100 Hz, up to 1.
    periodicity: np.ndarray


def find_creak(waveform, sample_rate, n_frames, frame_rate):
    """Return the `Creak` of a waveform, from pulses in the band of the first formants.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,)
        Waveform.
    sample_rate : int
        Sample rate in Hz.
    n_frames : int
        Number of frames of the result.
    frame_rate : float
        Frames per second.
    """
    band, rate = _band_limited(waveform, sample_rate)
    centres = np.rint(np.arange(n_frames) * (rate / frame_rate)).astype(np.int64)
    periodicity = np.zeros(n_frames)
    correlation = np.empty(int(_LAST * rate) + 1)
    _periodicities(band, _energies(band), centres, rate, correlation, periodicity)
    hop = max(1, round(_HOP * rate))
    power = _powers(band, max(1, round(_WINDOW * rate)), hop)
    pulses = _pulses(power, max(1, round(_NEIGHBOURHOOD * rate / hop)))
    times = pulses * (hop / rate)
    nearest = np.minimum(np.rint(times * frame_rate).astype(np.int64), n_frames - 1)
    candidate = periodicity[nearest] < _PERIODIC
    strengths = _strengths(band, power, pulses, candidate, hop, rate)
    return Creak(_in_frames(times, strengths, n_frames, frame_rate), periodicity)


def _band_limited(waveform, sample_rate):
    high = min(_BAND[1], 0.45 * sample_rate)
    low = min(_BAND[0], high / 2)
    sections = scipy.signal.butter(3, (low, high), "bandpass", fs=sample_rate, output="sos")
    step = max(1, int(sample_rate / _RATE))
    # Loops are faster over a contiguous copy.
    band = scipy.signal.sosfilt(sections, waveform.astype(np.float64))[::step].copy()
    largest = np.abs(band).max()
    return band / largest if largest > 0 else band, sample_rate / step


def _powers(band, width, hop):
    """Return the mean square around every `hop`-th sample."""
    sums = np.cumsum(np.pad(band**2, (1 + width // 2, width - width // 2)))
    starts = np.arange(0, len(band), hop)
    return np.maximum(sums[starts + width] - sums[starts], 0) / width


def _pulses(power, around):
    """Return the peaks of the power 7 dB above the minima on both sides."""
    # Values 60 dB below the loudest are rounding errors.
    is_peak = (power > 1e-6) & (power > np.append(np.inf, power[:-1]))
    is_peak &= power >= np.append(power[1:], np.inf)
    padded = np.pad(power, around, constant_values=np.inf)
    lowest = np.lib.stride_tricks.sliding_window_view(padded, around + 1).min(axis=1)
    left, right = lowest[: len(power)], lowest[around:]
    return np.flatnonzero(is_peak & (power > _RISE * np.maximum(left, right)))


def _strengths(band, power, pulses, candidate, hop, rate):
    """Return the similarity of each pulse and the next; 0 without creak."""
    strengths = np.zeros(len(pulses))
    energies = _energies(band)
    gaps = np.diff(pulses) * hop / rate
    usable = candidate[:-1] & (gaps >= _SHORTEST) & (gaps <= _LONGEST)
    for i in np.flatnonzero(usable):
        first, second = pulses[i], pulses[i + 1]
        peak = min(power[first], power[second])
        total = np.cumsum(power[first:second])[-1]  # of that order
        if peak < _CREST * (total / (second - first)):
            continue
        similarity = _pulse_similarity(
            band, energies, first * hop, second * hop, int(_PULSE * rate)
        )
        if similarity >= _MIN_SIMILARITY:
            strengths[i] = similarity
    return strengths


@compiled
def _pulse_similarity(band, energies, first, second, half):
    """Return the largest correlation of two pulses over small shifts."""
    best = 0.0
    if first < half or second + 2 * half >= len(band):
        return best
    for start in range(second - 2 * half, second + 1):
        best = max(best, _correlation(band, energies, first - half, start, 2 * half + 1))
    return best


@compiled
def _periodicities(band, energies, centres, rate, correlation, periodicity):
    """Write, per frame, the largest correlation at a lag and all its multiples up to 15 ms."""
    size = int(_FRAME * rate)
    shortest, longest = max(1, int(_PERIODS[0] * rate)), int(_PERIODS[1] * rate)
    for frame in range(len(centres)):
        start = max(0, min(centres[frame] - size // 2, len(band) - size))
        length = min(size, len(band) - start)
        last = min(int(_LAST * rate), length - 2)
        for lag in range(max(1, shortest - 1), last + 1):
            correlation[lag] = _correlation(band, energies, start, start + lag, length - lag)
        for lag in range(shortest, min(longest, last) + 1):
            least = 1.0
            for multiple in range(lag, last + 1, lag):
                # The true period is rarely a whole number of samples.
                most = 0.0
                for near in range(max(1, multiple - 1), min(multiple + 1, last) + 1):
                    most = max(most, correlation[near])
                least = min(least, most)
            periodicity[frame] = max(periodicity[frame], least)


def _energies(band):
    """Return the cumulative energy before each sample."""
    return np.append(0.0, np.cumsum(band**2))


# All values are finite.
@part_with_reordered_sums
def _correlation(band, energies, first, second, length):
    product = 0.0
    for i in range(length):
        product += band[first + i] * band[second + i]
    one = energies[first + length] - energies[first]
    other = energies[second + length] - energies[second]
    # Values 100 dB below the loudest are rounding errors.
    if min(one, other) <= 1e-10 * length:
        return 0.0
    return product / np.sqrt(one * other)


def _in_frames(times, strengths, n_frames, frame_rate):
    """Return the strength of the last pulse before the middle of each frame."""
    if not len(times):
        return np.zeros(n_frames)
    before = np.searchsorted(times, np.arange(n_frames) / frame_rate, side="right") - 1
    return np.where(before >= 0, strengths[np.maximum(before, 0)], 0.0)
