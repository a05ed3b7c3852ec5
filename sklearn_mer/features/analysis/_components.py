"""Spectra as the ear resolves them, roughly: bins up to 450 Hz, semitones above."""

from functools import lru_cache

import numpy as np

from ._spectral import N_FFT

#: Level of a sinusoid of amplitude 1, in dB SPL: recordings do not tell how loud they are played.
FULL_SCALE = 96.0

_LINEAR_TO = 450.0  # Hz
_HIGHEST = 15000.0
# Power of a sinusoid of amplitude 1, summed over bins, under a Hann window.
_SINUSOID = 0.375 * N_FFT**2 / 4


def components(power, sample_rate):
    """Return the intensity of the components (n_components, n_frames); 1 is 0 dB SPL.

    Parameters
    ----------
    power : ndarray of shape (n_bins, n_frames)
    sample_rate : int
    """
    gather, _ = _gathering(sample_rate)
    return (gather @ power).astype(np.float64) * (10 ** (FULL_SCALE / 10) / _SINUSOID)


def component_frequencies(sample_rate):
    """Return the frequencies of the components (n_components,), in Hz."""
    return _gathering(sample_rate)[1]


@lru_cache(maxsize=4)
def _gathering(sample_rate):
    """Return what gathers bins (n_components, n_bins), and the components' frequencies."""
    frequencies = np.fft.rfftfreq(N_FFT, 1 / sample_rate)
    highest = min(_HIGHEST, sample_rate / 2)
    n_linear = np.searchsorted(frequencies, _LINEAR_TO)
    n_semitones = int(12 * np.log2(highest / frequencies[n_linear]))
    edges = frequencies[n_linear] * 2 ** (np.arange(n_semitones + 1) / 12)
    which = n_linear - 1 + np.searchsorted(edges, frequencies, side="right") - 1
    which[:n_linear] = np.arange(n_linear) - 1  # less the constant
    n_components = n_linear - 1 + n_semitones
    gather = (which == np.arange(n_components)[:, None]).astype(np.float32)
    centres = np.concatenate([frequencies[1:n_linear], edges[:-1] * 2 ** (1 / 24)])
    return gather, centres
