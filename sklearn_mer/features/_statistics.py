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
    values = _moments(series)
    if any(name.startswith("texture") for name in names):
        values |= _textures(series, round(_TEXTURE_SECONDS * frame_rate))
    return np.column_stack([values[name] for name in names])


def _moments(series):
    mean = _mean(series)
    centred = series - mean[:, None]
    square = centred * centred
    variance = _mean(square)
    std = np.sqrt(variance)
    varies = std > _CONSTANT * np.abs(series).max(axis=1)
    scale = np.where(varies, variance, 1.0)
    third = np.einsum("ij,ij->i", square, centred) / series.shape[1]
    fourth = np.einsum("ij,ij->i", square, square) / series.shape[1]
    ordered, half = np.sort(series, axis=1), series.shape[1] // 2
    return {
        "mean": mean,
        "std": std,
        "skewness": np.where(varies, third / scale**1.5, 0.0),
        "kurtosis": np.where(varies, fourth / scale**2 - 3, 0.0),
        "min": ordered[:, 0],
        "max": ordered[:, -1],
        "median": (ordered[:, (series.shape[1] - 1) // 2] + ordered[:, half]) / 2,
    }


def _textures(series, n_window):
    n_window = max(1, min(n_window, series.shape[1]))
    # Centred values lose the fewest digits in the sums.
    centred = series - _mean(series)[:, None]
    means = _running_means(centred, n_window)
    squares = _running_means(centred * centred, n_window)
    deviations = np.sqrt(np.maximum(squares - means * means, 0.0))
    return {
        "texture_mean_std": _std(means),
        "texture_std_mean": _mean(deviations),
        "texture_std_std": _std(deviations),
    }


def _running_means(series, n_window):
    sums = np.zeros((len(series), series.shape[1] + 1))
    np.cumsum(series, axis=1, out=sums[:, 1:])
    return (sums[:, n_window:] - sums[:, :-n_window]) / n_window


# As the methods of arrays, which take longer than their work on a few rows.
def _mean(series):
    return np.add.reduce(series, axis=1) / series.shape[1]


def _std(series):
    centred = series - _mean(series)[:, None]
    return np.sqrt(_mean(centred * centred))
