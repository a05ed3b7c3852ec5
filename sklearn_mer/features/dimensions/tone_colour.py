"""Tone colour: what makes the same note sound different on another instrument."""

from functools import partial

import librosa
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
# Levels count as rough from here, in dB over the threshold of hearing (Cabrera 1999).
_LOUD = 40.0


def _numbered(n):
    return tuple(f"{i:02d}" for i in range(1, n + 1))


def _zero_crossings(sound):
    rate = librosa.feature.zero_crossing_rate(sound.waveform, frame_length=N_FFT, hop_length=HOP)
    return np.where(sound.audible, rate[0] * sound.sample_rate, np.nan)


def _normalized_flux(sound):
    lengths = np.linalg.norm(sound.magnitude, axis=0)
    return flux(sound.magnitude / np.where(sound.audible, lengths, np.nan))


def _mfcc_delta(sound):
    return np.diff(sound.mfcc, axis=1)


def _roughness(sound):
    rough = roughness_by_amplitudes(sound.components, sound.component_frequencies)
    return np.where(sound.audible, rough, np.nan)


def _level_roughness(sound):
    return roughness_by_levels(sound.components, sound.component_frequencies, _LOUD)


def _long_term_spectrum(sound):
    mean = sound.power.mean(axis=1)[1:]
    return 10 * np.log10(np.maximum(mean, 1e-10 * mean.max()))


_new = partial(Descriptor, "tone_colour", kind="series")


def _of_shape(name, unit, source, description, parts=()):
    return _new(
        f"spectral_{name}",
        lambda sound: getattr(sound.shape, name),
        unit=unit,
        source=source,
        description=description,
        parts=parts,
        gain_invariant=True,
    )


def _of_tones(name, source, description):
    return _new(
        f"tonal_{name}",
        lambda sound: getattr(sound.tones, name),
        unit="1",
        source=source,
        description=description,
        gain_invariant=True,
    )


