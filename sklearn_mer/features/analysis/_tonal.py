"""Tuning, chroma and keys from spectra with long windows."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy.ndimage

from ._spectral import HOP as _SHARED_HOP
from ._spectral import stft

# 8192 samples at 22,050 Hz resolve semitones down to 130 Hz (2.7 Hz per bin), unlike the frames of
# `Sound`. A quarter of its frame rate suffices for harmony.
_WINDOW_SECONDS = 8192 / 22050
HELD = 4
HOP = HELD * _SHARED_HOP
_LOWEST, _HIGHEST = 65.0, 2100.0  # Hz: C2 to C7
_NEIGHBOURHOOD = 220.0  # Hz, width of the neighbourhood of a pitch
_FLOOR = 1e-3  # magnitude of silence relative to the largest of the clip (60 dB)
_PEAK = 2.0  # smallest ratio of a peak to the mean of its neighbourhood, for the tuning
# The third, fifth and sixth partials of a pitch have other pitch classes. For keys and chords, each
# class also counts for those of which it may be a partial (Gomez 2006), with powers of this weight.
_PARTIAL_DECAY = 0.6
_PARTIAL_SEMITONES = (0, 0, 7, 0, 4, 7)

# Krumhansl and Kessler (1982), from the tonic upwards.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)

# Half turns of a pitch class on the circles of fifths, minor and major thirds, and their radii.
_TURNS = np.outer([7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3], np.arange(12.0))
_TURNS[::2] -= 0.5
_TONAL_CIRCLES = np.array([[1], [1], [1], [1], [0.5], [0.5]]) * np.cos(np.pi * _TURNS)


class TonalSpectrum(NamedTuple):
    """Magnitudes from C2 to C7."""

    frequencies: np.ndarray  # (n_bins,), in Hz
    magnitude: np.ndarray  # (n_bins, n_frames)
    around: np.ndarray  # (n_bins, n_frames): mean of the 220 Hz around each bin


def tonal_spectrum(waveform, sample_rate):
    """Return the spectrum of windows of 0.37 s with a hop of 2,048 samples.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,)
    sample_rate : int
        In Hz.

    Returns
    -------
    TonalSpectrum
    """
    n_fft = max(HOP, 2 ** round(np.log2(_WINDOW_SECONDS * sample_rate)))
    n_frames = 1 + len(waveform) // HOP
    filled = np.pad(waveform, (0, max(0, n_fft - len(waveform))))
    transform = stft(filled, n_fft, HOP)[:, :n_frames]
    frequencies = np.fft.rfftfreq(n_fft, 1 / sample_rate)
    n_low = np.searchsorted(frequencies, _HIGHEST + _NEIGHBOURHOOD)
    magnitude = np.abs(transform[:n_low])
    n_around = 2 * round(_NEIGHBOURHOOD / 2 / frequencies[1]) + 1
    around = scipy.ndimage.uniform_filter1d(magnitude, n_around, axis=0)
    kept = slice(*np.searchsorted(frequencies, (_LOWEST, _HIGHEST)))
    return TonalSpectrum(frequencies[kept], magnitude[kept], around[kept])


def tuning(spectrum):
    """Return the deviation of the tuning from A = 440 Hz, and its clarity.

    Parameters
    ----------
    spectrum : TonalSpectrum

    Returns
    -------
    cents : float
        Deviation in [-50, 50]; NaN without peaks.
    clarity : float
        From 0, all deviations are equally frequent, to 1, all peaks have the same deviation; NaN
        without peaks.
    """
    pitch, weight = _peaks(spectrum)
    if not len(pitch):
        return np.nan, np.nan
    mean = np.average(np.exp(2j * np.pi * pitch), weights=weight)
    return 100 * np.angle(mean) / (2 * np.pi), np.abs(mean)


def _peaks(spectrum):
    """Return interpolated pitches (MIDI notes) and weights of the peaks."""
    below, here, above = (spectrum.magnitude[k : k - 2 or None] for k in range(3))
    around = spectrum.around[1:-1]
    floor = _FLOOR * here.max(initial=0)
    row, frame = np.nonzero(
        (here > below) & (here >= above) & (here > _PEAK * around) & (here > floor)
    )
    left, middle, right = (np.log(part[row, frame] + 1e-30) for part in (below, here, above))
    offset = 0.5 * (left - right) / (left - 2 * middle + right)
    first, spacing = spectrum.frequencies[1], np.diff(spectrum.frequencies[:2])
    weight = np.sqrt(here[row, frame] - around[row, frame])
    return _midi(first + (row + offset) * spacing), weight


def chroma(spectrum, cents):
    """Return the pitch classes, C first, of each frame.

    Parameters
    ----------
    spectrum : TonalSpectrum
    cents : float
        Tuning of the clip.

    Returns
    -------
    ndarray of shape (12, n_frames), float64
        Sums of the square roots of the magnitudes above the neighbourhood. The square root limits
        the weight of loud partials; the difference to the neighbourhood removes noise.
    """
    pitch = _midi(spectrum.frequencies) - np.nan_to_num(cents) / 100
    nearest = np.rint(pitch)
    classes = nearest.astype(int) % 12 == np.arange(12)[:, None]
    excess = spectrum.magnitude - spectrum.around
    floor = _FLOOR * spectrum.magnitude.max(initial=0)
    audible = np.sqrt(np.where(excess > floor, excess, 0))
    return (classes * np.cos(np.pi * (pitch - nearest)) ** 2) @ audible.astype(np.float64)


def _midi(frequencies):
    return 69 + 12 * np.log2(frequencies / 440)


def shares(chroma):
    """Return frames divided by their sums; NaN for frames without pitch.

    Parameters
    ----------
    chroma : ndarray of shape (12, ...)

    Returns
    -------
    ndarray of the same shape
    """
    total = chroma.sum(axis=0)
    return chroma / np.where(total > 0, total, np.nan)


def key_strength(chroma):
    """Return the correlation of pitch classes with the 24 key profiles.

    Parameters
    ----------
    chroma : ndarray of shape (12, ...)

    Returns
    -------
    ndarray of shape (24, ...)
        Correlations from -1 to 1, of C major to B major, then C minor to B minor. NaN if all pitch
        classes are equal.
    """
    return correlate(key_profiles(), fundamentals(chroma))


def fundamentals(chroma):
    """Add each pitch class to those of which it may be a partial.

    Parameters
    ----------
    chroma : ndarray of shape (12, ...)

    Returns
    -------
    ndarray of the same shape
    """
    return _of_fundamentals() @ chroma


@lru_cache(maxsize=1)
def _of_fundamentals():
    matrix = np.zeros((12, 12))
    for partial, semitones in enumerate(_PARTIAL_SEMITONES):
        matrix += _PARTIAL_DECAY**partial * np.roll(np.eye(12), -semitones, axis=0)
    return matrix


@lru_cache(maxsize=1)
def key_profiles():
    """Return the 24 profiles of Krumhansl and Kessler, shape (24, 12), as in `key_strength`."""
    return np.array([np.roll(p, tonic) for p in (_MAJOR, _MINOR) for tonic in range(12)])


def correlate(templates, columns):
    """Return Pearson's correlation of each row of `templates` with each column of `columns`.

    NaN for constant columns.
    """
    templates = templates - templates.mean(axis=1, keepdims=True)
    templates /= np.linalg.norm(templates, axis=1, keepdims=True)
    columns = columns - columns.mean(axis=0)
    norm = np.linalg.norm(columns, axis=0)
    return templates @ (columns / np.where(norm > 1e-9, norm, np.nan))


def average(chroma, seconds, frame_rate):
    """Return the moving average of the frames in windows of `seconds`.

    Parameters
    ----------
    chroma : ndarray of shape (12, n_frames)
    seconds : float
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of the same shape
    """
    return scipy.ndimage.uniform_filter1d(
        chroma, max(1, round(seconds * frame_rate)), axis=1, mode="constant"
    )


def hold(series, n_frames):
    """Return a series at a quarter of the frame rate, repeated to `n_frames` frames of `Sound`."""
    return np.repeat(series, HELD, axis=-1)[..., :n_frames]


def tonal_centroid(chroma):
    """Return the six coordinates of Harte et al. (2006): fifths, minor and major thirds.

    Parameters
    ----------
    chroma : ndarray of shape (12, n_frames)

    Returns
    -------
    ndarray of shape (6, n_frames)
        Coordinates; NaN for frames without pitch.
    """
    centroid = np.full((6, chroma.shape[1]), np.nan)
    sounding = chroma.sum(axis=0) > 0
    if sounding.any():
        heard = chroma[:, sounding]
        # Of einsum, for the order of its sums.
        shares = (heard / heard.sum(axis=0, dtype=float)).astype(heard.dtype)
        centroid[:, sounding] = np.einsum("pc,ci->pi", _TONAL_CIRCLES, shares, optimize=True)
    return centroid
