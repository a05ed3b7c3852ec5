"""Harmony descriptors of a `Sound`."""

import numpy as np

from . import _tonal
from ._chords import QUALITIES

PITCHES = ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")
#: Degrees above the tonic or root.
DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
#: Interval classes with their consonance (Huron 1994).
INTERVALS = {
    "semitone": -1.428,
    "whole_tone": -0.582,
    "minor_third": 0.594,
    "major_third": 0.386,
    "fourth": 1.240,
    "tritone": -0.453,
}


def tonic(sound):
    """Return the pitch class of the tonic; 0 (C) without a key."""
    return int(np.argmax(np.nan_to_num(sound.key_strength))) % 12


def degrees(sound):
    """Return the shares of the pitch classes relative to the tonic (12, n_frames)."""
    return held(sound, np.roll(sound.chroma_shares, -tonic(sound), axis=0))


def held(sound, series):
    """Return a series at the tonal rate, repeated to the frames of `Sound`."""
    return _tonal.hold(series, sound.n_frames)


def chroma_entropy(sound):
    """Return the entropy of the pitch classes of each frame; 1 if all are equal."""
    shares = sound.chroma_shares
    return held(sound, -(shares * np.log(shares + 1e-30)).sum(axis=0) / np.log(12))


def chroma_flux(sound):
    """Return half the sum of the absolute changes of shares between frames, from 0 to 1."""
    change = np.abs(np.diff(sound.chroma_shares, axis=1)).sum(axis=0) / 2
    return held(sound, np.concatenate([[np.nan], change]))


def chroma_harmonics(sound):
    """Return the magnitudes of the Fourier coefficients 1 to 6 of the pitch classes."""
    return held(sound, np.abs(np.fft.rfft(sound.chroma_shares, axis=0)[1:]))


def intervals(sound):
    """Return the share of each interval class among pairs of different pitch classes."""
    shares = sound.chroma_shares
    pairs = np.array([(shares * np.roll(shares, k, axis=0)).sum(axis=0) for k in range(1, 7)])
    pairs[5] /= 2  # each tritone is counted twice
    total = pairs.sum(axis=0)
    return held(sound, pairs / np.where(total > 0, total, np.nan))


def consonance(sound):
    """Return the mean consonance of the pairs of pitch classes of each frame."""
    return np.array(list(INTERVALS.values())) @ intervals(sound)


def key_clarity(sound):
    """Return the correlation of the best key, and its difference to the second best."""
    second, first = np.sort(sound.key_strength)[-2:]
    return first, first - second


def mode(strength):
    """Return the correlation of the best major key minus that of the best minor key.

    Parameters
    ----------
    strength : ndarray of shape (24, ...)

    Returns
    -------
    ndarray of shape (...)
        Mode, positive for major.
    """
    return strength[:12].max(axis=0) - strength[12:].max(axis=0)


def parallel_mode(sound):
    """Return the strength of major minus that of minor on the tonic of the clip."""
    strength = sound.key_strength
    return strength[tonic(sound)] - strength[12 + tonic(sound)]


def key_stability(sound):
    """Return the share of frames in the key of the clip, and the key changes per second."""
    strength = sound.local_key_strength
    defined = np.isfinite(strength[0])
    if not defined.any():
        return np.nan, np.nan
    keys = np.argmax(strength[:, defined], axis=0)
    clip = np.argmax(sound.key_strength)
    return (keys == clip).mean(), (np.diff(keys) != 0).sum() / sound.duration


def centroid_change(sound):
    """Return the distance between the tonal centroids before and after each frame."""
    centroid = _tonal.average(_tonal.tonal_centroid(sound.chroma), 0.3, sound.tonal_rate)
    change = np.full(centroid.shape[1], np.nan)
    change[1:-1] = np.linalg.norm(centroid[:, 2:] - centroid[:, :-2], axis=0)
    return held(sound, change)


def centroid_distance(sound):
    """Return the distance of the tonal centroid of each frame to that of the whole clip."""
    whole = _tonal.tonal_centroid(sound.chroma.mean(axis=1, keepdims=True))
    return held(sound, np.linalg.norm(_tonal.tonal_centroid(sound.chroma) - whole, axis=0))


def chord_change_likelihood(sound):
    """Return 1 minus the correlation of the pitch classes of successive frames."""
    chroma = _standardised(sound.chroma)
    result = np.full(chroma.shape[1], np.nan)
    result[1:] = 1 - (chroma[:, 1:] * chroma[:, :-1]).sum(axis=0)
    return held(sound, result)


def _standardised(columns):
    columns = columns - columns.mean(axis=0)
    norm = np.linalg.norm(columns, axis=0)
    return columns / np.where(norm > 1e-9, norm, np.nan)


def chord_qualities(sound):
    """Return the share of each chord quality in the frames with a chord."""
    return _shares_of(sound.chords.quality, len(QUALITIES))


def chord_roots(sound):
    """Return the share of each degree as a root in the frames with a chord."""
    return np.roll(_shares_of(sound.chords.root, 12), -tonic(sound))


def _shares_of(labels, n_labels):
    counts = np.bincount(labels[labels >= 0], minlength=n_labels)
    return counts / (counts.sum() or np.nan)


def chord_mode(sound):
    """Return the share of chords with a major third minus that with a minor third."""
    shares = chord_qualities(sound)
    third = np.array([(4 in q) - (3 in q) for q in (set(s) for s in QUALITIES.values())])
    return shares @ third


def chord_changes(sound):
    """Return the number of chord changes per second."""
    label = 12 * sound.chords.quality + sound.chords.root
    label = label[sound.chords.root >= 0]
    return (np.diff(label) != 0).sum() / sound.duration


def chord_entropy(sound):
    """Return the entropy of the chords in bits; 0 for a single chord."""
    label = 12 * sound.chords.quality + sound.chords.root
    shares = _shares_of(label[sound.chords.root >= 0], 12 * len(QUALITIES))
    return -(shares * np.log2(shares + 1e-30)).sum()