DESCRIPTORS = (
    _of_shape("centroid", "Hz", _PEETERS, "Mean frequency of the amplitude spectrum."),
    _of_shape("spread", "Hz", _PEETERS, "Deviation of the amplitude spectrum from its centroid."),
    _of_shape("skewness", "1", _PEETERS, "Asymmetry of the amplitude spectrum."),
    _of_shape("kurtosis", "1", _PEETERS, "Fourth standardised moment of the amplitude spectrum."),
    _of_shape("power_centroid", "Hz", _PSYSOUND, "Mean frequency of the power spectrum."),
    _of_shape("power_spread", "Hz", _PSYSOUND, "Deviation of the power spectrum."),
    _of_shape("power_skewness", "1", _PSYSOUND, "Asymmetry of the power spectrum."),
    _of_shape("power_kurtosis", "1", _PSYSOUND, "Fourth moment of the power spectrum."),
    _of_shape("slope", "1/kHz", _PEETERS, "Slope of a line through the spectrum over its mean."),
    _of_shape("decrease", "1", _PEETERS, "Decrease of the amplitudes, low frequencies first."),
    _of_shape("entropy", "1", _MIR_TOOLBOX, "Entropy of the spectrum over its largest value, 0-1."),
    _of_shape("flatness", "1", "Johnston 1988", "Geometric over mean power, 0-1."),
    _of_shape(
        "brightness",
        "1",
        "Juslin 2000",
        "Share of the amplitude above a frequency in Hz (high-frequency energy), 0-1.",
        parts=tuple(str(hertz) for hertz in BRIGHTNESS),
    ),
    _of_shape(
        "rolloff",
        "Hz",
        "Tzanetakis and Cook 2002",
        "Frequency below which so many percent of the power lie.",
        parts=tuple(f"{100 * part:.0f}" for part in ROLLOFF),
    ),
    _new(
        "spectral_flux",
        lambda sound: sound.flux,
        unit="1",
        source=_MIR_TOOLBOX,
        description="Distance between successive amplitude spectra.",
    ),
    _new(
        "normalized_flux",
        _normalized_flux,
        unit="1",
        source="Tzanetakis and Cook 2002",
        description="Distance between successive amplitude spectra of length 1, 0-1.41.",
        gain_invariant=True,
    ),
    _new(
        "zero_crossings",
        _zero_crossings,
        unit="1/s",
        source="Tzanetakis and Cook 2002",
        description="How often the waveform changes its sign.",
        gain_invariant=True,
    ),
    _new(
        "mfcc",
        lambda sound: sound.mfcc,
        unit="dB",
        source="Davis and Mermelstein 1980; Slaney 1998",
        description="Mel-frequency cepstral coefficient of levels in dB in 40 bands; the first is "
        "the mean level, times 6.3.",
        parts=_numbered(N_MFCC),
    ),
    _new(
        "mfcc_delta",
        _mfcc_delta,
        unit="dB",
        source="Furui 1986",
        description="Change of the coefficient from frame to frame.",
        parts=_numbered(N_MFCC),
        statistics=("std", "kurtosis"),
        gain_invariant=True,
    ),
    _new(
        "lsp",
        lambda sound: sound.line_spectral_pairs,
        unit="rad",
        source="Itakura 1975",
        description="Line spectral frequency, radians a sample, of linear prediction of order 18 "
        "of frames of 512 samples, high frequencies raised.",
        parts=_numbered(ORDER),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _new(
        "band_flatness",
        lambda sound: sound.flatness_and_crest[0],
        unit="1",
        source=_MPEG7,
        description="Flatness of a quarter octave, the first from 250 Hz, 0-1; frames of 512.",
        parts=_numbered(N_BANDS),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _new(
        "band_crest",
        lambda sound: sound.flatness_and_crest[1],
        unit="1",
        source=_MPEG7,
        description="Largest over mean power of a quarter octave, the first from 250 Hz.",
        parts=_numbered(N_BANDS),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _new(
        "contrast",
        lambda sound: sound.contrast,
        unit="dB",
        source="Jiang et al. 2002",
        description="Peaks less valleys of an octave: up to 200 Hz, and six octaves above.",
        parts=_numbered(N_CONTRASTS),
        statistics=MOMENTS,
        gain_invariant=True,
    ),
    _new(
        "roughness",
        _roughness,
        unit="1",
        source=_HK,
        description="Roughness of the whole spectrum: products of amplitudes over the threshold of "
        "hearing, over their squares.",
        gain_invariant=True,
    ),
    _new(
        "level_roughness",
        _level_roughness,
        unit="1",
        source=_SETHARES,
        description="Roughness of the whole spectrum: products of levels in 100 dB, from 40 dB "
        "over the threshold of hearing, where full scale is 96 dB SPL.",
        statistics=tuple(name for name in STATISTICS if name != "min"),  # which is 0
    ),
    _of_tones("roughness", _HK, "Roughness of the tonal components, by amplitudes."),
    _of_tones("rough_pairs", _SETHARES, "Roughness of all pairs of tonal components, unweighted."),
    _of_tones("count", "Terhardt et al. 1982", "Number of tonal components up to 5.5 kHz."),
    _of_tones("share", "Terhardt et al. 1982", "Share of their power up to 5.5 kHz, 0-1."),
    _new(
        "inharmonicity",
        lambda sound: sound.inharmonicity,
        unit="1",
        source=_MIR_TOOLBOX,
        description="Mean distance of the amplitudes to multiples of the strongest voice's "
        "frequency, 0-1; undefined where there is no voice.",
        gain_invariant=True,
    ),
    _new(
        "irregularity",
        lambda sound: irregularity(sound.components),
        unit="1",
        source="Jensen 1999",
        description="Squared differences of neighbouring amplitudes (bins up to 450 Hz, semitones "
        "above) over their squares.",
        gain_invariant=True,
    ),
    _new(
        "long_term_spectrum",
        _long_term_spectrum,
        unit="dB",
        source=_PSYSOUND,
        description="Levels of the bins of the mean power spectrum; statistics over frequency.",
        statistics=MOMENTS,
    ),
)
