"""Expressive techniques: vibrato, tremolo, glissando and articulation."""

import numpy as np

from .._descriptor import Descriptor
from .._statistics import MOMENTS
from ..analysis._notes import HIGH

_DIMENSION = "expressivity"
_PANDA = "Panda, Malheiro and Paiva 2020"
_ISHI = "Ishi et al. 2008"
_BRESIN = "Bresin and Battel 2000"
_ARTICULATIONS = ("staccato", "legato", "other")
# Duration of a note relative to the time to the next onset.
_STACCATO, _LEGATO = 0.5, 0.9
# Most frames have no creak, so that minimum and median are not informative.
_CREAK_STATISTICS = tuple(name for name in MOMENTS if name not in ("min", "median"))
# Longer intervals between onsets, in seconds, contain a pause.
_PAUSE = 2.0


def _modulation(name, what, unit):
    """Return the descriptors of vibrato or tremolo."""

    def of(sound):
        modulation = getattr(sound, name)
        return modulation, modulation.length > 0

    def chosen(attribute):
        def compute(sound):
            modulation, has = of(sound)
            return getattr(modulation, attribute)[has]

        return compute

    def pitch(sound):
        return sound.notes.pitch[of(sound)[1]] / 100

    def notes(sound):
        has = of(sound)[1]
        return np.mean(has) if len(has) else np.nan

    def ratio(sound):
        has = of(sound)[1]
        return np.sum(has) / max(1, np.sum(~has))

    def coverage(sound):
        modulation, _ = of(sound)
        total = sound.notes.duration.sum()
        return modulation.length.sum() / total if total else np.nan

    def high(sound):
        modulation, _ = of(sound)
        total = modulation.length.sum()
        return modulation.length[sound.notes.pitch >= HIGH].sum() / total if total else np.nan

    def high_coverage(sound):
        modulation, _ = of(sound)
        is_high = sound.notes.pitch >= HIGH
        total = sound.notes.duration[is_high].sum()
        return modulation.length[is_high].sum() / total if total else np.nan

    def melody(sound):
        points = sound.melody[sound.melody >= 0]
        _, has = of(sound)
        marked = np.zeros(sound.contours.starts[-1])
        for begin, end in zip(sound.notes.begin[has], sound.notes.end[has], strict=True):
            marked[begin:end] = 1.0
        return marked[points].mean() if len(points) else np.nan

    return (
        _series(f"{name}_rate", chosen("rate"), "Hz", f"Rate of the {what} of a note."),
        _series(
            f"{name}_extent",
            chosen("extent"),
            unit,
            f"Extent of the {what} of a note: half of the peak-to-peak range.",
        ),
        _series(f"{name}_length", chosen("length"), "s", f"Duration of the {what} of a note."),
        _series(f"{name}_pitch", pitch, "MIDI notes", f"Pitch of notes with {what}."),
        _value(f"{name}_notes", notes, "1", f"Share of notes with {what}."),
        _value(
            f"{name}_ratio",
            ratio,
            "1",
            f"Number of notes with {what}, divided by the number of notes without.",
        ),
        _value(f"{name}_coverage", coverage, "1", f"Share of the duration of notes with {what}."),
        _value(
            f"{name}_high", high, "1", f"Share of the duration of {what} that is at C4 or above."
        ),
        _value(
            f"{name}_high_coverage",
            high_coverage,
            "1",
            f"Share of the duration of notes at C4 or above with {what}.",
        ),
        _value(f"{name}_melody", melody, "1", f"Share of the melody in notes with {what}."),
    )


def _glide_slope(sound):
    return sound.glides.extent / sound.glides.length


def _glide_directions(sound):
    up = sound.glides.up
    return [np.mean(up), np.mean(~up)] if len(up) else [np.nan, np.nan]


def _glides_per_note(sound):
    return len(sound.glides.up) / max(1, len(sound.notes.onset))


def _glide_coverage(sound):
    total = sound.notes.duration.sum()
    return sound.glides.length.sum() / total if total else np.nan


def _articulation(sound):
    """Return durations relative to the time to the next onset, and durations, without pauses."""
    notes = sound.melody_notes
    gap = np.diff(notes.onset)
    # Notes of the same chord are ignored.
    apart = (gap > 0.05) & (gap <= _PAUSE)
    return np.minimum(notes.duration[:-1][apart] / gap[apart], 1.0), notes.duration[:-1][apart]


def _sounding(sound):
    return _articulation(sound)[0]


def _kinds(sound):
    part, duration = _articulation(sound)
    staccato, legato = part <= _STACCATO, part >= _LEGATO
    return (staccato, legato, ~staccato & ~legato), duration


