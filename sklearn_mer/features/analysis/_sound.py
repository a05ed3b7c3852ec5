"""A waveform and everything computed from it."""

import numpy as np

from . import _spectral
from ._once import once
from ._sound_harmony import HarmonyAndForm
from ._sound_notes import VoicesAndNotes
from ._sound_rhythm import Rhythm
from ._sound_timbre import TimbreAndLoudness
from ._spectral import HOP, N_FFT


class Sound(TimbreAndLoudness, VoicesAndNotes, Rhythm, HarmonyAndForm):
    """A waveform and everything computed from it, each once and only when looked at.

    Frames are 2,048 samples long, one every 512, and centred: frame i is around sample 512 i.
    Beyond its ends the waveform is mirrored, since half-silent frames would be outliers of every
    series. Arrays are shared: nobody writes into them.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
        One that is shorter than a frame is filled up with silence.
    sample_rate : int
        In Hz.
    """

    def __init__(self, waveform, sample_rate):
        missing = max(0, N_FFT - len(waveform))
        self.waveform = np.pad(np.asarray(waveform, dtype=np.float32), (0, missing))
        self.sample_rate = sample_rate

    @property
    def duration(self):
        """Length in seconds."""
        return len(self.waveform) / self.sample_rate

    @property
    def frame_rate(self):
        """Frames a second."""
        return self.sample_rate / HOP

    @property
    def n_frames(self):
        """Number of frames."""
        return 1 + len(self.waveform) // HOP

    @once
    def magnitude(self):
        """Magnitude of the short-time Fourier transform (n_bins, n_frames)."""
        return np.abs(_spectral.stft(self.waveform))

    @once
    def power(self):
        """Power of the short-time Fourier transform (n_bins, n_frames)."""
        return self.magnitude**2

    @once
    def frequencies(self):
        """Frequencies of the bins (n_bins,), in Hz."""
        return np.fft.rfftfreq(N_FFT, 1 / self.sample_rate).astype(np.float32)

    @once
    def mel(self):
        """Power in mel bands (128, n_frames)."""
        return _spectral.mel(self.power, self.sample_rate)

    @once
    def mfcc(self):
        """Mel-frequency cepstral coefficients (20, n_frames)."""
        return _spectral.mfcc(self.power, self.sample_rate)

    @once
    def rms(self):
        """Root mean square of each frame (n_frames,); not windowed."""
        return _spectral.rms(self.waveform)
