"""Flatness and crest of quarter-octave bands, and contrast of octaves."""

import itertools

import numpy as np

from ._spectral import N_SHORT

#: Quarter octaves from 250 Hz (MPEG-7) that fit below half of 22,050 Hz.
N_BANDS = 21
#: Octaves of the contrast.
N_CONTRASTS = 7

# Minimum of the bins relative to the largest of the frame; smaller values are rounding errors.
_FLOOR = 1e-10
_OVERLAP = 0.05
_QUANTILE = 0.02


def flatness_and_crest(power, sample_rate, audible):
    """Return flatness and crest (2, 21, n_frames) of quarter octaves from 250 Hz.

    The geometric mean and the maximum of the power of the bins of a band, divided by the mean. NaN
    for silent frames and for bands above half the sample rate.

    Parameters
    ----------
    power : ndarray of shape (n_frames, 257)
        Power of short frames.
    sample_rate : int
        Sample rate in Hz.
    audible : ndarray of shape (n_frames,), bool
        Frames that are not silent.
    """
    result = np.full((2, N_BANDS, len(power)), np.nan)
    heard = power[audible]
    heard = np.maximum(heard, _FLOOR * heard.max(axis=1, keepdims=True, initial=0.0))
    logarithms = np.log(heard)
    for band, (start, end) in enumerate(_edges(sample_rate)):
        if end <= heard.shape[1]:
            mean = heard[:, start:end].mean(axis=1)
            result[0, band, audible] = np.exp(logarithms[:, start:end].mean(axis=1)) / mean
            result[1, band, audible] = heard[:, start:end].max(axis=1) / mean
    return result


def _edges(sample_rate):
    """Return first bin and end of each band, which overlap by 5 % as in MPEG-7."""
    edges = 250 * 2 ** (np.arange(N_BANDS + 1) / 4)
    lower = np.round(edges[:-1] * (1 - _OVERLAP) * N_SHORT / sample_rate)
    upper = np.round(edges[1:] * (1 + _OVERLAP) * N_SHORT / sample_rate)
    return zip(lower.astype(int), upper.astype(int) + 1, strict=True)


def contrast(magnitude, sample_rate, audible):
    """Return librosa's spectral contrast (7, n_frames), in dB; NaN for silent frames."""
    # The lower edge of the highest octave must be below half the sample rate.
    lowest = min(200.0, 0.45 * sample_rate / 2**5)
    result = np.full((N_CONTRASTS, len(audible)), np.nan)
    heard = magnitude.T[audible]
    if len(heard):
        heard = np.maximum(heard, _FLOOR**0.5 * heard.max(axis=1, keepdims=True))
        frequencies = np.fft.rfftfreq(2 * (heard.shape[1] - 1), 1 / sample_rate)
        result[:, audible] = _contrast(heard, frequencies, lowest)
    return result


def _contrast(frames, frequencies, lowest):
    """Return the levels of the highest 2 % of each octave above those of the lowest 2 %."""
    peaks, valleys = np.empty((2, N_CONTRASTS, len(frames)))
    edges = [0.0, *lowest * 2.0 ** np.arange(N_CONTRASTS)]
    for octave, pair in enumerate(itertools.pairwise(edges)):
        first = np.searchsorted(frequencies, pair[0])
        end = np.searchsorted(frequencies, pair[1], side="right")
        first -= octave > 0
        if octave == N_CONTRASTS - 1:
            end = len(frequencies)
        n_extreme = max(1, int(np.rint(_QUANTILE * (end - first))))
        band = np.sort(frames[:, first : end - (octave < N_CONTRASTS - 1)], axis=1)
        valleys[octave] = band[:, :n_extreme].mean(axis=1)
        peaks[octave] = band[:, -n_extreme:].mean(axis=1)
    return _levels(peaks) - _levels(valleys)


def _levels(values):
    levels = 10.0 * np.log10(np.maximum(1e-10, values))
    return np.maximum(levels, levels.max() - 80.0)
