"""Statistics that summarise a series of frames.

============================ =====================================================================
``mean``, ``std``            mean and standard deviation (with ``ddof=0``)
``skewness``, ``kurtosis``   third and fourth standardised moment, the latter minus 3
``min``, ``max``, ``median`` minimum, maximum and median
``texture_mean_std``         standard deviation of the means in windows of one second
``texture_std_mean``         mean of the standard deviations in windows of one second
``texture_std_std``          standard deviation of the standard deviations in these windows
============================ =====================================================================

There is one window per frame, as for the texture windows of Tzanetakis and Cook ("Musical genre
classification of audio signals", IEEE Transactions on Speech and Audio Processing, 2002).
"""

import numpy as np

from .analysis._compiled import compiled, part_of_loops, part_with_reordered_sums

#: Statistics of any series, such as the notes or sections of a clip.
MOMENTS = ("mean", "std", "skewness", "kurtosis", "min", "max", "median")
#: Statistics of a series of frames.
STATISTICS = (*MOMENTS, "texture_mean_std", "texture_std_mean", "texture_std_std")

_TEXTURE_SECONDS = 1.0
# Relative standard deviation below which a series is constant except for rounding.
_CONSTANT = 1e-6


def summarize_series(series, names, frame_rate):
    """Return the statistics of each series.

    Parameters
    ----------
    series : ndarray of shape (n_frames,) or (n_parts, n_frames)
        Values of the frames. Frames with NaN are ignored.
    names : sequence of str
        Names from `STATISTICS`.
    frame_rate : float
        Number of frames per second, for the texture windows.

    Returns
    -------
    ndarray of shape (n_parts, n_names), float64
        Statistics of each series; NaN if no frame is defined.
    """
    series = np.atleast_2d(np.asarray(series, dtype=np.float64))
    defined = np.isfinite(series)
    if (defined == defined[0]).all():
        series = series if defined[0].all() else series[:, defined[0]]
        return _summarize_defined(series, names, frame_rate)
    # Parts are processed together if the same frames are undefined.
    result = np.empty((len(series), len(names)))
    patterns, which = np.unique(np.packbits(defined, axis=1), axis=0, return_inverse=True)
    for pattern in range(len(patterns)):
        rows = np.flatnonzero(which.ravel() == pattern)
        result[rows] = _summarize_defined(series[rows][:, defined[rows[0]]], names, frame_rate)
    return result


def _summarize_defined(series, names, frame_rate):
    if not series.shape[1]:
        return np.full((len(series), len(names)), np.nan)
    series = np.ascontiguousarray(series)
    n_window = max(1, min(round(_TEXTURE_SECONDS * frame_rate), series.shape[1]))
    values, scratch = np.empty((len(series), len(STATISTICS))), np.empty((2, series.shape[1]))
    _statistics(series, np.sort(series, axis=1), n_window, *scratch, values)
    return values[:, [STATISTICS.index(name) for name in names]]


@compiled
def _statistics(series, ordered, n_window, centred, deviations, result):
    """Write the `STATISTICS` of each series to `result` (n_parts, 10)."""
    n_frames = series.shape[1]
    n_windows = n_frames - n_window + 1
    for part in range(len(series)):
        row, out = ordered[part], result[part]
        out[0] = _sum(series[part], n_frames) / n_frames
        second, third, fourth = _sums_of_powers(series[part], out[0], centred)
        out[1] = np.sqrt(second / n_frames)
        out[2] = out[3] = 0.0
        if out[1] > _CONSTANT * max(abs(row[0]), abs(row[-1])):
            variance = second / n_frames
            out[2] = third / n_frames / variance**1.5
            out[3] = fourth / n_frames / variance**2 - 3
        out[4] = row[0]
        out[5] = row[-1]
        out[6] = (row[(n_frames - 1) // 2] + row[n_frames // 2]) / 2
        means = centred  # whose values are not needed once those of their window are written
        _slide(centred, n_window, means, deviations)
        out[7] = _std(means, n_windows)
        out[8] = _sum(deviations, n_windows) / n_windows
        out[9] = _std(deviations, n_windows)


@part_of_loops
def _slide(centred, n_window, means, deviations):
    """Write mean and standard deviation of each window; `means` may be `centred`."""
    total, squares = 0.0, 0.0
    for i in range(n_window):
        total += centred[i]
        squares += centred[i] * centred[i]
    for i in range(len(centred) - n_window + 1):
        leaving = centred[i]
        means[i] = total / n_window
        deviations[i] = squares / n_window - means[i] * means[i]
        if i + n_window < len(centred):
            entering = centred[i + n_window]
            total += entering - leaving
            squares += entering * entering - leaving * leaving
    for i in range(len(centred) - n_window + 1):
        deviations[i] = np.sqrt(max(deviations[i], 0.0))


@part_with_reordered_sums
def _sum(values, n):
    total = 0.0
    for i in range(n):
        total += values[i]
    return total


@part_with_reordered_sums
def _sums_of_powers(values, mean, centred):
    """Return the sums of the second to fourth powers, and write the centred values."""
    second, third, fourth = 0.0, 0.0, 0.0
    for i in range(len(values)):
        centred[i] = values[i] - mean
        square = centred[i] * centred[i]
        second += square
        third += square * centred[i]
        fourth += square * square
    return second, third, fourth


@part_with_reordered_sums
def _std(values, n):
    mean, squares = _sum(values, n) / n, 0.0
    for i in range(n):
        squares += (values[i] - mean) ** 2
    return np.sqrt(squares / n)
