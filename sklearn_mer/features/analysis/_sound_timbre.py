"""What a `Sound` knows about tone colour and dynamics."""

import numpy as np

from . import _bands, _components, _levels, _loudness, _lsp, _shape, _spectral, _tones
from ._inharmonicity import inharmonicity, strongest_voice
from ._once import once


class TimbreAndLoudness:
    """The part of `Sound` about tone colour and dynamics."""

    @once
    def audible(self):
        """Which frames are less than 46 dB below the loudest (n_frames,), bool."""
        return _spectral.audible(self.rms)

    @once
    def shape(self):
        """Moments and the like of each frame's spectrum: `Shape`; NaN for silent frames."""
        return _shape.shape(self.magnitude, self.frequencies, self.audible)

    @once
    def flux(self):
        """Distance of each spectrum to the one before (n_frames,)."""
        return _spectral.flux(self.magnitude)

    @once
    def short_power(self):
        """Power of frames of 512 samples (n_frames, 257): one row a frame."""
        return _spectral.short_power(self.waveform)

    @once
    def flatness_and_crest(self):
        """Flatness and crest of quarter octaves (2, 21, n_frames)."""
        return _bands.flatness_and_crest(self.short_power, self.sample_rate, self.audible)

    @once
    def contrast(self):
        """Spectral contrast of octaves (7, n_frames), in dB."""
        return _bands.contrast(self.magnitude, self.sample_rate, self.audible)

    @once
    def line_spectral_pairs(self):
        """Line spectral frequencies (18, n_frames), in radians a sample."""
        return _lsp.line_spectral_pairs(self.waveform)

    @once
    def components(self):
        """Intensities of bins up to 450 Hz, of semitones above (n_components, n_frames)."""
        return _components.components(self.power, self.sample_rate)

    @property
    def component_frequencies(self):
        """Frequencies of the components (n_components,), in Hz."""
        return _components.component_frequencies(self.sample_rate)

    @once
    def tones(self):
        """Tonal components and their roughness: `Tones`."""
        return _tones.tones(self.power, self.frequencies, self.audible)

    @once
    def inharmonicity(self):
        """Distance of the amplitudes to multiples of the strongest voice (n_frames,)."""
        times = np.arange(self.n_frames) / self.frame_rate
        fundamental = strongest_voice(self.voices, self.peaks.frame_rate, times)
        fundamental[~self.audible] = np.nan
        return inharmonicity(self.magnitude, self.frequencies, fundamental)

    @once
    def specific_loudness(self):
        """Loudness per ERB (74, n_frames), in sone."""
        return _loudness.specific_loudness(self.components, self.sample_rate)

    @once
    def loudness(self):
        """Loudness (n_frames,), in sone."""
        return _loudness.total(self.specific_loudness)

    @once
    def k_weighted(self):
        """The waveform as ITU-R BS.1770 weights it, float64."""
        return _levels.k_weighted(self.waveform, self.sample_rate)

    @once
    def momentary(self):
        """Mean square of 0.4 s of the weighted waveform around each frame (n_frames,)."""
        return _levels.mean_squares(self.k_weighted, self.sample_rate, _levels.MOMENTARY)

    @once
    def levels(self):
        """Momentary level (n_frames,), in LUFS; NaN in pauses, 60 dB below the loudest."""
        return _levels.without_pauses(_levels.loudness_levels(self.momentary))

    @once
    def level_slopes(self):
        """Slope of the levels over 2 s around each frame (n_frames,), in dB/s."""
        return _levels.slopes(self.levels, self.frame_rate, 2.0)

    @once
    def peak(self):
        """Largest absolute value of the waveform."""
        return float(np.abs(self.waveform).max())
