"""Percussive share of the sound: broad in frequency and short in time."""

import numpy as np
import scipy.ndimage

_LENGTH = 17  # frames, 0.4 s: longer than drums, shorter than notes
_WIDTH = 17  # mel bands: wider than tones
_EDGES = (400.0, 2320.0)  # Hz: the registers of `_pulse`
_FLOOR = 1e-6  # relative to the power of the loudest frame; the rest is silence


def percussive_shares(mel, frequencies):
    """Return the share of the power that is percussive (Fitzgerald 2010).

    Parameters
    ----------
    mel : ndarray of shape (n_bands, n_frames)
        Power in mel bands.
    frequencies : ndarray of shape (n_bands,)
        Centres of the bands in Hz.

    Returns
    -------
    ndarray of shape (4, n_frames)
        Shares in all bands, in those up to 400 Hz, up to 2,320 Hz, and above. NaN for silence.
    """
    amplitude = np.sqrt(mel)
    harmonic = _medians(amplitude, _LENGTH) ** 2
    percussive = _medians(amplitude.T, _WIDTH).T ** 2
    total = harmonic + percussive
    power = mel.astype(np.float64)
    percussive_power = power * (percussive / np.where(total > 0, total, np.inf))
    register = np.searchsorted(_EDGES, frequencies)
    rows = np.array([np.ones(len(register), dtype=bool), *(register == r for r in range(3))])
    sums = rows @ power
    audible = sums > _FLOOR * sums.max(axis=1, keepdims=True, initial=0)
    return (rows @ percussive_power) / np.where(audible, sums, np.nan)


def _medians(rows, length):
    """Return the median around each value of each row."""
    # scipy's filter of one dimension is six times as fast as that of two.
    half = length // 2
    mirrored = np.pad(rows, ((0, 0), (half, half)), mode="symmetric")
    medians = scipy.ndimage.median_filter(mirrored.ravel(), length)
    return medians.reshape(mirrored.shape)[:, half:-half]
