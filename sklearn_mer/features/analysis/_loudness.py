"""Perceived loudness: excitation of the inner ear, specific loudness, and derived descriptors.

The model is that of Moore, Glasberg and Baer, "A model for the prediction of thresholds, loudness,
and partial loudness", Journal of the Audio Engineering Society 45(4), 1997, applied to the
components of a frame, in a free field and for diotic presentation.
"""

from functools import lru_cache

import numpy as np

from ._components import component_frequencies

STEP = 0.5
#: ERB numbers of the centres of the filters.
ERB_NUMBERS = np.arange(2.0, 39.0, STEP)
CENTRES = (10 ** (ERB_NUMBERS / 21.366) - 1) / 4.37e-3

_LEVEL_STEP = 20.0
_LEVELS = np.arange(11.0, 112.0, _LEVEL_STEP)

_C = 0.047  # sone, of one ear
_EARS = 2

# Transmission from the free field to the eardrum, and to the inner ear, in dB (ISO 532-2).
_HZ = (20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 750, 800, 1000)
_HZ += (1250, 1500, 1600, 2000, 2500, 3000, 3150, 4000, 5000, 6000, 6300, 8000, 9000, 10000)
_HZ += (11200, 12500, 14000, 15000, 16000, 20000)
_OUTER = (0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.3, 0.5, 0.9, 1.4, 1.6, 1.7, 2.5, 2.7, 2.6, 2.6, 3.2, 5.2)
_OUTER += (6.6, 12, 16.8, 15.3, 15.2, 14.2, 10.7, 7.1, 6.4, 1.8, -0.9, -1.6, 1.9, 4.9, 2, -2, 2.5)
_OUTER += (2.5,)
_MIDDLE = (-39.6, -32, -25.85, -21.4, -18.5, -15.9, -14.1, -12.4, -11, -9.6, -8.3, -7.4, -6.2)
_MIDDLE += (-4.8, -3.8, -3.3, -2.9, -2.6, -2.6, -4.5, -5.4, -6.1, -8.5, -10.4, -7.3, -7, -6.6, -7)
_MIDDLE += (-9.2, -10.2, -12.2, -10.8, -10.1, -12.7, -15, -18.2, -23.8, -32.3, -45.5)

# Excitation at the threshold of hearing in dB; constant from 500 Hz on.
_THRESHOLD_HZ = (50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500)
_THRESHOLD = (28.18, 23.9, 19.2, 15.68, 12.67, 10.09, 8.08, 6.3, 5.3, 4.5, 3.63)
# Exponent and offset of the compression by the gain of the cochlea at low frequencies.
_GAIN_DB = (-25, -20, -15, -10, -5, 0)
_ALPHA = (0.267, 0.25, 0.237, 0.222, 0.211, 0.2)
_OFFSET = (8.87, 7.6, 6.62, 5.85, 5.19, 4.62)

_THRESHOLDS_DB = np.interp(CENTRES, _THRESHOLD_HZ, _THRESHOLD)[:, None]
_GAINS_DB = _THRESHOLD[-1] - _THRESHOLDS_DB
_EXPONENTS = np.interp(_GAINS_DB, _GAIN_DB, _ALPHA)
_OFFSETS = np.interp(_GAINS_DB, _GAIN_DB, _OFFSET)


def specific_loudness(intensities, sample_rate):
    """Return the loudness per ERB (n_filters, n_frames), in sone.

    Parameters
    ----------
    intensities : ndarray of shape (n_components, n_frames)
        1 is 0 dB SPL.
    sample_rate : int
    """
    excitation = _excitation(intensities, sample_rate)
    gain, threshold = 10 ** (_GAINS_DB / 10), 10 ** (_THRESHOLDS_DB / 10)
    middle = (gain * excitation + _OFFSETS) ** _EXPONENTS - _OFFSETS**_EXPONENTS
    soft = (2 * excitation / (excitation + threshold)) ** 1.5
    loud = np.sqrt(excitation / 1.04e6)
    compressed = np.where(excitation > 1e10, loud, middle * np.minimum(soft, 1.0))
    return _EARS * _C * compressed


