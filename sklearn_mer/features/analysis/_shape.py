"""Shape of the spectrum of each frame, in one pass over its bins."""

from typing import NamedTuple

import numpy as np

from ._compiled import compiled, part_of_loops, part_with_reordered_sums

#: Cut-off frequencies of the brightness in Hz, and shares of the energy of the roll-off.
BRIGHTNESS = (1000, 1500, 3000)
ROLLOFF = (0.5, 0.85, 0.95)
# Smallest magnitude of bins relative to the largest of the frame. Smaller ones are rounding errors
# and set to zero, or to this value for logarithms.
_FLOOR = 1e-5


class Shape(NamedTuple):
    """Series of shape (n_frames,) or (n_parts, n_frames); NaN for silent frames."""

    centroid: np.ndarray
    spread: np.ndarray
    skewness: np.ndarray
    kurtosis: np.ndarray
    power_centroid: np.ndarray
    power_spread: np.ndarray
    power_skewness: np.ndarray
    power_kurtosis: np.ndarray
    slope: np.ndarray
    decrease: np.ndarray
    entropy: np.ndarray
    flatness: np.ndarray
    brightness: np.ndarray
    rolloff: np.ndarray


def shape(magnitude, frequencies, audible):
    """Return the `Shape` of spectra.

    Parameters
    ----------
    magnitude : ndarray of shape (n_bins, n_frames)
    frequencies : ndarray of shape (n_bins,)
        In Hz.
    audible : ndarray of shape (n_frames,), bool
        Frames that are not silent.
    """
    frames = np.ascontiguousarray(magnitude.T)
    cuts = np.searchsorted(frequencies, BRIGHTNESS)
    values = np.full((18, len(frames)), np.nan)
    row, power = np.empty((2, frames.shape[1]))
    frequencies = frequencies.astype(np.float64)
    least = _FLOOR * frames.max(axis=1).astype(np.float64)
    logarithms = np.maximum(frames, least[:, None])
    with np.errstate(divide="ignore"):  # of frames of zeros
        np.log(logarithms, out=logarithms)  # a fifth of the time of a loop
    _shapes(
        frames, logarithms, least, frequencies, audible, cuts, np.array(ROLLOFF), row, power, values
    )
    return Shape(*values[:12], values[12:15], values[15:18])


@compiled
def _shapes(frames, logarithms, least, frequencies, audible, cuts, parts, row, power, result):
    """Write the series to `result` (18, n_frames)."""
    # numpy's functions for arrays would take seconds to compile here.
    n_frames, n_bins = frames.shape
    mean_frequency = _total(frequencies, 0) / n_bins
    variance = 0.0
    for i in range(n_bins):
        variance += (frequencies[i] - mean_frequency) ** 2
    variance /= n_bins
    for frame in range(n_frames):
        if not audible[frame]:
            continue
        floor = least[frame]
        for i in range(n_bins):
            row[i] = frames[frame, i] if frames[frame, i] >= floor else 0.0
            power[i] = row[i] * row[i]
        out = result[:, frame]
        _moments(row, frequencies, out[0:4])
        _moments(power, frequencies, out[4:8])
        amplitude, energy = _total(row, 0), _total(power, 0)
        # Slope of a line through the spectrum, divided by its mean, per kHz.
        out[8] = 1000 * (out[0] - mean_frequency) / variance
        out[9] = _decrease(row) / (amplitude - row[0]) if amplitude > row[0] else np.nan
        of_row = logarithms[frame]
        out[10] = _entropy(row, of_row, amplitude) / np.log(n_bins)
        out[11] = np.exp(2 * _total(of_row, 0) / n_bins) / (energy / n_bins)
        for i in range(3):
            out[12 + i] = _total(row, cuts[i]) / amplitude
        _reached(power, energy, parts, frequencies, out[15:18])


@part_with_reordered_sums
def _total(values, start):
    total = 0.0
    for i in range(start, len(values)):
        total += values[i]
    return total


@part_with_reordered_sums
def _moments(weights, frequencies, out):
    """Write centroid, spread, skewness and kurtosis."""
    total, first = 0.0, 0.0
    for i in range(len(weights)):
        total += weights[i]
        first += weights[i] * frequencies[i]
    centre = first / total
    second, third, fourth = 0.0, 0.0, 0.0
    for i in range(len(weights)):
        distance = frequencies[i] - centre
        square = distance * distance
        second += weights[i] * square
        third += weights[i] * square * distance
        fourth += weights[i] * square * square
    spread = np.sqrt(second / total)
    out[0] = centre
    out[1] = spread
    if spread > 0:
        out[2] = third / total / spread**3
        out[3] = fourth / total / spread**4


@part_with_reordered_sums
def _decrease(values):
    total = 0.0
    for i in range(1, len(values)):
        total += (values[i] - values[0]) / i
    return total


@part_with_reordered_sums
def _entropy(weights, logarithms, total):
    logarithm = np.log(total)
    entropy = 0.0
    for i in range(len(weights)):
        entropy += weights[i] * (logarithm - logarithms[i])
    return entropy / total


@part_of_loops
def _reached(power, energy, parts, frequencies, out):
    """Write the frequencies at which the cumulative power reaches each part of the energy."""
    total, n = 0.0, 0
    for i in range(len(power)):
        total += power[i]
        while n < len(parts) and total >= parts[n] * energy:
            out[n] = frequencies[i]
            n += 1
        if n == len(parts):
            return
    out[n:] = frequencies[-1]
