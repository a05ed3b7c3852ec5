"""Roughness: the sensory dissonance of simultaneous components.

Two components are roughest about a quarter of a critical band apart (Plomp and Levelt, "Tonal
consonance and critical bandwidth", Journal of the Acoustical Society of America 38, 1965).
"""

from functools import lru_cache

import numpy as np

from ._spectral import N_FFT

_LINEAR_TO = 450.0  # Hz; semitones from there
_HIGHEST = 10000.0
# Sethares: levels count from this far below the frame's loudest component.
_RANGE_DB = 60.0


def roughness(power, sample_rate):
    """Return two forms of the roughness (2, n_frames); NaN for silence.

    The spectrum is gathered in bins up to 450 Hz and in semitones above. The first form is
    Hutchinson and Knopoff's: amplitudes multiplied pair by pair, over the sum of their squares.
    The second is Sethares' with levels in place of amplitudes, over the sum of their squares.
    """
    gather, frequencies = _components(sample_rate)
    components = (gather @ power).astype(np.float64)
    amplitudes = np.sqrt(components)
    first = _pairs(amplitudes, _hutchinson_knopoff(frequencies))
    largest = components.max(axis=0)
    levels = 10 * np.log10(np.maximum(components / largest, 10 ** (-_RANGE_DB / 10))) + _RANGE_DB
    second = _pairs(levels / _RANGE_DB, _sethares(frequencies))
    return np.stack([first, second])


def irregularity(power, sample_rate):
    """Return the squared differences of neighbouring components over their squares (n_frames,)."""
    gather, _ = _components(sample_rate)
    amplitudes = np.sqrt((gather @ power).astype(np.float64))
    return (np.diff(amplitudes, axis=0) ** 2).sum(axis=0) / (amplitudes**2).sum(axis=0)


def _pairs(weights, kernel):
    return 0.5 * ((kernel @ weights) * weights).sum(axis=0) / (weights**2).sum(axis=0)


@lru_cache(maxsize=4)
def _components(sample_rate):
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


def _hutchinson_knopoff(frequencies):
    """Return the kernel of Hutchinson and Knopoff (1978), in the form of Bigand et al. (1996)."""
    mean = (frequencies + frequencies[:, None]) / 2
    apart = np.abs(frequencies - frequencies[:, None]) / (1.72 * mean**0.65)
    return np.where(apart < 1.2, (4 * apart * np.exp(1 - 4 * apart)) ** 2, 0.0)


def _sethares(frequencies):
    """Return the kernel of Sethares (1993), scaled to a maximum of 1."""
    lower = np.minimum(frequencies, frequencies[:, None])
    apart = 0.24 * np.abs(frequencies - frequencies[:, None]) / (0.0207 * lower + 18.96)
    return 5.56 * (np.exp(-3.51 * apart) - np.exp(-5.75 * apart))
