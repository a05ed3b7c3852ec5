"""How much of the sound is percussive: broad in frequency and brief, not narrow and held."""

import numpy as np
import scipy.ndimage

_HELD = 17  # frames: 0.4 s, over which tones keep their pitch and drums are gone
_BROAD = 17  # mel bands, over which drums are alike and tones stand out
_EDGES = (400.0, 2320.0)  # Hz: the registers of `_pulse`
_FLOOR = 1e-6  # of the loudest frame's power: the rest is silence


def percussive_shares(mel, frequencies):
    """Return the share of the power that is percussive (Fitzgerald 2010).

    Parameters
    ----------
    mel : ndarray of shape (n_bands, n_frames)
        Power.
    frequencies : ndarray of shape (n_bands,)
        Centres of the bands, in Hz.

    Returns
    -------
    ndarray of shape (4, n_frames)
        Of all bands, of those up to 400 Hz, up to 2,320 Hz, and of the others. NaN in silence.
    """
    amplitude = np.sqrt(mel)
    held = scipy.ndimage.median_filter(amplitude, (1, _HELD)) ** 2
    broad = scipy.ndimage.median_filter(amplitude, (_BROAD, 1)) ** 2
    total = held + broad
    power = mel.astype(np.float64)
    percussive = power * (broad / np.where(total > 0, total, np.inf))
    register = np.searchsorted(_EDGES, frequencies)
    rows = np.array([np.ones(len(register), dtype=bool), *(register == r for r in range(3))])
    sums = rows @ power
    heard = sums > _FLOOR * sums.max(axis=1, keepdims=True, initial=0)
    return (rows @ percussive) / np.where(heard, sums, np.nan)
