"""Windows of a clip, and statistics of what a network gives over all of them."""

import numpy as np
import torch

from ..audio import fill

STATISTICS = ("mean", "std", "max")
#: What the parameter `pooling` stands for.
POOLINGS = {"mean": ("mean",), "max": ("max",), "mean_std": ("mean", "std")}
#: Seconds of a window where the network takes any length.
USUAL = 10.0
#: Seconds that every network is taken to need.
LEAST = 0.5


def windows_of(waveform, window, least):
    """Cut a waveform into windows of one length, none of which holds anything but the clip.

    What is left behind the last window is left out if it is shorter than half of one; else one more
    window ends where the clip does.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,)
    window : int
        Samples of a window.
    least : int
        Samples to which a shorter clip is repeated; at most `window`.

    Returns
    -------
    ndarray of shape (n_windows, length)
        `length` is `window`; for a shorter clip, the samples that it has, or `least`.
    """
    n_samples = len(waveform)
    if n_samples < window:
        return fill(waveform, max(n_samples, least))[np.newaxis]
    starts = list(range(0, n_samples - window + 1, window))
    if 2 * (n_samples - starts[-1] - window) >= window:
        starts.append(n_samples - window)
    return np.stack([waveform[start : start + window] for start in starts])


def statistics_of(states):
    """Return statistics over the frames of each window, from which `pooled` makes those of a clip.

    Parameters
    ----------
    states : Tensor of shape (n_windows, n_frames, n_values)

    Returns
    -------
    Tensor of shape (3, n_windows, n_values)
        Mean, variance and maximum.
    """
    variance = states.var(dim=1, correction=0)
    return torch.stack([states.mean(dim=1), variance, states.amax(dim=1)])


def pooled(statistics):
    """Return mean, standard deviation and maximum over all frames of all windows.

    Parameters
    ----------
    statistics : Tensor of shape (3, n_windows, n_values)
        Of windows with the same number of frames.

    Returns
    -------
    Tensor of shape (3 * n_values,)
        One statistic after the other, in the order of `STATISTICS`.
    """
    means, variances, maxima = statistics
    variance = variances.mean(dim=0) + means.var(dim=0, correction=0)
    return torch.cat([means.mean(dim=0), variance.sqrt(), maxima.amax(dim=0)])
