"""Roughness: the sensory dissonance of simultaneous components.

Roughness is largest for two components about a quarter of a critical band apart (Plomp and Levelt,
"Tonal consonance and critical bandwidth", Journal of the Acoustical Society of America 38, 1965).
"""

import numpy as np

#: Largest distance in critical bands of components with roughness.
REACH = 1.2


def hearing_threshold(hertz):
    """Return the threshold of hearing in dB SPL (Terhardt 1979)."""
    khz = np.maximum(hertz, 20.0) / 1000
    return 3.64 * khz**-0.8 - 6.5 * np.exp(-0.6 * (khz - 3.3) ** 2) + 1e-3 * khz**4


def roughness_by_amplitudes(intensities, frequencies):
    """Return the roughness of components after Hutchinson and Knopoff (n_frames,).

    The sum of the products of pairs of amplitudes, relative to the threshold of hearing, is divided
    by the sum of their squares.

    Parameters
    ----------
    intensities : ndarray of shape (n_components, n_frames)
        Intensities; 1 is 0 dB SPL.
    frequencies : ndarray of shape (n_components,)
        Frequencies in Hz.
    """
    powers = intensities * 10 ** (-hearing_threshold(frequencies)[:, None] / 10)
    amplitudes = np.sqrt(powers)
    pairs = ((_hutchinson_knopoff(frequencies) @ amplitudes) * amplitudes).sum(axis=0)
    return 0.5 * pairs / powers.sum(axis=0)


def roughness_by_levels(intensities, frequencies, least):
    """Return the roughness of components after Sethares (n_frames,).

    The sum of the products of pairs of levels above `least` dB over the threshold of hearing, in
    units of 100 dB.
    """
    levels = 10 * np.log10(intensities)
    above = np.maximum(levels - hearing_threshold(frequencies)[:, None] - least, 0.0) / 100
    return ((_sethares(frequencies) @ above) * above).sum(axis=0)


def irregularity(intensities):
    """Return the squared differences of adjacent amplitudes, divided by their squares."""
    amplitudes = np.sqrt(intensities)
    return (np.diff(amplitudes, axis=0) ** 2).sum(axis=0) / intensities.sum(axis=0)


def _hutchinson_knopoff(frequencies):
    """Return the kernel of Hutchinson and Knopoff (1978), in the form of Bigand et al. (1996)."""
    distance = _critical_bands(frequencies)
    return np.where(distance < REACH, (4 * distance * np.exp(1 - 4 * distance)) ** 2, 0.0)


def _sethares(frequencies):
    """Return the kernel of Sethares (1993)."""
    lower = np.minimum(frequencies, frequencies[:, None])
    distance = 0.24 * np.abs(frequencies - frequencies[:, None]) / (0.0207 * lower + 18.96)
    kernel = np.exp(-3.51 * distance) - np.exp(-5.75 * distance)
    return np.where(_critical_bands(frequencies) < REACH, kernel, 0.0)


def _critical_bands(frequencies):
    mean = (frequencies + frequencies[:, None]) / 2
    return np.abs(frequencies - frequencies[:, None]) / (1.72 * mean**0.65)
