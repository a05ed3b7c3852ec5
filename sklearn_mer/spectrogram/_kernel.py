"""The arithmetic of the mel-spectrogram, without scikit-learn.

What costs time here is memory that is allocated anew for each clip. So a clip is worked off in
blocks of frames that stay in the cache of a core, in buffers that each thread keeps.
"""

import threading

import numpy as np
import torch
from scipy.signal import get_window

from ._filters import FilterBank

_BLOCK = 64  # frames: 64 x 2048 float32 are half a MiB
_AMIN = 1e-10  # power under which librosa's dB scale is flat


class MelKernel:
    """Power mel-spectrogram in dB of one waveform at a time; safe in threads.

    Parameters
    ----------
    sample_rate, n_fft, hop_length, n_mels, fmin, fmax
        As in `MelSpectrogram`.
    top_db : float or None
        The quietest value given out, in dB under the loudest of the clip.
    """

    def __init__(self, *, sample_rate, n_fft, hop_length, n_mels, fmin, fmax, top_db):
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.top_db = top_db
        self.window = torch.from_numpy(get_window("hann", n_fft).astype(np.float32))
        self.filters = FilterBank(
            sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax
        )
        self._local = threading.local()

    def __call__(self, waveform):
        """Return the mel-spectrogram of `waveform`, (n_mels, n_frames) float32, in dB."""
        padded = self._padded(waveform)
        n_frames = 1 + (len(padded) - self.n_fft) // self.hop_length
        mel = np.empty((self.filters.n_mels, n_frames), dtype=np.float32)
        self._fill(mel, torch.from_numpy(padded))
        return _to_db(mel, self.top_db)

    def _padded(self, waveform):
        # Frames are centred, with silence beyond both ends.
        half = self.n_fft // 2
        padded = getattr(self._local, "padded", None)
        if padded is None or len(padded) != len(waveform) + 2 * half:
            padded = self._local.padded = np.zeros(len(waveform) + 2 * half, dtype=np.float32)
        padded[half : half + len(waveform)] = waveform
        return padded

    def _fill(self, mel, padded):
        frames = padded.unfold(0, self.n_fft, self.hop_length)
        windowed, spectrum, parts = self._buffers()
        for start in range(0, mel.shape[1], _BLOCK):
            n = min(_BLOCK, mel.shape[1] - start)
            if n < _BLOCK:
                windowed, spectrum, parts = windowed[:n], spectrum[:n], parts[:n]
            torch.mul(frames[start : start + n], self.window, out=windowed)
            torch.fft.rfft(windowed, out=spectrum)
            self.filters.apply(parts, mel[:, start : start + n])

    def _buffers(self):
        """Return frames, their spectra, and the latter as real and imaginary parts."""
        if not hasattr(self._local, "buffers"):
            spectrum = torch.empty(_BLOCK, self.n_fft // 2 + 1, dtype=torch.complex64)
            parts = torch.view_as_real(spectrum).numpy()
            self._local.buffers = torch.empty(_BLOCK, self.n_fft), spectrum, parts
        return self._local.buffers


class one_torch_thread:
    """Keep torch to one thread for a while: the threads over clips are enough.

    To be entered where those threads are started, not in them: setting torch's number in one
    thread also sets what threads yet to come start with. Callers may overlap; the number found
    by the first is what each leaves behind.
    """

    _lock = threading.Lock()
    _n_inside = 0
    _found = None

    def __enter__(self):
        cls = type(self)
        with cls._lock:
            if cls._n_inside == 0:
                cls._found = torch.get_num_threads()
            cls._n_inside += 1
            torch.set_num_threads(1)

    def __exit__(self, *_):
        cls = type(self)
        with cls._lock:
            cls._n_inside -= 1
            torch.set_num_threads(cls._found)


def _to_db(power, top_db):
    np.maximum(power, _AMIN, out=power)
    decibels = np.log10(power, out=power)
    decibels *= 10
    if top_db is not None:
        np.maximum(decibels, decibels.max() - np.float32(top_db), out=decibels)
    return decibels