def _kind_shares(sound):
    return [np.mean(kind) if len(kind) else np.nan for kind in _kinds(sound)[0]]


def _kind_times(sound):
    kinds, duration = _kinds(sound)
    total = duration.sum()
    return [duration[kind].sum() / total if total else np.nan for kind in kinds]


def _durations_of(index):
    def compute(sound):
        kinds, duration = _kinds(sound)
        return duration[kinds[index]]

    return compute


def _kind_changes(sound):
    kinds = np.argmax(np.array(_kinds(sound)[0]), axis=0) if len(_sounding(sound)) else []
    return np.mean(np.diff(kinds) != 0) if len(kinds) > 1 else np.nan


def _gaps(sound):
    """Return the duration in seconds of the silence between notes of the melody."""
    notes = sound.melody_notes
    gap = notes.onset[1:] - notes.onset[:-1] - notes.duration[:-1]
    return np.maximum(gap[gap <= _PAUSE], 0.0)


def _creak(sound):
    return np.where(sound.audible, sound.creak.strength, np.nan)


def _creak_share(sound):
    strength = sound.creak.strength[sound.audible]
    return np.mean(strength > 0) if len(strength) else np.nan


def _aperiodicity(sound):
    return np.where(sound.audible, 1 - sound.creak.periodicity, np.nan)


def _series(name, compute, unit, description, source=_PANDA, statistics=MOMENTS):
    given = {"kind": "series", "unit": unit, "source": source, "description": description}
    return Descriptor(
        _DIMENSION, name, compute, **given, statistics=statistics, gain_invariant=True
    )


def _value(name, compute, unit, description, source=_PANDA, parts=()):
    given = {"kind": "values", "unit": unit, "source": source, "description": description}
    return Descriptor(_DIMENSION, name, compute, **given, parts=parts, gain_invariant=True)


DESCRIPTORS = (
    *_modulation("vibrato", "vibrato (4 to 8 Hz)", "cents"),
    *_modulation("tremolo", "tremolo (4 to 8 Hz)", "dB"),
    _series(
        "glissando_extent",
        lambda sound: sound.glides.extent,
        "cents",
        "Interval of a glissando, at least 100 cents.",
    ),
    _series("glissando_length", lambda sound: sound.glides.length, "s", "Duration of a glissando."),
    _series(
        "glissando_slope",
        _glide_slope,
        "cents/s",
        "Interval of a glissando divided by its duration.",
    ),
    _value(
        "glissando_direction",
        _glide_directions,
        "1",
        "Share of rising and of falling glissandi.",
        parts=("up", "down"),
    ),
    _value(
        "glissandi_per_second",
        lambda sound: len(sound.glides.up) / sound.duration,
        "1/s",
        "Number of glissandi per second.",
    ),
    _value(
        "glissando_ratio",
        _glides_per_note,
        "1",
        "Number of glissandi divided by the number of notes.",
    ),
    _value(
        "glissando_coverage",
        _glide_coverage,
        "1",
        "Duration of glissandi divided by the duration of notes.",
    ),
    _series(
        "sounding",
        _sounding,
        "1",
        "Duration of a note of the melody, divided by the time to the next onset.",
        _BRESIN,
    ),
    _value(
        "articulation",
        _kind_shares,
        "1",
        "Share of notes that last at most half of the time to the next onset (staccato), at least "
        "nine tenths of it (legato), and of other notes.",
        parts=_ARTICULATIONS,
    ),
    _value(
        "articulation_time",
        _kind_times,
        "1",
        "Share of the duration of staccato, legato and other notes.",
        parts=_ARTICULATIONS,
    ),
    *(
        _series(f"{kind}_duration", _durations_of(index), "s", f"Duration of {kind} notes.")
        for index, kind in enumerate(_ARTICULATIONS)
    ),
    _value(
        "articulation_changes",
        _kind_changes,
        "1",
        "Share of notes with another articulation than the previous one.",
    ),
    _series(
        "creak",
        _creak,
        "0 to 1",
        "Similarity of the low-frequency pulses (20 to 80 Hz, in the band from 100 to 1,500 Hz) of "
        "a creaky frame, which has no clear pitch above 100 Hz; 0 in other frames.",
        _ISHI,
        _CREAK_STATISTICS,
    ),
    _value("creak_share", _creak_share, "1", "Share of audible frames with creak.", _ISHI),
    _series(
        "aperiodicity",
        _aperiodicity,
        "0 to 1",
        "One minus the clarity of a pitch above 100 Hz in windows of 32 ms, in the band from 100 "
        "to 1,500 Hz.",
        _ISHI,
    ),
    _series("gap", _gaps, "s", "Duration of silences below 2 s between notes of the melody.", "-"),
)
