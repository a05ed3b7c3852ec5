"""The stated set of statistics that turns a series of frames into columns.

============================ =====================================================================
``mean``, ``std``            mean and standard deviation (of the whole, not of a sample)
``skewness``, ``kurtosis``   third and fourth standardised moment, the latter less 3
``min``, ``max``, ``median`` smallest, largest and middle value
``texture_mean_std``         deviation of the means of windows of a second
``texture_std_mean``         mean of the deviations within windows of a second
``texture_std_std``          deviation of the deviations within windows of a second
============================ =====================================================================

The windows end at every frame, as the texture windows of Tzanetakis and Cook ("Musical genre
classification of audio signals", IEEE Transactions on Speech and Audio Processing, 2002) do.
"""

import numpy as np

#: Of a series that need not be made of frames: the notes of a clip, its sections.
MOMENTS = ("mean", "std", "skewness", "kurtosis", "min", "max", "median")
#: Of a series of frames.
STATISTICS = (*MOMENTS, "texture_mean_std", "texture_std_mean", "texture_std_std")

_TEXTURE_SECONDS = 1.0
# Below this part of the largest value, a deviation is the rounding of a constant.
_CONSTANT = 1e-6


def summarize_series(series, names, frame_rate):
    """Return the statistics of each series.

    Parameters
    ----------
    series : ndarray of shape (n_frames,) or (n_parts, n_frames)
        NaN where nothing is defined: such frames are left out. There may be no frames.
    names : sequence of str
        Out of `STATISTICS`.
    frame_rate : float
        Frames a second, for the texture windows.

    Returns
    -------
    ndarray of shape (n_parts, n_names), float64
        NaN where no frame is defined.
    """
    series = np.atleast_2d(np.asarray(series, dtype=np.float64))
    defined = np.isfinite(series)
    if defined.all():
        return _of_whole(series, names, frame_rate)
    # Parts that miss the same frames (as most do: the silent ones) are taken together.
    result = np.empty((len(series), len(names)))
    patterns, which = np.unique(np.packbits(defined, axis=1), axis=0, return_inverse=True)
    for pattern in range(len(patterns)):
        rows = np.flatnonzero(which.ravel() == pattern)
        result[rows] = _of_whole(series[rows][:, defined[rows[0]]], names, frame_rate)
    return result


def _of_whole(series, names, frame_rate):
    if not series.shape[1]:
        return np.full((len(series), len(names)), np.nan)
    values = _moments(series)
    if any(name.startswith("texture") for name in names):
        values |= _textures(series, round(_TEXTURE_SECONDS * frame_rate))
    return np.column_stack([values[name] for name in names])


def _moments(series):
    mean = series.mean(axis=1)
    centred = series - mean[:, None]
    square = centred * centred
    variance = square.mean(axis=1)
    std = np.sqrt(variance)
    varies = std > _CONSTANT * np.abs(series).max(axis=1)
    scale = np.where(varies, variance, 1.0)
    third = np.einsum("ij,ij->i", square, centred) / series.shape[1]
    fourth = np.einsum("ij,ij->i", square, square) / series.shape[1]
    return {
        "mean": mean,
        "std": std,
        "skewness": np.where(varies, third / scale**1.5, 0.0),
        "kurtosis": np.where(varies, fourth / scale**2 - 3, 0.0),
        "min": series.min(axis=1),
        "max": series.max(axis=1),
        "median": np.median(series, axis=1),
    }


def _textures(series, n_window):
    n_window = max(1, min(n_window, series.shape[1]))
    # Sums of centred values lose the fewest digits.
    centre = series.mean(axis=1, keepdims=True)
    means = _running_means(series - centre, n_window)
    squares = _running_means((series - centre) ** 2, n_window)
    deviations = np.sqrt(np.maximum(squares - means**2, 0.0))
    return {
        "texture_mean_std": means.std(axis=1),
        "texture_std_mean": deviations.mean(axis=1),
        "texture_std_std": deviations.std(axis=1),
    }


def _running_means(series, n_window):
    sums = np.cumsum(np.pad(series, ((0, 0), (1, 0))), axis=1)
    return (sums[:, n_window:] - sums[:, :-n_window]) / n_window