def _excitation(intensities, sample_rate):
    """Return the power after each auditory filter (n_filters, n_frames).

    Louder components excite filters farther above them. The filters are computed for a few levels,
    and each component is interpolated between the two levels next to its own.
    """
    ear, around, filters = _filters(sample_rate)
    arriving = ear * intensities
    levels = 10 * np.log10(np.maximum(around @ arriving, 1e-10))
    places = np.clip((levels - _LEVELS[0]) / _LEVEL_STEP, 0, len(_LEVELS) - 1)
    excitation = np.zeros((len(CENTRES), intensities.shape[1]))
    for place, weights in enumerate(filters):
        excitation += weights @ (arriving * np.maximum(1 - np.abs(places - place), 0.0))
    return excitation


def total(specific):
    """Return the loudness (n_frames,), in sone."""
    return STEP * specific.sum(axis=0)


@lru_cache(maxsize=4)
def _filters(sample_rate):
    """Return what the filters are made of.

    The gain up to the inner ear (n_components, 1), what sums intensities around each component
    (n_components, n_components), and what takes intensities to excitations, for each of
    `_LEVELS` (n_levels, n_filters, n_components).
    """
    frequencies = component_frequencies(sample_rate)
    ear = 10 ** (np.interp(frequencies, _HZ, np.add(_OUTER, _MIDDLE)) / 10)[:, None]
    around = _rounded_exponential(frequencies, frequencies, 51.0)
    return ear, around, [_rounded_exponential(frequencies, CENTRES, level) for level in _LEVELS]


def _rounded_exponential(frequencies, centres, level):
    """Return filters (n_centres, n_frequencies) of Glasberg and Moore (1990) at a level in dB."""
    slope = (4 * centres / _bandwidth(centres))[:, None]
    distance = frequencies / centres[:, None] - 1
    at_1_khz = 4 * 1000 / _bandwidth(1000.0)
    lower = slope - 0.35 * slope / at_1_khz * (level - 51)
    slope = np.where(distance < 0, np.maximum(lower, 0.1), slope)
    distance = np.abs(distance)
    return (1 + slope * distance) * np.exp(-slope * distance)


def _bandwidth(hertz):
    return 24.7 * (4.37e-3 * hertz + 1)


def sharpness(specific, loudness):
    """Return the sharpness of Aures and of Zwicker (2, n_frames) in acum; NaN for silence."""
    bark = _bark(CENTRES)
    aures = STEP * (np.exp(0.171 * bark) @ specific)
    # Weight of Zwicker and Fastl: 1 up to 16 Bark, then increasing.
    weight = np.where(bark > 16, 0.066 * np.exp(0.171 * bark), 1.0)
    zwicker = STEP * ((weight * bark) @ specific)
    return np.stack(
        [
            0.0165 * 0.585 * aures / np.log1p(loudness / 20),
            0.11 * zwicker / loudness,
        ]
    )


def timbral_width(specific, loudness):
    """Return the squared share of the loudness more than half an ERB from its peak."""
    peak = specific.argmax(axis=0)
    near = np.abs(np.arange(len(specific))[:, None] - peak) * STEP <= 0.5
    return (1 - STEP * np.where(near, specific, 0.0).sum(axis=0) / loudness) ** 2


def volume(specific, loudness):
    """Return the perceived size (n_frames,): increases with loudness, decreases with pitch."""
    centroid = STEP * (ERB_NUMBERS @ specific) / loudness
    return 3.47e5 * np.sqrt(loudness) / (centroid + 8.65) ** 4


def bands(specific, n_bands):
    """Return the loudness of `n_bands` equal parts of the ERB-number scale (n_bands, n_frames)."""
    edges = np.linspace(0, len(specific), n_bands + 1).round().astype(int)
    return STEP * np.add.reduceat(specific, edges[:-1], axis=0)


def smoothed(loudness, frame_rate, rise, fall):
    """Return the loudness after first-order smoothing.

    Parameters
    ----------
    loudness : ndarray of shape (n_frames,)
    frame_rate : float
    rise, fall : float
        Time constants in seconds for increasing and decreasing loudness.
    """
    step = 1 / frame_rate
    return _smoothed(loudness, 1 - np.exp(-step / rise), 1 - np.exp(-step / fall))


def _smoothed(values, rise, fall):
    # Not compiled: of the frames of a clip, this takes no millisecond.
    result = []
    last = float(values[0])
    for value in values.tolist():
        last += (rise if value > last else fall) * (value - last)
        result.append(last)
    return np.array(result)


def _bark(hertz):
    return 13 * np.arctan(0.76e-3 * hertz) + 3.5 * np.arctan((hertz / 7500) ** 2)
