"""Spectra with a resolution close to that of the ear: bins up to 450 Hz, semitones above."""

from functools import lru_cache

import numpy as np

from ._spectral import N_FFT

#: Assumed level of a sinusoid of amplitude 1 in dB SPL.
FULL_SCALE = 96.0

_HIGHEST_LINEAR = 450.0  # Hz
_HIGHEST = 15000.0
# Power of a sinusoid of amplitude 1 with a Hann window, summed over bins.
_SINUSOID = 0.375 * N_FFT**2 / 4


def components(power, sample_rate):
    """Return the intensity of the components (n_components, n_frames); 1 is 0 dB SPL."""
    weights, _ = _bands(sample_rate)
    return (weights @ power).astype(np.float64) * (10 ** (FULL_SCALE / 10) / _SINUSOID)


def component_frequencies(sample_rate):
    """Return the frequencies of the components (n_components,), in Hz."""
    return _bands(sample_rate)[1]


@lru_cache(maxsize=4)
def _bands(sample_rate):
    """Return the weights of the bins (n_components, n_bins), and the frequencies of components."""
    frequencies = np.fft.rfftfreq(N_FFT, 1 / sample_rate)
    highest = min(_HIGHEST, sample_rate / 2)
    n_linear = np.searchsorted(frequencies, _HIGHEST_LINEAR)
    n_semitones = int(12 * np.log2(highest / frequencies[n_linear]))
    edges = frequencies[n_linear] * 2 ** (np.arange(n_semitones + 1) / 12)
    which = n_linear - 1 + np.searchsorted(edges, frequencies, side="right") - 1
    which[:n_linear] = np.arange(n_linear) - 1  # without the constant
    n_components = n_linear - 1 + n_semitones
    weights = (which == np.arange(n_components)[:, None]).astype(np.float32)
    centres = np.concatenate([frequencies[1:n_linear], edges[:-1] * 2 ** (1 / 24)])
    return weights, centres
