"""Dynamics: loudness and its changes."""

from functools import partial

import numpy as np

from .._descriptor import Descriptor
from .._statistics import MOMENTS
from ..analysis import _levels, _loudness

_MOORE = "Moore, Glasberg and Baer 1997"
_GLASBERG = "Glasberg and Moore 2002"
_BS1770 = "ITU-R BS.1770-4"
_OWN = "this library"
_N_BANDS = 12
# Smallest slope of a crescendo or decrescendo in dB/s.
_MIN_SLOPE = 2.0

_series = partial(Descriptor, "dynamics", kind="series")
_values = partial(Descriptor, "dynamics", kind="values")


def _low_energy_rate(sound):
    return (sound.rms < sound.rms.mean()).mean()


def _crest_factor(sound):
    return 20 * np.log10(sound.peak / np.sqrt(np.mean(sound.waveform.astype(np.float64) ** 2)))


def _peak_to_loudness(sound):
    level = _levels.integrated(sound.momentary)
    return 20 * np.log10(sound.peak) - level if level > _levels.FLOOR else np.nan


def _loudness_range(sound):
    square = _levels.mean_squares(sound.k_weighted, sound.sample_rate, _levels.SHORT_TERM)
    return _levels.loudness_range(square)


def _dynamic_range(sound):
    levels = sound.levels[np.isfinite(sound.levels)]
    return np.subtract(*np.percentile(levels, (95, 5))) if len(levels) else np.nan


def _changes(sound, sign):
    """Return share, mean slope and longest duration of frames with a crescendo (or decrescendo)."""
    slopes = sign * sound.level_slopes
    changing = slopes > _MIN_SLOPE
    defined = np.isfinite(slopes).sum()
    if not defined:
        return np.full(3, np.nan)
    mean = sign * slopes[changing].mean() if changing.any() else 0.0
    return changing.sum() / defined, mean, _longest_run(changing) / sound.frame_rate


def _longest_run(flags):
    edges = np.flatnonzero(np.diff(np.pad(flags, 1).astype(int)))
    return (edges[1::2] - edges[::2]).max(initial=0)


def _smoothed(rise, fall):
    return lambda sound: _loudness.smoothed(sound.loudness, sound.frame_rate, rise, fall)


def _sharpness(sound):
    return _loudness.sharpness(sound.specific_loudness, sound.loudness)


def _timbral_width(sound):
    return _loudness.timbral_width(sound.specific_loudness, sound.loudness)


def _volume(sound):
    return _loudness.volume(sound.specific_loudness, sound.loudness)


DESCRIPTORS = (
    _series(
        "rms",
        lambda sound: sound.rms,
        unit="1",
        source="Lartillot and Toiviainen 2007",
        description="Root mean square of the samples of a frame.",
    ),
    _values(
        "low_energy_rate",
        _low_energy_rate,
        unit="1",
        source="Tzanetakis and Cook 2002",
        description="Share of frames with a root mean square below the mean, 0-1.",
        gain_invariant=True,
    ),
    _values(
        "pauses",
        lambda sound: np.isnan(sound.levels).mean(),
        unit="1",
        source=_OWN,
        description="Share of frames more than 60 dB below the loudest, 0-1.",
        gain_invariant=True,
    ),
    _values(
        "crest_factor",
        _crest_factor,
        unit="dB",
        source="Fastl and Zwicker 2007",
        description="Peak divided by the root mean square.",
        gain_invariant=True,
    ),
    _values(
        "integrated_level",
        lambda sound: _levels.integrated(sound.momentary),
        unit="LUFS",
        source=_BS1770,
        description="Level of the clip without soft parts (relative gate only); -100 for silence.",
    ),
    _values(
        "peak_to_loudness",
        _peak_to_loudness,
        unit="dB",
        source="AES TD1008",
        description="Peak divided by the integrated level: low for compressed recordings; "
        "undefined at -100 LUFS and below.",
        gain_invariant=True,
    ),
    _values(
        "loudness_range",
        _loudness_range,
        unit="LU",
        source="EBU Tech 3342",
        description="Range of the levels in windows of 3 s, 10th to 95th percentile (relative gate "
        "only).",
        gain_invariant=True,
    ),
    _values(
        "dynamic_range",
        _dynamic_range,
        unit="dB",
        source=_OWN,
        description="Range of the levels in windows of 0.4 s, 5th to 95th percentile, without "
        "pauses.",
        gain_invariant=True,
    ),
    _series(
        "level",
        lambda sound: sound.levels,
        unit="LUFS",
        source=_BS1770,
        description="Level in a window of 0.4 s around the frame; undefined in pauses.",
    ),
    _series(
        "level_slope",
        lambda sound: sound.level_slopes,
        unit="dB/s",
        source=_OWN,
        description="Slope of the level in a window of 2 s.",
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _values(
        "level_trend",
        lambda sound: _levels.trend(sound.levels, sound.frame_rate),
        unit="dB/s",
        source=_OWN,
        description="Slope of a regression line through the levels of the clip.",
        gain_invariant=True,
    ),
    _values(
        "crescendo",
        lambda sound: _changes(sound, 1),
        unit="1, dB/s, s",
        source=_OWN,
        description="Frames with rising levels (more than 2 dB/s): share, mean slope, longest "
        "duration.",
        parts=("share", "slope", "duration"),
        gain_invariant=True,
    ),
    _values(
        "decrescendo",
        lambda sound: _changes(sound, -1),
        unit="1, dB/s, s",
        source=_OWN,
        description="Frames with falling levels (more than 2 dB/s): share, mean slope, longest "
        "duration.",
        parts=("share", "slope", "duration"),
        gain_invariant=True,
    ),
    _series(
        "loudness",
        lambda sound: sound.loudness,
        unit="sone",
        source=_MOORE,
        description="Loudness, assuming 96 dB SPL for a sinusoid of full scale.",
    ),
    _series(
        "short_term_loudness",
        _smoothed(0.022, 0.05),
        unit="sone",
        source=_GLASBERG,
        description="Loudness smoothed with time constants of 22 ms (rising) and 50 ms (falling).",
    ),
    _series(
        "long_term_loudness",
        _smoothed(0.1, 2.0),
        unit="sone",
        source=_GLASBERG,
        description="Loudness smoothed with time constants of 0.1 s (rising) and 2 s (falling).",
    ),
    _series(
        "band_loudness",
        lambda sound: _loudness.bands(sound.specific_loudness, _N_BANDS),
        unit="sone",
        source=_MOORE,
        description="Loudness in twelfths of the ERB-number scale, from 47 Hz to 14 kHz.",
        parts=tuple(f"{i:02d}" for i in range(1, _N_BANDS + 1)),
        statistics=("mean", "std"),
    ),
    _series(
        "sharpness",
        _sharpness,
        unit="acum",
        source="Aures 1985; Fastl and Zwicker 2007",
        description="Weight of high frequencies in the loudness; that of Aures grows with "
        "loudness.",
        parts=("aures", "zwicker"),
    ),
    _series(
        "timbral_width",
        _timbral_width,
        unit="1",
        source="Malloch 1997; Cabrera 1999",
        description="Squared share of the loudness more than half an ERB from its peak, 0-1.",
    ),
    _series(
        "volume",
        _volume,
        unit="vol",
        source="Cabrera 1999",
        description="Perceived size of the sound: increases with loudness, decreases with pitch.",
    ),
)
