"""Chords: the best sequence of templates."""

from functools import lru_cache
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
# Penalty of chords with a seventh, since partials of a triad sound like its seventh.
_SEVENTH_PENALTY = 0.05
_SECONDS = 0.3  # window of the moving average of pitch classes
# Penalty of a change of chord.
_CHANGE_PENALTY = 1.0


class Chords(NamedTuple):
    """Chord of each frame."""

    root: np.ndarray  # (n_frames,): pitch class, C being 0; -1 for none
    quality: np.ndarray  # (n_frames,): index into QUALITIES; -1 for none
    clarity: np.ndarray  # (n_frames,): correlation with the template; NaN for none


def find_chords(chroma, frame_rate):
    """Return the most likely sequence of chords.

    Parameters
    ----------
    chroma : ndarray of shape (12, n_frames)
    frame_rate : float
        Frames per second.

    Returns
    -------
    Chords
        Chords whose templates correlate best with the pitch classes, with a penalty for each
        change of chord (Sheh and Ellis 2003; Bello and Pickens 2005).
    """
    chroma = _tonal.fundamentals(_tonal.average(chroma, _SECONDS, frame_rate))
    strength = _tonal.correlate(_templates(), chroma)
    sizes = np.repeat([len(semitones) for semitones in QUALITIES.values()], 12)
    strength[sizes > 3] -= _SEVENTH_PENALTY
    undefined = np.isnan(strength[0])
    best = _best_path(np.nan_to_num(strength))
    clarity = np.take_along_axis(strength, best[None, :], axis=0)[0]
    quality, root = np.divmod(best, 12)
    return Chords(np.where(undefined, -1, root), np.where(undefined, -1, quality), clarity)


def _best_path(strength):
    """Return the states (n_frames,) with the largest sum of strengths minus change penalties."""
    n_states, n_frames = strength.shape
    frames = np.ascontiguousarray(strength.T)
    best, changes = np.empty(n_frames, dtype=int), np.empty((n_frames, n_states), dtype=bool)
    total = frames[0].copy()
    for now in range(1, n_frames):
        best[now] = total.argmax()
        changed = total[best[now]] - _CHANGE_PENALTY
        np.less(total, changed, out=changes[now])
        np.maximum(total, changed, out=total)
        total += frames[now]
    path = np.empty(n_frames, dtype=int)
    path[-1] = total.argmax()
    for now in range(n_frames - 1, 0, -1):
        path[now - 1] = best[now] if changes[now, path[now]] else path[now]
    return path


@lru_cache(maxsize=1)
def _templates():
    """Return all qualities on all roots (12 * n_qualities, 12); the root changes fastest."""
    rows = []
    for semitones in QUALITIES.values():
        template = np.zeros(12)
        template[list(semitones)] = 1
        rows += [np.roll(template, root) for root in range(12)]
    return np.array(rows)
