"""Tone colour (timbre): shape of the spectrum, tonal components and roughness."""

from functools import partial

import numpy as np

from .._descriptor import Descriptor
from .._statistics import MOMENTS, STATISTICS
from ..analysis._bands import N_BANDS, N_CONTRASTS
from ..analysis._lsp import ORDER
from ..analysis._roughness import irregularity, roughness_by_amplitudes, roughness_by_levels
from ..analysis._shape import BRIGHTNESS, ROLLOFF
from ..analysis._spectral import HOP, N_FFT, N_MFCC, flux

_PEETERS = "Peeters 2004"
_MIR_TOOLBOX = "Lartillot and Toiviainen 2007"
_MPEG7 = "MPEG-7; Tzanetakis and Cook 2002"
_PSYSOUND = "Cabrera 1999"
_HK = "Hutchinson and Knopoff 1978"
_SETHARES = "Sethares 1993"
# Lowest level for roughness in dB above the threshold of hearing (Cabrera 1999).
_MIN_LEVEL = 40.0
# Samples below are no crossings of zero.
_SILENT_SAMPLE = 1e-10


def _numbered(n):
    return tuple(f"{i:02d}" for i in range(1, n + 1))


def _zero_crossings(sound):
    padded = np.pad(sound.waveform, N_FFT // 2, mode="edge")
    negative = padded < -_SILENT_SAMPLE
    n_before = np.cumsum(negative[1:] != negative[:-1])
    n_before = np.pad(n_before, (1, 0))
    starts = HOP * np.arange(sound.n_frames)
    rate = (n_before[starts + N_FFT - 1] - n_before[starts]) / N_FFT
    return np.where(sound.audible, rate * sound.sample_rate, np.nan)


def _normalized_flux(sound):
    lengths = np.linalg.norm(sound.magnitude, axis=0)
    return flux(sound.magnitude / np.where(sound.audible, lengths, np.nan))


def _mfcc_delta(sound):
    return np.diff(sound.mfcc, axis=1)


def _roughness(sound):
    roughness = roughness_by_amplitudes(sound.components, sound.component_frequencies)
    return np.where(sound.audible, roughness, np.nan)


def _level_roughness(sound):
    return roughness_by_levels(sound.components, sound.component_frequencies, _MIN_LEVEL)


def _long_term_spectrum(sound):
    mean = sound.power.mean(axis=1)[1:]
    return 10 * np.log10(np.maximum(mean, 1e-10 * mean.max()))


_series = partial(Descriptor, "tone_colour", kind="series")


def _shape_series(name, unit, source, description, parts=()):
    return _series(
        f"spectral_{name}",
        lambda sound: getattr(sound.shape, name),
        unit=unit,
        source=source,
        description=description,
        parts=parts,
        gain_invariant=True,
    )


def _tone_series(name, source, description):
    return _series(
        f"tonal_{name}",
        lambda sound: getattr(sound.tones, name),
        unit="1",
        source=source,
        description=description,
        gain_invariant=True,
    )


DESCRIPTORS = (
    _shape_series("centroid", "Hz", _PEETERS, "Mean frequency of the amplitude spectrum."),
    _shape_series(
        "spread",
        "Hz",
        _PEETERS,
        "Standard deviation of the amplitude spectrum around its centroid.",
    ),
    _shape_series("skewness", "1", _PEETERS, "Asymmetry of the amplitude spectrum."),
    _shape_series(
        "kurtosis", "1", _PEETERS, "Fourth standardised moment of the amplitude spectrum."
    ),
    _shape_series("power_centroid", "Hz", _PSYSOUND, "Mean frequency of the power spectrum."),
    _shape_series("power_spread", "Hz", _PSYSOUND, "Standard deviation of the power spectrum."),
    _shape_series("power_skewness", "1", _PSYSOUND, "Asymmetry of the power spectrum."),
    _shape_series(
        "power_kurtosis", "1", _PSYSOUND, "Fourth standardised moment of the power spectrum."
    ),
    _shape_series(
        "slope", "1/kHz", _PEETERS, "Slope of a line through the spectrum, divided by its mean."
    ),
    _shape_series(
        "decrease",
        "1",
        _PEETERS,
        "Decrease of the amplitudes, with more weight on low frequencies.",
    ),
    _shape_series(
        "entropy", "1", _MIR_TOOLBOX, "Entropy of the spectrum, divided by its maximum, 0-1."
    ),
    _shape_series(
        "flatness",
        "1",
        "Johnston 1988",
        "Geometric mean divided by arithmetic mean of the power, 0-1.",
    ),
    _shape_series(
        "brightness",
        "1",
        "Juslin 2000",
        "Share of the amplitude above a frequency in Hz (high-frequency energy), 0-1.",
        parts=tuple(str(hertz) for hertz in BRIGHTNESS),
    ),
    _shape_series(
        "rolloff",
        "Hz",
        "Tzanetakis and Cook 2002",
        "Frequency below which the given percentage of the power is.",
        parts=tuple(f"{100 * part:.0f}" for part in ROLLOFF),
    ),
    _series(
        "spectral_flux",
        lambda sound: sound.flux,
        unit="1",
        source=_MIR_TOOLBOX,
        description="Distance between successive amplitude spectra.",
    ),
    _series(
        "normalized_flux",
        _normalized_flux,
        unit="1",
        source="Tzanetakis and Cook 2002",
        description="Distance between successive amplitude spectra of unit norm, 0-1.41.",
        gain_invariant=True,
    ),
    _series(
        "zero_crossings",
        _zero_crossings,
        unit="1/s",
        source="Tzanetakis and Cook 2002",
        description="Number of sign changes of the waveform per second.",
        gain_invariant=True,
    ),
    _series(
        "mfcc",
        lambda sound: sound.mfcc,
        unit="dB",
        source="Davis and Mermelstein 1980; Slaney 1998",
        description="Mel-frequency cepstral coefficients of the levels in 40 bands; the first is "
        "the mean level times 6.3.",
        parts=_numbered(N_MFCC),
    ),
    _series(
        "mfcc_delta",
        _mfcc_delta,
        unit="dB",
        source="Furui 1986",
        description="Change of the coefficients between successive frames.",
        parts=_numbered(N_MFCC),
        statistics=("std", "kurtosis"),
        gain_invariant=True,
    ),
    _series(
        "lsp",
        lambda sound: sound.line_spectral_pairs,
        unit="rad",
        source="Itakura 1975",
        description="Line spectral frequencies, in radians per sample, of linear prediction of "
        "order 18 of frames of 512 samples with pre-emphasis.",
        parts=_numbered(ORDER),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _series(
        "band_flatness",
        lambda sound: sound.flatness_and_crest[0],
        unit="1",
        source=_MPEG7,
        description="Flatness of quarter octaves from 250 Hz, 0-1, in frames of 512 samples.",
        parts=_numbered(N_BANDS),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _series(
        "band_crest",
        lambda sound: sound.flatness_and_crest[1],
        unit="1",
        source=_MPEG7,
        description="Maximum divided by mean power of quarter octaves from 250 Hz.",
        parts=_numbered(N_BANDS),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _series(
        "contrast",
        lambda sound: sound.contrast,
        unit="dB",
        source="Jiang et al. 2002",
        description="Difference of peaks and valleys up to 200 Hz and in the six octaves above.",
        parts=_numbered(N_CONTRASTS),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _series(
        "roughness",
        _roughness,
        unit="1",
        source=_HK,
        description="Roughness of the whole spectrum: products of amplitudes above the threshold "
        "of hearing, divided by their squares.",
        gain_invariant=True,
    ),
    _series(
        "level_roughness",
        _level_roughness,
        unit="1",
        source=_SETHARES,
        description="Roughness of the whole spectrum: products of levels in units of 100 dB, from "
        "40 dB above the threshold of hearing, assuming 96 dB SPL for full scale.",
        statistics=tuple(name for name in STATISTICS if name != "min"),  # always 0
    ),
    _tone_series("roughness", _HK, "Roughness of the tonal components, weighted by amplitude."),
    _tone_series(
        "rough_pairs", _SETHARES, "Roughness of all pairs of tonal components, unweighted."
    ),
    _tone_series("count", "Terhardt et al. 1982", "Number of tonal components up to 5.5 kHz."),
    _tone_series(
        "share",
        "Terhardt et al. 1982",
        "Share of tonal components in the power up to 5.5 kHz, 0-1.",
    ),
    _series(
        "inharmonicity",
        lambda sound: sound.inharmonicity,
        unit="1",
        source=_MIR_TOOLBOX,
        description="Mean distance of the amplitudes to multiples of the frequency of the "
        "strongest voice, 0-1; undefined without a voice.",
        gain_invariant=True,
    ),
    _series(
        "irregularity",
        lambda sound: irregularity(sound.components),
        unit="1",
        source="Jensen 1999",
        description="Squared differences of adjacent amplitudes (bins up to 450 Hz, semitones "
        "above), divided by their squares.",
        gain_invariant=True,
    ),
    _series(
        "long_term_spectrum",
        _long_term_spectrum,
        unit="dB",
        source=_PSYSOUND,
        description="Levels of the bins of the mean power spectrum, summarised over frequency.",
        statistics=MOMENTS,
    ),
)
