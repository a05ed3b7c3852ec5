"""Musical form: novelty, repetition and change over the clip."""

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
        "spectra (timbre, without level) or levels; correlation of their chroma (harmony).",
        _structure.ASPECTS,
    ),
    _series(
        "adjacent_similarity",
        _structure.neighbours,
        "1",
        "Foote 1999",
        "Similarity of successive blocks of 0.25 s.",
        _structure.ASPECTS,
    ),
    _series(
        "novelty",
        _structure.novelties,
        "1",
        "Foote 2000",
        "Similarity within the 1, 3 or 8 s before and after a block, minus that between them.",
        _NOVELTIES,
    ),
    _values(
        "boundaries_per_minute",
        _structure.boundaries_per_minute,
        "1/min",
        "Foote 2000",
        "Number per minute of peaks above 0.15 in the mean novelty (3 s) of the aspects.",
    ),
    _series(
        "section_length",
        _structure.section_lengths,
        "s",
        "Foote 2000",
        "Time between such peaks; the duration of the clip if there are none.",
        (),
        ("mean", "std", "min", "max"),
    ),
    _series(
        "repetition",
        _structure.repetitions,
        "1",
        "Goto 2006; Paulus et al. 2010",
        "Mean similarity, block by block, of each segment of 2 s to the most similar segment that "
        "starts at least 4 s away.",
        _structure.ASPECTS,
    ),
    _values(
        "recurrence",
        _structure.recurrence,
        "1",
        "Marwan et al. 2007",
        "Share of pairs of blocks with a similarity above 0.7.",
        _structure.ASPECTS,
    ),
    _values(
        "trend",
        _structure.trends,
        f"{_CURVE_UNITS} per minute",
        "Mauch and Levy 2011",
        "Slope of a regression line through the level, the centroid of the levels in Bark bands, "
        "the onset strength, the entropy of chroma and the mode.",
        _structure.CURVES,
    ),
    _values(
        "half_contrast",
        _structure.contrasts,
        _CURVE_UNITS,
        "Mauch and Levy 2011",
        "Absolute difference between the means of these curves in the two halves of the clip.",
        _structure.CURVES,
    ),
    _values(
        "quarter_deviation",
        _structure.quarter_deviations,
        _CURVE_UNITS,
        "Mauch and Levy 2011",
        "Standard deviation of the means of these curves in the four quarters of the clip.",
        _structure.CURVES,
    ),
)
