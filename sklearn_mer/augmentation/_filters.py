"""Second-order filters."""

import math

import librosa
import numpy as np
from scipy.signal import sosfilt, sosfilt_zi


def highest_frequency(sample_rate):
    """Return the highest possible frequency of a filter in Hz."""
    return 0.9999 * sample_rate / 2


def draw_frequency(rng, values):
    """Draw a frequency in Hz uniformly on the mel scale (HTK's formula) from a range."""
    low, high = map(float, values)
    mels = librosa.hz_to_mel(np.array([low, high]), htk=True)
    return float(librosa.mel_to_hz(rng.uniform(*mels), htk=True))


def filtered(waveform, sections):
    """Return the waveform filtered by second-order `sections` of shape (n_sections, 6).

    The initial state is that of a constant signal at the value of the first sample, so that clips
    from the middle of a song do not start with a click.
    """
    state = sosfilt_zi(sections) * waveform[0]
    return sosfilt(sections, waveform, zi=state)[0].astype(np.float32)


def peak(center, decibels, q, sample_rate):
    """Return a section of shape (6,) that amplifies the frequencies around `center` (in Hz).

    `decibels` is the gain at the centre, `q` the quality factor.
    """
    gain, cosine, alpha = _terms(center, decibels, q, sample_rate)
    return _section(
        (1 + alpha * gain, -2 * cosine, 1 - alpha * gain),
        (1 + alpha / gain, -2 * cosine, 1 - alpha / gain),
    )


def low_shelf(center, decibels, q, sample_rate):
    """Return a section that amplifies the frequencies below `center`; see `peak`."""
    return _shelf(*_terms(center, decibels, q, sample_rate), side=1)


def high_shelf(center, decibels, q, sample_rate):
    """Return a section that amplifies the frequencies above `center`; see `peak`."""
    return _shelf(*_terms(center, decibels, q, sample_rate), side=-1)


def _terms(center, decibels, q, sample_rate):
    angle = 2 * math.pi * center / sample_rate
    return 10 ** (decibels / 40), math.cos(angle), math.sin(angle) / (2 * q)


def _shelf(gain, cosine, alpha, side):
    # A high shelf is a low shelf with a reversed frequency axis: the cosine and the odd
    # coefficients change sign.
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
