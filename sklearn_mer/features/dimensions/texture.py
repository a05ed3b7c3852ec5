"""Texture: the number of simultaneous voices and its changes."""

import numpy as np

from .._descriptor import Descriptor
from .._statistics import MOMENTS, STATISTICS

_DIMENSION = "texture"
_PANDA = "Panda, Malheiro and Paiva 2020"
_KLAPURI = "Klapuri 2006"
_STATES = ("none", "one", "two", "more")
# The minimum is 0 in all clips that have a frame without voices.
_WITHOUT_MIN = tuple(name for name in STATISTICS if name != "min")
# The maximum is 1 in all clips that have a frame with one voice.
_WITHOUT_MAX = tuple(name for name in MOMENTS if name != "max")
_CHANGES = tuple((before, after) for before in range(4) for after in range(4) if before != after)
_CHANGE_NAMES = tuple(f"{_STATES[before]}_to_{_STATES[after]}" for before, after in _CHANGES)


def _states(sound):
    return np.minimum(sound.layers, 3)


def _shares(sound):
    states = _states(sound)
    return np.bincount(states, minlength=4) / len(states)


def _changes(sound):
    states = _states(sound)
    codes = np.bincount(4 * states[:-1] + states[1:], minlength=16)
    return np.array([codes[4 * before + after] for before, after in _CHANGES], dtype=float)


def _changes_per_second(sound):
    return _changes(sound) / sound.duration


def _change_shares(sound):
    changes = _changes(sound)
    total = changes.sum()
    return changes / total if total else np.full(len(changes), np.nan)


def _layer_changes(sound):
    return np.sum(sound.layers[1:] != sound.layers[:-1]) / sound.duration


def _per_frame(sound, values):
    return np.bincount(sound.contours.frames, weights=values, minlength=len(sound.layers))


def _salience(sound):
    return _per_frame(sound, sound.contours.salience)


def _spread(sound):
    """Return the interval between the lowest and the highest voice of each frame."""
    frames, cents = sound.contours.frames, sound.contours.cents
    low = np.full(len(sound.layers), np.inf)
    high = np.full(len(sound.layers), -np.inf)
    np.minimum.at(low, frames, cents)
    np.maximum.at(high, frames, cents)
    return np.where(sound.layers > 1, high - low, np.nan) / 100


def _lowest(sound):
    low = np.full(len(sound.layers), np.inf)
    np.minimum.at(low, sound.contours.frames, sound.contours.cents)
    return np.where(sound.layers > 0, low, np.nan) / 100


def _mean_pitch(sound):
    total = _per_frame(sound, sound.contours.cents)
    return np.where(sound.layers > 0, total / np.maximum(sound.layers, 1), np.nan) / 100


def _leading(sound):
    """Return the share of the melody in the salience of all voices."""
    points = sound.melody
    salience = np.where(points >= 0, _at(sound.contours.salience, points), np.nan)
    return salience / _salience(sound)


def _at(values, points):
    return np.append(values, 0.0)[points]


def _tonalness(sound):
    """Return the share of the power of each frame that is in the harmonics of voices."""
    power = _per_frame(sound, sound.contours.magnitude**2)
    total = sound.peaks.power
    return np.minimum(power / np.where(total > 0, total, np.nan), 1.0)


def _attacks(sound):
    return len(sound.notes.onset) / sound.duration


def _together(sound):
    """Return the share of notes that start within 50 ms of another note."""
    onset = sound.notes.onset
    if len(onset) < 2:
        return np.nan
    near = np.diff(onset) <= 0.05
    return np.mean(np.append(near, False) | np.append(False, near))


def _chord_change(sound):
    """Return the distance between the pitch classes of successive half seconds."""
    frame_rate = sound.peaks.frame_rate
    width = max(1, round(0.5 * frame_rate))
    classes = np.round(sound.contours.cents / 100).astype(int) % 12
    block = sound.contours.frames // width
    n_blocks = len(sound.layers) // width
    full = block < n_blocks
    profile = np.bincount(
        12 * block[full] + classes[full],
        weights=sound.contours.salience[full],
        minlength=12 * n_blocks,
    ).reshape(n_blocks, 12)
    norm = np.linalg.norm(profile, axis=1)
    both = norm[1:] * norm[:-1]
    similarity = (profile[1:] * profile[:-1]).sum(axis=1) / np.where(both > 0, both, np.nan)
    return 1 - similarity


def _frames(name, compute, unit, source, description, statistics=_WITHOUT_MIN):
    def at_frames_of_sound(sound):
        # Pitch frames are half as far apart as the frames of `Sound` that statistics assume.
        return compute(sound)[::2]

    return _series(name, at_frames_of_sound, unit, source, description, statistics)


def _series(name, compute, unit, source, description, statistics=MOMENTS):
    given = {"kind": "series", "unit": unit, "source": source, "description": description}
    return Descriptor(
        _DIMENSION, name, compute, **given, statistics=statistics, gain_invariant=True
    )


def _values(name, compute, unit, source, description, parts=()):
    given = {"kind": "values", "unit": unit, "source": source, "description": description}
    return Descriptor(_DIMENSION, name, compute, **given, parts=parts, gain_invariant=True)


DESCRIPTORS = (
    _frames("layers", lambda sound: sound.layers, "1", _PANDA, "Number of voices of a frame."),
    _values(
        "layer_share",
        _shares,
        "1",
        _PANDA,
        "Share of frames with no voice, one voice, two voices, and three or more.",
        _STATES,
    ),
    _values(
        "transitions",
        _changes_per_second,
        "1/s",
        _PANDA,
        "Number of changes per second from one number of voices to another.",
        _CHANGE_NAMES,
    ),
    _values(
        "transition_share",
        _change_shares,
        "1",
        _PANDA,
        "Share of each change among all changes of the number of voices.",
        _CHANGE_NAMES,
    ),
    _values(
        "changes",
        _layer_changes,
        "1/s",
        _PANDA,
        "Number of changes of the number of voices per second.",
    ),
    _frames("salience", _salience, "1", _KLAPURI, "Sum of the salience of all voices of a frame."),
    _frames(
        "tonalness",
        _tonalness,
        "1",
        "Terhardt et al. 1982",
        "Share of the power in the harmonics of voices.",
    ),
    _frames(
        "leading",
        _leading,
        "1",
        "-",
        "Share of the melody in the salience of all voices; 1 for a single voice.",
        _WITHOUT_MAX,
    ),
    _frames(
        "spread",
        _spread,
        "semitones",
        "-",
        "Interval from the lowest to the highest voice.",
        MOMENTS,
    ),
    _frames("lowest", _lowest, "MIDI notes", "-", "Pitch of the lowest voice.", MOMENTS),
    _frames("pitch", _mean_pitch, "MIDI notes", "-", "Mean pitch of the voices.", MOMENTS),
    _series(
        "chord_change",
        _chord_change,
        "0 to 1",
        "Terhardt et al. 1982",
        "Distance between the pitch classes of successive half seconds.",
    ),
    _values(
        "notes_per_second", _attacks, "1/s", _PANDA, "Number of notes of all voices per second."
    ),
    _values(
        "together", _together, "1", "-", "Share of notes that start within 50 ms of another note."
    ),
)
