"""Melody: the line that stands out, its notes, its range and its direction."""

import numpy as np

from .._descriptor import Descriptor
from .._statistics import MOMENTS

_DIMENSION = "melody"
_PANDA = "Panda, Malheiro and Paiva 2020"
_SALAMON = "Salamon and Gomez 2012"

# In MIDI notes: the ranges of voices.
_REGISTERS = {
    "bass": (40, 64),
    "baritone": (43, 65),
    "tenor": (47, 69),
    "contralto": (53, 76),
    "mezzo_soprano": (57, 81),
    "soprano": (60, 84),
}
# In semitones, of the size of an interval.
_INTERVALS = {"repeat": (0, 0), "step": (1, 2), "third": (3, 4), "leap": (5, 11), "wide": (12, 99)}
_DURATIONS = {"short": (0.0, 0.3), "medium": (0.3, 1.0), "long": (1.0, np.inf)}
_DIRECTIONS = ("up", "down", "equal")
# The least motion of all frames is nothing but rounding.
_MOVING = tuple(name for name in MOMENTS if name != "min")
# Levels nearer than this are equal, in dB.
_LEVEL_STEP = 1.0


def _of_melody(sound, values):
    """Return the melody's values in all frames, NaN where there is none."""
    points = sound.melody
    series = np.full(len(points), np.nan)
    series[points >= 0] = values[points[points >= 0]]
    return series


def _f0(sound):
    return _of_melody(sound, sound.contours.cents) / 100


def _salience(sound):
    return _of_melody(sound, sound.contours.salience)


def _voiced(sound):
    return np.mean(sound.melody >= 0)


def _voicing_changes(sound):
    return np.sum(np.diff(sound.melody >= 0)) / 2 / sound.duration


def _strength(sound):
    """Return the part of a frame's power that the melody's harmonics have."""
    total = sound.peaks.power
    part = _of_melody(sound, sound.contours.magnitude**2) / np.where(total > 0, total, np.nan)
    # Where values are interpolated over a gap, the part may be above 1.
    return np.minimum(part, 1.0)


def _motion(sound):
    """Return how fast the melody's pitch moves within its contours, in semitones a second."""
    points = sound.melody
    go_on = (points[1:] == points[:-1] + 1) & (points[:-1] >= 0)
    cents = sound.contours.cents
    return (
        np.abs(cents[points[1:][go_on]] - cents[points[:-1][go_on]]) * sound.peaks.frame_rate / 100
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
    # A tenth longer or shorter is another duration.
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
    """Return the share of notes at which the line turns round."""
    signs = np.sign(np.round(_intervals(sound)))
    signs = signs[signs != 0]
    return np.mean(signs[1:] != signs[:-1]) if len(signs) > 1 else np.nan


def _pitch_classes(sound):
    notes = sound.notes
    classes = np.round(notes.pitch / 100).astype(int) % 12
    return np.bincount(classes, weights=notes.duration * notes.salience, minlength=12)


def _entropy(weights):
    """Return the entropy of weights, as a part of the largest that there can be."""
    total = weights.sum()
    if total <= 0:
        return np.nan
    part = weights[weights > 0] / total
    return -np.sum(part * np.log(part)) / np.log(len(weights))


def _interval_entropy(sound):
    size = np.clip(np.round(_intervals(sound)), -12, 12).astype(int) + 12
    return _entropy(np.bincount(size, minlength=25).astype(float))


def _tuning(sound):
    """Return how far notes are from the nearest of the scale that fits all best, in cents."""
    notes = sound.notes
    turns = 2j * np.pi * notes.pitch / 100
    if not len(turns):
        return np.nan
    centre = np.angle(np.sum(notes.duration * np.exp(turns)))
    away = np.angle(np.exp(turns - 1j * centre)) * 100 / (2 * np.pi)
    return np.average(np.abs(away), weights=notes.duration)


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
        "Sum of the prominence of the melody's harmonics: how clear its pitch is.",
    ),
    _series("strength", _strength, "1", "-", "Part of the power that the melody's harmonics have."),
    _series(
        "motion",
        _motion,
        "semitones/s",
        _SALAMON,
        "Speed of the pitch within contours.",
        _MOVING,
    ),
    _values("voiced", _voiced, "1", _SALAMON, "Share of frames in which there is a melody."),
    _values(
        "phrases",
        _voicing_changes,
        "1/s",
        _PANDA,
        "Beginnings and ends of the melody, halved, a second.",
    ),
    _series(
        "note",
        lambda sound: sound.melody_notes.pitch / 100,
        "MIDI notes",
        _PANDA,
        "Pitch of the melody's notes.",
    ),
    _values("range", _note_range, "semitones", _PANDA, "From the lowest to the highest twentieth."),
    _values(
        "register",
        _registers,
        "1",
        _PANDA,
        "Share of the melody's notes in the range of a voice; ranges overlap.",
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
        "Share of the melody's intervals by size: 0, 1-2, 3-4, 5-11, 12 or more semitones.",
        _INTERVALS,
    ),
    _values(
        "direction",
        _directions,
        "1",
        _PANDA,
        "Share of the melody's notes that are higher, lower or equal to the one before.",
        _DIRECTIONS,
    ),
    _values("turns", _turns, "1", "-", "Share of the melody's intervals that turn its direction."),
    _series("duration", _durations, "s", _PANDA, "Duration of the melody's notes."),
    _values(
        "duration_share",
        _duration_classes,
        "1",
        _PANDA,
        "Share of notes below 0.3 s, below 1 s, and longer.",
        _DURATIONS,
    ),
    _values(
        "duration_direction",
        _duration_directions,
        "1",
        _PANDA,
        "Share of notes that are longer, shorter or as long as the one before.",
        ("longer", "shorter", "equal"),
    ),
    _series(
        "level",
        lambda sound: sound.melody_notes.level,
        "dB",
        _PANDA,
        "Level of the melody's notes below the clip's loudest.",
    ),
    _values(
        "level_direction",
        _level_directions,
        "1",
        _PANDA,
        "Share of notes that are louder, softer or as loud as the one before (to 1 dB).",
        ("louder", "softer", "equal"),
    ),
    _values(
        "pitch_class_entropy",
        lambda sound: _entropy(_pitch_classes(sound)),
        "0 to 1",
        "-",
        "Entropy of the twelve pitch classes of all notes, by duration and salience.",
    ),
    _values(
        "interval_entropy", _interval_entropy, "0 to 1", "-", "Entropy of the melody's intervals."
    ),
    _values(
        "mistuning",
        _tuning,
        "cents",
        "-",
        "Mean distance of notes from the equal-tempered scale that fits the clip best.",
    ),
)
