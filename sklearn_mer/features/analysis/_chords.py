"""Chords: the best course through a set of templates."""

from typing import NamedTuple

import numpy as np

from . import _tonal

# Semitones above the root.
QUALITIES = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "augmented": (0, 4, 8),
    "dominant_seventh": (0, 4, 7, 10),
    "major_seventh": (0, 4, 7, 11),
    "minor_seventh": (0, 3, 7, 10),
}
# Partials of a triad sound like its seventh, which must be better by this much.
_SEVENTH = 0.05
_SECONDS = 0.3  # that the pitch classes are averaged over
# A chord must be better than the one before by this much, summed over its frames.
_CHANGE = 1.0


class Chords(NamedTuple):
    """The chord of each frame."""

    root: np.ndarray  # (n_frames,): pitch class, C being 0; -1 for none
    quality: np.ndarray  # (n_frames,): index into QUALITIES; -1 for none
    clarity: np.ndarray  # (n_frames,): correlation with the template; NaN for none


def find_chords(chroma, frame_rate):
    """Return the likeliest course of chords.

    Parameters
    ----------
    chroma : ndarray of shape (12, n_frames)
    frame_rate : float
        Frames a second.

    Returns
    -------
    Chords
        Those whose templates correlate best with the pitch classes, where each change of chord
        has to pay (Sheh and Ellis 2003; Bello and Pickens 2005).
    """
    chroma = _tonal.fundamentals(_tonal.average(chroma, _SECONDS, frame_rate))
    strength = _tonal.correlate(_templates(), chroma)
    sizes = np.repeat([len(semitones) for semitones in QUALITIES.values()], 12)
    strength[sizes > 3] -= _SEVENTH
    undefined = np.isnan(strength[0])
    best = _best_course(np.nan_to_num(strength))
    clarity = np.take_along_axis(strength, best[None, :], axis=0)[0]
    quality, root = np.divmod(best, 12)
    return Chords(np.where(undefined, -1, root), np.where(undefined, -1, quality), clarity)


def _best_course(strength):
    """The states (n_frames,) of the largest sum of strengths, less `_CHANGE` for each change."""
    n_states, n_frames = strength.shape
    before = np.zeros((n_frames, n_states), dtype=int)
    total = strength[:, 0]
    stay = np.arange(n_states)
    for now in range(1, n_frames):
        best = int(np.argmax(total))
        changes = total[best] - _CHANGE > total
        before[now] = np.where(changes, best, stay)
        total = np.where(changes, total[best] - _CHANGE, total) + strength[:, now]
    course = np.empty(n_frames, dtype=int)
    course[-1] = np.argmax(total)
    for now in range(n_frames - 1, 0, -1):
        course[now - 1] = before[now, course[now]]
    return course


def _templates():
    """All qualities on all roots (12 * n_qualities, 12), the root changing fastest."""
    rows = []
    for semitones in QUALITIES.values():
        template = np.zeros(12)
        template[list(semitones)] = 1
        rows += [np.roll(template, root) for root in range(12)]
    return np.array(rows)
