"""Inharmonicity: distance of the spectrum to the multiples of a fundamental frequency."""

import numpy as np

from ._compiled import compiled


def inharmonicity(magnitude, frequencies, fundamental):
    """Return the mean distance of the amplitude to multiples of the fundamental (n_frames,).

    From 0 (all amplitudes are at multiples) to 1 (all are halfway between); NaN if the fundamental
    is NaN.

    Parameters
    ----------
    magnitude : ndarray of shape (n_bins, n_frames)
    frequencies : ndarray of shape (n_bins,)
        In Hz.
    fundamental : ndarray of shape (n_frames,)
        In Hz.
    """
    frames = np.ascontiguousarray(magnitude.T)
    result = np.full(len(frames), np.nan)
    _inharmonicity(frames, frequencies.astype(np.float64), fundamental, result)
    return result


@compiled
def _inharmonicity(frames, frequencies, fundamental, result):
    for frame in range(len(frames)):
        if np.isnan(fundamental[frame]):
            continue
        total, distance = 0.0, 0.0
        for i in range(len(frequencies)):
            multiple = frequencies[i] / fundamental[frame]
            weight = frames[frame, i]
            total += weight
            distance += weight * 2 * abs(multiple - np.floor(multiple + 0.5))
        result[frame] = distance / total


def strongest_voice(voices, frame_rate, times):
    """Return the fundamental frequency in Hz of the strongest voice at given times.

    Parameters
    ----------
    voices : Voices
    frame_rate : float
        Frames per second of the voices.
    times : ndarray of shape (n_times,)
        Times in seconds.

    Returns
    -------
    ndarray of shape (n_times,)
        Frequencies; NaN without a voice.
    """
    nearest = np.minimum(np.round(times * frame_rate).astype(int), len(voices.count) - 1)
    hertz = 440 * 2 ** ((voices.cents[nearest, 0] - 6900) / 1200)
    return np.where(voices.count[nearest] > 0, hertz, np.nan)
