"""Musical form: novelty, repetition, and change over the clip."""

from .._descriptor import Descriptor
from .._statistics import MOMENTS
from ..analysis import _structure

_NOVELTIES = tuple(f"{a}_{scale}" for a in _structure.ASPECTS for scale in _structure.SCALES)
_CURVE_UNITS = "dB, Bark, dB, 1, 1"


def _values(name, compute, unit, source, description, parts=()):
    given = {"kind": "values", "unit": unit, "source": source, "description": description}
    return Descriptor("form", name, compute, **given, parts=tuple(parts), gain_invariant=True)


def _series(name, compute, unit, source, description, parts, statistics=MOMENTS):
    given = {"kind": "series", "unit": unit, "source": source, "description": description}
    return Descriptor(
        "form", name, compute, **given, parts=parts, statistics=statistics, gain_invariant=True
    )


DESCRIPTORS = (
    _series(
        "similarity",
        _structure.pairs,
        "1",
        "Foote 1999",
        "Similarity of all pairs of blocks of 0.25 s: exp(-d / 5 dB) for the difference d of their "
        "spectra (timbre, level left out) or levels; correlation of their chroma (harmony).",
        _structure.ASPECTS,
    ),
    _series(
        "adjacent_similarity",
        _structure.neighbours,
        "1",
        "Foote 1999",
        "Similarity of each block of 0.25 s and the next.",
        _structure.ASPECTS,
    ),
    _series(
        "novelty",
        _structure.novelties,
        "1",
        "Foote 2000",
        "Similarity within 1, 3 or 8 s of past and of future, less the similarity between them.",
        _NOVELTIES,
    ),
    _values(
        "boundaries_per_minute",
        _structure.boundaries_per_minute,
        "1/min",
        "Foote 2000",
        "Peaks of the mean novelty of the aspects over 3 s that exceed 0.15, a minute.",
    ),
    _series(
        "section_length",
        _structure.section_lengths,
        "s",
        "Foote 2000",
        "Time between such peaks; the whole clip where there is none.",
        (),
        ("mean", "std", "min", "max"),
    ),
    _series(
        "repetition",
        _structure.repetitions,
        "1",
        "Goto 2006; Paulus et al. 2010",
        "Mean similarity, block by block, of each stretch of 2 s to the stretch most like it that "
        "begins at least 4 s away.",
        _structure.ASPECTS,
    ),
    _values(
        "recurrence",
        _structure.recurrence,
        "1",
        "Marwan et al. 2007",
        "Share of the pairs of blocks whose similarity is over 0.7.",
        _structure.ASPECTS,
    ),
    _values(
        "trend",
        _structure.trends,
        f"{_CURVE_UNITS} a minute",
        "Mauch and Levy 2011",
        "Slope of the line through the level, the centre of the Bark bands' levels, the onset "
        "strength, the entropy of chroma and the mode.",
        _structure.CURVES,
    ),
    _values(
        "half_contrast",
        _structure.contrasts,
        _CURVE_UNITS,
        "Mauch and Levy 2011",
        "Absolute difference of the means of the two halves of the clip in these curves.",
        _structure.CURVES,
    ),
    _values(
        "quarter_deviation",
        _structure.quarter_deviations,
        _CURVE_UNITS,
        "Mauch and Levy 2011",
        "Deviation of the means of the four quarters of the clip in these curves.",
        _structure.CURVES,
    ),
)
