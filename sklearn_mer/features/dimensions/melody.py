"""Melody: pitch, notes, range and direction of the most salient voice."""

import numpy as np

from .._descriptor import Descriptor
from .._statistics import MOMENTS

_DIMENSION = "melody"
_PANDA = "Panda, Malheiro and Paiva 2020"
_SALAMON = "Salamon and Gomez 2012"

# Ranges of singing voices in MIDI notes.
_REGISTERS = {
    "bass": (40, 64),
    "baritone": (43, 65),
    "tenor": (47, 69),
    "contralto": (53, 76),
    "mezzo_soprano": (57, 81),
    "soprano": (60, 84),
}
# Ranges of the size of intervals in semitones.
_INTERVALS = {"repeat": (0, 0), "step": (1, 2), "third": (3, 4), "leap": (5, 11), "wide": (12, 99)}
_DURATIONS = {"short": (0.0, 0.3), "medium": (0.3, 1.0), "long": (1.0, np.inf)}
_DIRECTIONS = ("up", "down", "equal")
# The minimum of the motion is only rounding.
_MOTION_STATISTICS = tuple(name for name in MOMENTS if name != "min")
# Levels with a smaller difference in dB are equal.
_LEVEL_STEP = 1.0


def _melody_series(sound, values):
    """Return the values of the melody in all frames, NaN without melody."""
    points = sound.melody
    series = np.full(len(points), np.nan)
    series[points >= 0] = values[points[points >= 0]]
    return series


def _f0(sound):
    return _melody_series(sound, sound.contours.cents) / 100


def _salience(sound):
    return _melody_series(sound, sound.contours.salience)


def _voiced(sound):
    return np.mean(sound.melody >= 0)


def _voicing_changes(sound):
    return np.sum(np.diff(sound.melody >= 0)) / 2 / sound.duration


def _strength(sound):
    """Return the share of the power of each frame that is in the harmonics of the melody."""
    total = sound.peaks.power
    part = _melody_series(sound, sound.contours.magnitude**2) / np.where(total > 0, total, np.nan)
    # Interpolated values in gaps can exceed 1.
    return np.minimum(part, 1.0)


def _motion(sound):
    """Return the speed of the pitch within contours in semitones per second."""
    points = sound.melody
    continued = (points[1:] == points[:-1] + 1) & (points[:-1] >= 0)
    cents = sound.contours.cents
    return (
        np.abs(cents[points[1:][continued]] - cents[points[:-1][continued]])
        * sound.peaks.frame_rate
        / 100
    )


def _intervals(sound):
    return np.diff(sound.melody_notes.pitch) / 100


def _interval_classes(sound):
    size = np.abs(np.round(_intervals(sound)))
    return _shares((size >= low) & (size <= high) for low, high in _INTERVALS.values())


def _directions(sound):
    return _shares(_signs(_intervals(sound), 0.5))


def _durations(sound):
    return sound.melody_notes.duration


def _duration_classes(sound):
    duration = _durations(sound)
    return _shares((duration >= low) & (duration < high) for low, high in _DURATIONS.values())


def _duration_directions(sound):
    # Durations that differ by less than 10 % are equal.
    return _shares(_signs(np.diff(np.log(np.maximum(_durations(sound), 1e-3))), np.log(1.1)))


def _level_directions(sound):
    return _shares(_signs(np.diff(sound.melody_notes.level), _LEVEL_STEP))


def _registers(sound):
    pitch = np.round(sound.melody_notes.pitch / 100)
    return _shares((pitch >= low) & (pitch <= high) for low, high in _REGISTERS.values())


def _note_range(sound):
    pitch = sound.melody_notes.pitch
    return np.ptp(np.percentile(pitch, [5, 95])) / 100 if len(pitch) else np.nan


def _turns(sound):
    """Return the share of notes at which the direction changes."""
    signs = np.sign(np.round(_intervals(sound)))
    signs = signs[signs != 0]
    return np.mean(signs[1:] != signs[:-1]) if len(signs) > 1 else np.nan


def _pitch_classes(sound):
    notes = sound.notes
    classes = np.round(notes.pitch / 100).astype(int) % 12
    return np.bincount(classes, weights=notes.duration * notes.salience, minlength=12)


def _entropy(weights):
    """Return the entropy of weights, divided by the largest possible one."""
    total = weights.sum()
    if total <= 0:
        return np.nan
    part = weights[weights > 0] / total
    return -np.sum(part * np.log(part)) / np.log(len(weights))


def _interval_entropy(sound):
    size = np.clip(np.round(_intervals(sound)), -12, 12).astype(int) + 12
    return _entropy(np.bincount(size, minlength=25).astype(float))


