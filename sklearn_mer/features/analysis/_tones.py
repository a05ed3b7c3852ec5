"""Tonal components of each frame, and their roughness."""

from typing import NamedTuple

import numpy as np

from ._compiled import compiled, part_of_loops, part_with_reordered_sums
from ._roughness import REACH, hearing_threshold

_HIGHEST = 5500.0  # Hz
# Components are 7 dB above the bins at a distance of two and three, for bins of about 11 Hz
# (Terhardt, Stoll and Seewann, "Algorithm for extraction of pitch and pitch salience from complex
# tonal signals", Journal of the Acoustical Society of America 71, 1982).
_CONTRAST = 10**0.7
# They are less than 80 dB below the loudest bin of the clip.
_FLOOR = 1e-8


class Tones(NamedTuple):
    """Series of shape (n_frames,); NaN for silent frames."""

    #: Number of tonal components.
    count: np.ndarray
    #: Share of the peaks and their adjacent bins in the power up to 5.5 kHz.
    share: np.ndarray
    #: Roughness after Hutchinson and Knopoff, by amplitudes above the threshold of hearing.
    roughness: np.ndarray
    #: Roughness after Sethares of all pairs, regardless of their levels.
    rough_pairs: np.ndarray


def tones(power, frequencies, audible):
    """Return the `Tones` of spectra.

    Parameters
    ----------
    power : ndarray of shape (n_bins, n_frames)
    frequencies : ndarray of shape (n_bins,)
        In Hz.
    audible : ndarray of shape (n_frames,), bool
    """
    n_bins = min(len(frequencies) - 3, int(np.searchsorted(frequencies, _HIGHEST)))
    weights = 10 ** (-hearing_threshold(frequencies.astype(np.float64)) / 10)
    frames = np.ascontiguousarray(power[: n_bins + 3].T)
    floor = _FLOOR * power.max()
    result = np.full((4, len(frames)), np.nan)
    found, maxima = np.empty((2, frames.shape[1])), np.empty(frames.shape[1], dtype=np.int64)
    _tones(frames, frequencies.astype(np.float64), weights, audible, floor, maxima, *found, result)
    return Tones(*result)


@compiled
def _tones(frames, frequencies, weights, audible, floor, maxima, found, powers, result):
    """Write the series to `result` (4, n_frames)."""
    n_frames, n_bins = frames.shape
    for frame in range(n_frames):
        if not audible[frame]:
            continue
        row = frames[frame]
        n = 0
        inside = 0.0
        for k in range(_find_maxima(row, floor, maxima)):
            i = maxima[k]
            around = max(max(row[i - 3], row[i - 2]), max(row[i + 2], row[i + 3]))
            if row[i] < _CONTRAST * around:
                continue
            inside += row[i - 1] + row[i] + row[i + 1]
            found[n] = _interpolated(row, i) * frequencies[1]
            powers[n] = row[i] * weights[i]
            n += 1
        result[0, frame] = n
        result[1, frame] = inside / _total(row, n_bins - 3)
        result[2, frame], result[3, frame] = _roughness(found, powers, n)


@part_of_loops
def _find_maxima(row, floor, maxima):
    """Write the bins of maxima above the floor, and return their number."""
    n = 0
    for i in range(3, len(row) - 3):
        # Without a branch, which would be guessed wrongly for every third bin.
        maxima[n] = i
        n += (row[i] > floor) & (row[i] > row[i - 1]) & (row[i] >= row[i + 1])
    return n


@part_with_reordered_sums
def _total(row, n):
    total = 0.0
    for i in range(n):
        total += row[i]
    return total


@part_of_loops
def _interpolated(row, i):
    """Return the position of the maximum of a parabola through three logarithms."""
    left, middle, right = np.log(row[i - 1] + 1e-37), np.log(row[i]), np.log(row[i + 1] + 1e-37)
    return i + 0.5 * (left - right) / (left - 2 * middle + right)


@part_of_loops
def _roughness(hertz, powers, n):
    squares, rough, pairs = 0.0, 0.0, 0.0
    for i in range(n):
        squares += powers[i]
        for j in range(i + 1, n):
            difference = hertz[j] - hertz[i]
            distance = difference / (1.72 * (0.5 * (hertz[i] + hertz[j])) ** 0.65)
            if distance >= REACH:
                break
            kernel = (4 * distance * np.exp(1 - 4 * distance)) ** 2
            rough += kernel * np.sqrt(powers[i] * powers[j])
            distance = 0.24 * difference / (0.0207 * hertz[i] + 18.96)
            pairs += np.exp(-3.51 * distance) - np.exp(-5.75 * distance)
    return rough / squares if squares > 0 else 0.0, pairs
