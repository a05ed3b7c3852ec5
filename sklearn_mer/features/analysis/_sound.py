"""A waveform and the values computed from it."""

import numpy as np

from . import _spectral
from ._lazy_property import lazy_property
from ._sound_harmony import HarmonyAndForm
from ._sound_notes import VoicesAndNotes
from ._sound_rhythm import Rhythm
from ._sound_timbre import TimbreAndLoudness
from ._spectral import HOP, N_FFT


class Sound(TimbreAndLoudness, VoicesAndNotes, Rhythm, HarmonyAndForm):
    """A waveform and the values computed from it, each at its first access.

    Frames have 2,048 samples with a hop of 512, and are centred: frame i is around sample 512 i.
    The waveform is mirrored at its ends, since half-silent frames would be outliers. Arrays are
    shared and must not be modified.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
        Waveform. If it is shorter than a frame, it is padded with silence.
    sample_rate : int
        Sample rate in Hz.
    """

    def __init__(self, waveform, sample_rate):
        missing = max(0, N_FFT - len(waveform))
        self.waveform = np.pad(np.asarray(waveform, dtype=np.float32), (0, missing))
        self.sample_rate = sample_rate

    @property
    def duration(self):
        """Duration in seconds."""
        return len(self.waveform) / self.sample_rate

    @property
    def frame_rate(self):
        """Frames per second."""
        return self.sample_rate / HOP

    @property
    def n_frames(self):
        """Number of frames."""
        return 1 + len(self.waveform) // HOP

    @lazy_property
    def magnitude(self):
        """Magnitude of the short-time Fourier transform (n_bins, n_frames)."""
        return np.abs(_spectral.stft(self.waveform))

    @lazy_property
    def power(self):
        """Power of the short-time Fourier transform (n_bins, n_frames)."""
        return self.magnitude**2

    @lazy_property
    def frequencies(self):
        """Frequencies of the bins (n_bins,), in Hz."""
        return np.fft.rfftfreq(N_FFT, 1 / self.sample_rate).astype(np.float32)

    @lazy_property
    def mel(self):
        """Power in mel bands (128, n_frames)."""
        return _spectral.mel(self.power, self.sample_rate)

    @lazy_property
    def mfcc(self):
        """Mel-frequency cepstral coefficients (20, n_frames)."""
        return _spectral.mfcc(self.power, self.sample_rate)

    @lazy_property
    def rms(self):
        """Root mean square of each frame (n_frames,); not windowed."""
        return _spectral.rms(self.waveform)
