"""Harmony: pitch classes, keys, modes and chords, and their changes."""

from .._descriptor import Descriptor
from .._statistics import MOMENTS
from ..analysis import _tonal, _tonality
from ..analysis._chords import QUALITIES

_FEW_STATISTICS = ("mean", "std", "texture_mean_std", "texture_std_mean")


def _values(name, compute, source, description, parts=(), unit="1"):
    given = {"kind": "values", "unit": unit, "source": source, "description": description}
    return Descriptor("harmony", name, compute, **given, parts=tuple(parts), gain_invariant=True)


def _series(name, compute, source, description, **other):
    given = {"kind": "series", "unit": "1", "source": source, "description": description}
    return Descriptor("harmony", name, compute, **given, **other, gain_invariant=True)


_CHROMA = (
    _values(
        "tuning",
        lambda sound: sound.tuning[0],
        "Gomez 2006",
        "Deviation of the pitches from equal temperament with A = 440 Hz, from -50 to 50.",
        unit="cents",
    ),
    _values(
        "tuning_clarity",
        lambda sound: sound.tuning[1],
        "Gomez 2006",
        "From 0, all deviations are equally frequent, to 1, all pitches have the same deviation.",
    ),
    _series(
        "chroma",
        lambda sound: _tonality.held(sound, sound.chroma_shares),
        "Fujishima 1999; Gomez 2006",
        "Share of each pitch class in the spectral peaks from C2 to C7.",
        parts=_tonality.PITCHES,
        statistics=("mean", "std"),
    ),
    _series(
        "degree",
        _tonality.degrees,
        "Gomez 2006",
        "Chroma relative to the tonic of the clip. Invariant to the key.",
        parts=_tonality.DEGREES,
        statistics=_FEW_STATISTICS,
    ),
    _series(
        "chroma_entropy",
        _tonality.chroma_entropy,
        "Fujishima 1999",
        "Entropy of the pitch classes; 1 if all are equal.",
    ),
    _series(
        "chroma_peak",
        lambda sound: _tonality.held(sound, sound.chroma_shares.max(axis=0)),
        "Fujishima 1999",
        "Share of the strongest pitch class.",
    ),
    _series(
        "chroma_flux",
        _tonality.chroma_flux,
        "Fujishima 1999",
        "Half the sum of the absolute changes of chroma between successive long frames (93 ms).",
    ),
    _series(
        "chroma_harmonic",
        _tonality.chroma_harmonics,
        "Quinn 2006; Amiot 2016",
        "Magnitude of the Fourier coefficients of chroma: 3 for major thirds, 4 for minor thirds, "
        "5 for fifths, 6 for whole tones. Invariant to the key.",
        parts=("1", "2", "3", "4", "5", "6"),
        statistics=_FEW_STATISTICS,
    ),
    _series(
        "interval",
        _tonality.intervals,
        "Forte 1973",
        "Share of each interval class among pairs of pitch classes. Invariant to the key.",
        parts=tuple(_tonality.INTERVALS),
        statistics=_FEW_STATISTICS,
    ),
    _series(
        "consonance",
        _tonality.consonance,
        "Huron 1994",
        "Mean consonance of pairs of pitch classes, negative for dissonance.",
    ),
)

_KEY = (
    _values(
        "key_strength_major",
        lambda sound: sound.key_strength[:12],
        "Krumhansl 1990; Gomez 2006",
        "Correlation of the chroma of the clip with the profile of each major key.",
        _tonality.PITCHES,
    ),
    _values(
        "key_strength_minor",
        lambda sound: sound.key_strength[12:],
        "Krumhansl 1990; Gomez 2006",
        "Correlation of the chroma of the clip with the profile of each minor key.",
        _tonality.PITCHES,
    ),
    _values(
        "key_clarity",
        _tonality.key_clarity,
        "Lartillot and Toiviainen 2007",
        "Correlation of chroma with the best key, and its difference to the second best.",
        ("best", "margin"),
    ),
    _series(
        "local_key_clarity",
        lambda sound: _tonality.held(sound, sound.local_key_strength.max(axis=0)),
        "Lartillot and Toiviainen 2007",
        "Correlation of chroma in windows of 3 s with the best key.",
        statistics=MOMENTS,
    ),
    _values(
        "mode",
        lambda sound: _tonality.mode(sound.key_strength),
        "Saari et al. 2011",
        "Correlation of chroma with the best major key minus that with the best minor key.",
    ),
    _values(
        "parallel_mode",
        _tonality.parallel_mode,
        "Saari et al. 2011",
        "Correlation of chroma with major minus that with minor, both on the tonic of the clip.",
    ),
    _series(
        "local_mode",
        lambda sound: _tonality.held(sound, _tonality.mode(sound.local_key_strength)),
        "Saari et al. 2011",
        "Mode in a window of 3 s around each frame.",
        statistics=MOMENTS,
    ),
    _values(
        "key_stability",
        lambda sound: _tonality.key_stability(sound)[0],
        "Lartillot and Toiviainen 2007",
        "Share of the clip in which the best key of 3 s is that of the whole clip.",
    ),
    _values(
        "key_changes",
        lambda sound: _tonality.key_stability(sound)[1],
        "Lartillot and Toiviainen 2007",
        "Number of changes of the best key of 3 s per second.",
        unit="1/s",
    ),
)

_CENTROID = (
    _series(
        "tonal_centroid",
        lambda sound: _tonality.held(sound, _tonal.tonal_centroid(sound.chroma)),
        "Harte et al. 2006",
        "Position of chroma on the circles of fifths (1, 2), minor thirds (3, 4) and major thirds.",
        parts=("1", "2", "3", "4", "5", "6"),
    ),
    _series(
        "tonal_centroid_distance",
        _tonality.centroid_distance,
        "Harte et al. 2006; Herremans and Chew 2016",
        "Distance of the tonal centroid to that of the whole clip. Invariant to the key.",
    ),
    _series(
        "harmonic_change",
        _tonality.centroid_change,
        "Harte et al. 2006",
        "Distance of the smoothed tonal centroids before and after a frame. Invariant to the key.",
    ),
)

_CHORDS = (
    _series(
        "chord_change_likelihood",
        _tonality.chord_change_likelihood,
        "Parncutt 1989",
        "Correlation distance of chroma between successive long frames (93 ms).",
        statistics=MOMENTS,
    ),
    _series(
        "chord_clarity",
        lambda sound: _tonality.held(sound, sound.chords.clarity),
        "Fujishima 1999",
        "Correlation of the pitch classes in windows of 0.3 s with the chord.",
        statistics=MOMENTS,
    ),
    _values(
        "chord_quality",
        _tonality.chord_qualities,
        "Fujishima 1999; Bello and Pickens 2005",
        "Share of each chord quality.",
        QUALITIES,
    ),
    _values(
        "chord_root",
        _tonality.chord_roots,
        "Fujishima 1999",
        "Share of each chord root, relative to the tonic of the clip.",
        _tonality.DEGREES,
    ),
    _values(
        "chord_mode",
        _tonality.chord_mode,
        "Cheng et al. 2008",
        "Share of chords with a major third minus that of chords with a minor third.",
    ),
    _values(
        "chord_changes",
        _tonality.chord_changes,
        "Cheng et al. 2008",
        "Number of chord changes per second.",
        unit="1/s",
    ),
    _values(
        "chord_entropy",
        _tonality.chord_entropy,
        "Cheng et al. 2008",
        "Entropy of the chords; 0 for a single chord.",
        unit="bits",
    ),
)

DESCRIPTORS = _CHROMA + _KEY + _CENTROID + _CHORDS
