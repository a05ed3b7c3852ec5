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
# Of the time from one onset to the next, the part for which a note sounds.
_STACCATO, _LEGATO = 0.5, 0.9
# Most frames have none, so that the least and the middle value say nothing.
_OF_CREAK = tuple(name for name in MOMENTS if name not in ("min", "median"))
# Longer than this from one onset to the next, the second ends a pause.
_PAUSE = 2.0


def _wavering(name, what, unit):
    """Return the descriptors of vibrato or of tremolo, which are alike."""

    def of(sound):
        wavering = getattr(sound, name)
        return wavering, wavering.length > 0

    def chosen(attribute):
        def compute(sound):
            wavering, has = of(sound)
            return getattr(wavering, attribute)[has]

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
        wavering, _ = of(sound)
        total = sound.notes.duration.sum()
        return wavering.length.sum() / total if total else np.nan

    def high(sound):
        wavering, _ = of(sound)
        total = wavering.length.sum()
        return wavering.length[sound.notes.pitch >= HIGH].sum() / total if total else np.nan

    def high_coverage(sound):
        wavering, _ = of(sound)
        is_high = sound.notes.pitch >= HIGH
        total = sound.notes.duration[is_high].sum()
        return wavering.length[is_high].sum() / total if total else np.nan

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
            f"Extent of the {what} of a note: half of peak to peak.",
        ),
        _series(f"{name}_length", chosen("length"), "s", f"For how long a note has {what}."),
        _series(f"{name}_pitch", pitch, "MIDI notes", f"Pitch of the notes that have {what}."),
        _value(f"{name}_notes", notes, "1", f"Share of notes that have {what}."),
        _value(f"{name}_ratio", ratio, "1", f"Notes with {what} to notes without."),
        _value(f"{name}_coverage", coverage, "1", f"Share of the notes' time that has {what}."),
        _value(f"{name}_high", high, "1", f"Share of the {what}'s time that is at C4 or above."),
        _value(
            f"{name}_high_coverage",
            high_coverage,
            "1",
            f"Share of the time of notes from C4 on that has {what}.",
        ),
        _value(f"{name}_melody", melody, "1", f"Share of the melody in notes that have {what}."),
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
    """Return the part of the time to the next onset that a note sounds; no pauses."""
    notes = sound.melody_notes
    gap = np.diff(notes.onset)
    # Notes of one chord have no articulation against each other.
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


def _durations_of(place):
    def compute(sound):
        kinds, duration = _kinds(sound)
        return duration[kinds[place]]

    return compute


def _kind_changes(sound):
    kinds = np.argmax(np.array(_kinds(sound)[0]), axis=0) if len(_sounding(sound)) else []
    return np.mean(np.diff(kinds) != 0) if len(kinds) > 1 else np.nan


def _gaps(sound):
    """Return the silence between consecutive notes of the melody, in seconds."""
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
    *_wavering("vibrato", "vibrato (4 to 8 Hz)", "cents"),
    *_wavering("tremolo", "tremolo (4 to 8 Hz)", "dB"),
    _series(
        "glissando_extent",
        lambda sound: sound.glides.extent,
        "cents",
        "Interval of a glissando, of 100 cents at least.",
    ),
    _series("glissando_length", lambda sound: sound.glides.length, "s", "Time of a glissando."),
    _series("glissando_slope", _glide_slope, "cents/s", "Interval by time of a glissando."),
    _value(
        "glissando_direction",
        _glide_directions,
        "1",
        "Share of glissandi that rise, and that fall.",
        parts=("up", "down"),
    ),
    _value(
        "glissandi_per_second",
        lambda sound: len(sound.glides.up) / sound.duration,
        "1/s",
        "Glissandi a second.",
    ),
    _value("glissando_ratio", _glides_per_note, "1", "Glissandi to notes."),
    _value("glissando_coverage", _glide_coverage, "1", "Glissandi's part of the notes' time."),
    _series(
        "sounding",
        _sounding,
        "1",
        "Duration of a note of the melody by the time to the next.",
        _BRESIN,
    ),
    _value(
        "articulation",
        _kind_shares,
        "1",
        "Share of notes that sound for half of the time to the next or less (staccato), for nine "
        "tenths or more (legato), and of the others.",
        parts=_ARTICULATIONS,
    ),
    _value(
        "articulation_time",
        _kind_times,
        "1",
        "Share of the time of notes that is staccato, legato, and other.",
        parts=_ARTICULATIONS,
    ),
    *(
        _series(f"{kind}_duration", _durations_of(place), "s", f"Duration of {kind} notes.")
        for place, kind in enumerate(_ARTICULATIONS)
    ),
    _value(
        "articulation_changes", _kind_changes, "1", "Share of notes articulated unlike the last."
    ),
    _series(
        "creak",
        _creak,
        "0 to 1",
        "How alike the low pulses (20 to 80 Hz) of a creaky frame are: pulses that stand out, from "
        "100 to 1,500 Hz, where no pitch above 100 Hz is clear; 0 in other frames.",
        _ISHI,
        _OF_CREAK,
    ),
    _value("creak_share", _creak_share, "1", "Share of sounding frames that creak.", _ISHI),
    _series(
        "aperiodicity",
        _aperiodicity,
        "0 to 1",
        "How unclear a pitch above 100 Hz is within 32 ms, from 100 to 1,500 Hz.",
        _ISHI,
    ),
    _series("gap", _gaps, "s", "Silence between notes of the melody, below 2 s.", "-"),
)
