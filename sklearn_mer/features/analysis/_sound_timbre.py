"""Attributes of `Sound` for tone colour and dynamics."""

import numpy as np

from . import _bands, _components, _levels, _loudness, _lsp, _shape, _spectral, _tones
from ._inharmonicity import inharmonicity, strongest_voice
from ._lazy_property import lazy_property


class TimbreAndLoudness:
    """Attributes of `Sound` for tone colour and dynamics."""

    @lazy_property
    def audible(self):
        """Whether each frame is less than 46 dB below the loudest (n_frames,), bool."""
        return _spectral.audible(self.rms)

    @lazy_property
    def shape(self):
        """Shape of the spectrum of each frame: `Shape`; NaN for silent frames."""
        return _shape.shape(self.magnitude, self.frequencies, self.audible)

    @lazy_property
    def flux(self):
        """Distance between successive spectra (n_frames,)."""
        return _spectral.flux(self.magnitude)

    @lazy_property
    def short_power(self):
        """Power of frames of 512 samples (n_frames, 257)."""
        return _spectral.short_power(self.waveform)

    @lazy_property
    def flatness_and_crest(self):
        """Flatness and crest of quarter octaves (2, 21, n_frames)."""
        return _bands.flatness_and_crest(self.short_power, self.sample_rate, self.audible)

    @lazy_property
    def contrast(self):
        """Spectral contrast of octaves (7, n_frames), in dB."""
        return _bands.contrast(self.magnitude, self.sample_rate, self.audible)

    @lazy_property
    def line_spectral_pairs(self):
        """Line spectral frequencies (18, n_frames), in radians per sample."""
        return _lsp.line_spectral_pairs(self.waveform)

    @lazy_property
    def components(self):
        """Intensities of bins up to 450 Hz and of semitones above (n_components, n_frames)."""
        return _components.components(self.power, self.sample_rate)

    @property
    def component_frequencies(self):
        """Frequencies of the components (n_components,), in Hz."""
        return _components.component_frequencies(self.sample_rate)

    @lazy_property
    def tones(self):
        """Tonal components and their roughness: `Tones`."""
        return _tones.tones(self.power, self.frequencies, self.audible)

    @lazy_property
    def inharmonicity(self):
        """Distance of the amplitudes to multiples of the strongest voice (n_frames,)."""
        times = np.arange(self.n_frames) / self.frame_rate
        fundamental = strongest_voice(self.voices, self.peaks.frame_rate, times)
        fundamental[~self.audible] = np.nan
        return inharmonicity(self.magnitude, self.frequencies, fundamental)

    @lazy_property
    def specific_loudness(self):
        """Loudness per ERB (74, n_frames), in sone."""
        return _loudness.specific_loudness(self.components, self.sample_rate)

    @lazy_property
    def loudness(self):
        """Loudness (n_frames,), in sone."""
        return _loudness.total(self.specific_loudness)

    @lazy_property
    def k_weighted(self):
        """Waveform with the weighting of ITU-R BS.1770, float64."""
        return _levels.k_weighted(self.waveform, self.sample_rate)

    @lazy_property
    def momentary(self):
        """Mean square of 0.4 s of the weighted waveform around each frame (n_frames,)."""
        return _levels.mean_squares(self.k_weighted, self.sample_rate, _levels.MOMENTARY)

    @lazy_property
    def levels(self):
        """Momentary level (n_frames,), in LUFS; NaN in pauses, 60 dB below the loudest."""
        return _levels.without_pauses(_levels.loudness_levels(self.momentary))

    @lazy_property
    def level_slopes(self):
        """Slope of the levels over 2 s around each frame (n_frames,), in dB/s."""
        return _levels.slopes(self.levels, self.frame_rate, 2.0)

    @lazy_property
    def peak(self):
        """Largest absolute value of the waveform."""
        return float(np.abs(self.waveform).max())