def _tuning(sound):
    """Return the mean distance of notes to the equal-tempered scale with the best tuning, in "
    "cents."""
    notes = sound.notes
    phases = 2j * np.pi * notes.pitch / 100
    if not len(phases):
        return np.nan
    centre = np.angle(np.sum(notes.duration * np.exp(phases)))
    distance = np.angle(np.exp(phases - 1j * centre)) * 100 / (2 * np.pi)
    return np.average(np.abs(distance), weights=notes.duration)


def _signs(steps, least):
    return steps >= least, steps <= -least, np.abs(steps) < least


def _shares(choices):
    return [np.mean(chosen) if len(chosen) else np.nan for chosen in choices]


def _series(name, compute, unit, source, description, statistics=MOMENTS):
    given = {"kind": "series", "unit": unit, "source": source, "description": description}
    return Descriptor(
        _DIMENSION, name, compute, **given, statistics=statistics, gain_invariant=True
    )


def _values(name, compute, unit, source, description, parts=()):
    given = {"kind": "values", "unit": unit, "source": source, "description": description}
    return Descriptor(_DIMENSION, name, compute, **given, parts=tuple(parts), gain_invariant=True)


DESCRIPTORS = (
    _series("f0", _f0, "MIDI notes", _SALAMON, "Pitch of the most salient voice of a frame."),
    _series(
        "salience",
        _salience,
        "1",
        _SALAMON,
        "Sum of the prominence of the harmonics of the melody: clarity of its pitch.",
    ),
    _series("strength", _strength, "1", "-", "Share of the power in the harmonics of the melody."),
    _series(
        "motion",
        _motion,
        "semitones/s",
        _SALAMON,
        "Speed of the pitch within contours.",
        _MOTION_STATISTICS,
    ),
    _values("voiced", _voiced, "1", _SALAMON, "Share of frames with a melody."),
    _values(
        "phrases",
        _voicing_changes,
        "1/s",
        _PANDA,
        "Half the number of starts and ends of the melody per second.",
    ),
    _series(
        "note",
        lambda sound: sound.melody_notes.pitch / 100,
        "MIDI notes",
        _PANDA,
        "Pitch of the notes of the melody.",
    ),
    _values(
        "range", _note_range, "semitones", _PANDA, "Range of the pitch, 5th to 95th percentile."
    ),
    _values(
        "register",
        _registers,
        "1",
        _PANDA,
        "Share of the notes of the melody in the range of a singing voice; ranges overlap.",
        _REGISTERS,
    ),
    _series(
        "smoothness",
        lambda sound: np.abs(_intervals(sound)),
        "semitones",
        _PANDA,
        "Size of the interval between consecutive notes of the melody.",
    ),
    _values(
        "interval",
        _interval_classes,
        "1",
        _PANDA,
        "Share of intervals of the melody by size: 0, 1-2, 3-4, 5-11, 12 or more semitones.",
        _INTERVALS,
    ),
    _values(
        "direction",
        _directions,
        "1",
        _PANDA,
        "Share of notes of the melody that are higher than, lower than or equal to the previous "
        "one.",
        _DIRECTIONS,
    ),
    _values(
        "turns", _turns, "1", "-", "Share of intervals of the melody that change its direction."
    ),
    _series("duration", _durations, "s", _PANDA, "Duration of the notes of the melody."),
    _values(
        "duration_share",
        _duration_classes,
        "1",
        _PANDA,
        "Share of notes shorter than 0.3 s, from 0.3 s to 1 s, and longer.",
        _DURATIONS,
    ),
    _values(
        "duration_direction",
        _duration_directions,
        "1",
        _PANDA,
        "Share of notes that are longer than, shorter than or as long as the previous one.",
        ("longer", "shorter", "equal"),
    ),
    _series(
        "level",
        lambda sound: sound.melody_notes.level,
        "dB",
        _PANDA,
        "Level of the notes of the melody relative to the loudest note of the clip.",
    ),
    _values(
        "level_direction",
        _level_directions,
        "1",
        _PANDA,
        "Share of notes that are louder than, softer than or as loud as the previous one (to 1 "
        "dB).",
        ("louder", "softer", "equal"),
    ),
    _values(
        "pitch_class_entropy",
        lambda sound: _entropy(_pitch_classes(sound)),
        "0 to 1",
        "-",
        "Entropy of the pitch classes of all notes, weighted by duration and salience.",
    ),
    _values(
        "interval_entropy",
        _interval_entropy,
        "0 to 1",
        "-",
        "Entropy of the intervals of the melody.",
    ),
    _values(
        "mistuning",
        _tuning,
        "cents",
        "-",
        "Mean distance of notes to the equal-tempered scale with the best tuning for the clip.",
    ),
)
