"""Mel filters: the values of librosa's.

To load librosa compiles functions for nine seconds after an installation, and none of them is
needed here.
"""

import warnings

import numpy as np

# Slaney's scale is linear below 1 kHz and logarithmic above.
_HERTZ_PER_MEL = 200.0 / 3
_EDGE_HERTZ = 1000.0
_EDGE = _EDGE_HERTZ / _HERTZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27.0


def mel_frequencies(n_frequencies, lowest, highest, *, htk=False):
    """Return frequencies that are equally spaced in mels.

    Parameters
    ----------
    n_frequencies : int
        How many.
    lowest, highest : float
        The first and the last, in Hz.
    htk : bool, default=False
        Whether mels are those of HTK, else of Slaney.

    Returns
    -------
    ndarray of shape (n_frequencies,)
        In Hz.
    """
    if htk:
        ends = (2595.0 * np.log10(1.0 + hertz / 700.0) for hertz in (lowest, highest))
        return 700.0 * (10.0 ** (np.linspace(*ends, n_frequencies) / 2595.0) - 1.0)
    mels = np.linspace(_mels(lowest), _mels(highest), n_frequencies)
    hertz = _HERTZ_PER_MEL * mels
    high = mels >= _EDGE
    hertz[high] = _EDGE_HERTZ * np.exp(_LOG_STEP * (mels[high] - _EDGE))
    return hertz


def _mels(hertz):
    if hertz < _EDGE_HERTZ:
        return hertz / _HERTZ_PER_MEL
    return _EDGE + np.log(hertz / _EDGE_HERTZ) / _LOG_STEP


def mel_filters(*, sample_rate, n_fft, n_mels, fmin=0.0, fmax=None, htk=False, equal_area=True):
    """Return triangular filters, as ``librosa.filters.mel`` does.

    Parameters
    ----------
    sample_rate : int
        In Hz.
    n_fft : int
        Length of a frame, in samples.
    n_mels : int
        Number of filters.
    fmin, fmax : float, default=0.0, None
        Where the lowest begins and the highest ends, in Hz. None means half the sample rate.
    htk : bool, default=False
        Whether mels are those of HTK, else of Slaney.
    equal_area : bool, default=True
        Whether filters have the same area, else the same height.

    Returns
    -------
    ndarray of shape (n_mels, n_fft // 2 + 1), float32
        The weights.
    """
    fmax = sample_rate / 2 if fmax is None else fmax
    edges = mel_frequencies(n_mels + 2, fmin, fmax, htk=htk)
    steps = np.diff(edges)
    distances = np.subtract.outer(edges, np.fft.rfftfreq(n_fft, 1 / sample_rate))
    rising, falling = -distances[:-2] / steps[:-1, None], distances[2:] / steps[1:, None]
    filters = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    if equal_area:
        filters *= (2.0 / (edges[2:] - edges[:-2]))[:, None]
    if not (filters.any(axis=1) | (edges[:-2] == 0)).all():
        warnings.warn(
            f"Empty filters: some of the {n_mels} mel bands from {fmin:g} to {fmax:g} Hz are "
            f"narrower than the {sample_rate / n_fft:g} Hz of a bin, and hear nothing. Use "
            "fewer bands, or a larger n_fft.",
            stacklevel=3,
        )
    return filters
