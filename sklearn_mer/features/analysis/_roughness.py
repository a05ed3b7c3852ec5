"""Roughness: the sensory dissonance of simultaneous components.

Two components are roughest about a quarter of a critical band apart (Plomp and Levelt, "Tonal
consonance and critical bandwidth", Journal of the Acoustical Society of America 38, 1965).
"""

import numpy as np

#: Components farther apart than this, in critical bands, are not rough.
REACH = 1.2


def hearing_threshold(hertz):
    """Return the threshold of hearing in dB SPL (Terhardt 1979)."""
    khz = np.maximum(hertz, 20.0) / 1000
    return 3.64 * khz**-0.8 - 6.5 * np.exp(-0.6 * (khz - 3.3) ** 2) + 1e-3 * khz**4


def roughness_by_amplitudes(intensities, frequencies):
    """Return Hutchinson and Knopoff's roughness of components (n_frames,).

    Amplitudes over the threshold of hearing are multiplied pair by pair, over their squares.

    Parameters
    ----------
    intensities : ndarray of shape (n_components, n_frames)
        1 is 0 dB SPL.
    frequencies : ndarray of shape (n_components,)
    """
    powers = intensities * 10 ** (-hearing_threshold(frequencies)[:, None] / 10)
    amplitudes = np.sqrt(powers)
    pairs = ((_hutchinson_knopoff(frequencies) @ amplitudes) * amplitudes).sum(axis=0)
    return 0.5 * pairs / powers.sum(axis=0)


def roughness_by_levels(intensities, frequencies, least):
    """Return Sethares' roughness of components (n_frames,).

    Levels (from `least` dB over the threshold of hearing, in units of 100 dB) are multiplied
    pair by pair.
    """
    levels = 10 * np.log10(intensities)
    above = np.maximum(levels - hearing_threshold(frequencies)[:, None] - least, 0.0) / 100
    return ((_sethares(frequencies) @ above) * above).sum(axis=0)


def irregularity(intensities):
    """Return the squared differences of neighbouring amplitudes over their squares (n_frames,)."""
    amplitudes = np.sqrt(intensities)
    return (np.diff(amplitudes, axis=0) ** 2).sum(axis=0) / intensities.sum(axis=0)


def _hutchinson_knopoff(frequencies):
    """Return the kernel of Hutchinson and Knopoff (1978), in the form of Bigand et al. (1996)."""
    apart = _critical_bands(frequencies)
    return np.where(apart < REACH, (4 * apart * np.exp(1 - 4 * apart)) ** 2, 0.0)


def _sethares(frequencies):
    """Return the kernel of Sethares (1993)."""
    lower = np.minimum(frequencies, frequencies[:, None])
    apart = 0.24 * np.abs(frequencies - frequencies[:, None]) / (0.0207 * lower + 18.96)
    kernel = np.exp(-3.51 * apart) - np.exp(-5.75 * apart)
    return np.where(_critical_bands(frequencies) < REACH, kernel, 0.0)


def _critical_bands(frequencies):
    mean = (frequencies + frequencies[:, None]) / 2
    return np.abs(frequencies - frequencies[:, None]) / (1.72 * mean**0.65)
