"""Filters of second order, and where they are put."""

import math

import librosa
import numpy as np
from scipy.signal import sosfilt, sosfilt_zi

from ._seeds import check_range


def highest_frequency(sample_rate):
    """Return the highest frequency that a filter can be put at, in Hz."""
    return 0.9999 * sample_rate / 2


def draw_frequency(rng, values, name):
    """Draw a frequency between two, uniformly on the mel scale (HTK's formula), in Hz."""
    low, high = check_range(values, name, at_least=1e-3)
    mels = librosa.hz_to_mel(np.array([low, high]), htk=True)
    return float(librosa.mel_to_hz(rng.uniform(*mels), htk=True))


def filtered(waveform, sections):
    """Return the waveform after a cascade of filters.

    The filters start as if the first sample had lasted for ever: a clip from the middle of a
    song begins without a click.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
    sections : ndarray of shape (n_sections, 6)

    Returns
    -------
    ndarray of shape (n_samples,), float32
    """
    state = sosfilt_zi(sections) * waveform[0]
    return sosfilt(sections, waveform, zi=state)[0].astype(np.float32)


def peak(center, decibels, q, sample_rate):
    """Return the section that raises or lowers what lies around a frequency.

    Parameters
    ----------
    center : float
        In Hz.
    decibels : float
        Gain at the centre.
    q : float
        Quality factor.
    sample_rate : int

    Returns
    -------
    ndarray of shape (6,)
    """
    gain, cosine, alpha = _pieces(center, decibels, q, sample_rate)
    return _section(
        (1 + alpha * gain, -2 * cosine, 1 - alpha * gain),
        (1 + alpha / gain, -2 * cosine, 1 - alpha / gain),
    )


def low_shelf(center, decibels, q, sample_rate):
    """Return the section that raises or lowers what lies under a frequency; see `peak`."""
    return _shelf(*_pieces(center, decibels, q, sample_rate), side=1)


def high_shelf(center, decibels, q, sample_rate):
    """Return the section that raises or lowers what lies above a frequency; see `peak`."""
    return _shelf(*_pieces(center, decibels, q, sample_rate), side=-1)


def _pieces(center, decibels, q, sample_rate):
    angle = 2 * math.pi * center / sample_rate
    return 10 ** (decibels / 40), math.cos(angle), math.sin(angle) / (2 * q)


def _shelf(gain, cosine, alpha, side):
    # A high shelf is a low shelf with the frequency axis turned round: cosine and odd
    # coefficients change their signs.
    cosine = side * cosine
    more, less, slope = gain + 1, gain - 1, 2 * math.sqrt(gain) * alpha
    numerator = (
        gain * (more - less * cosine + slope),
        side * 2 * gain * (less - more * cosine),
        gain * (more - less * cosine - slope),
    )
    denominator = (
        more + less * cosine + slope,
        side * -2 * (less + more * cosine),
        more + less * cosine - slope,
    )
    return _section(numerator, denominator)


def _section(numerator, denominator):
    return np.array([*numerator, *denominator]) / denominator[0]
