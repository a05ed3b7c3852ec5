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
# Single precision is good for values down to so much under the loudest of their frame. What lies
# deeper is transformed anew in double precision, as librosa does with all.
_SINGLE_DB = 75.0


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
        self._window_double = torch.from_numpy(get_window("hann", n_fft))
        self._window = self._window_double.float()
        self.filters = FilterBank(
            sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax
        )
        self._local = threading.local()

    def __call__(self, waveform):
        """Return the mel-spectrogram of `waveform`, (n_mels, n_frames) float32, in dB."""
        padded = self._padded(waveform)
        n_frames = 1 + (len(padded) - self.n_fft) // self.hop_length
        mel = np.empty((self.filters.n_mels, n_frames), dtype=np.float32)
        frames = torch.from_numpy(padded).unfold(0, self.n_fft, self.hop_length)
        self._fill(mel, frames)
        self._refine(mel, frames)
        return _to_db(mel, self.top_db)

    def _padded(self, waveform):
        # Frames are centred, with silence beyond both ends.
        half = self.n_fft // 2
        padded = getattr(self._local, "padded", None)
        if padded is None or len(padded) != len(waveform) + 2 * half:
            padded = self._local.padded = np.zeros(len(waveform) + 2 * half, dtype=np.float32)
        padded[half : half + len(waveform)] = waveform
        return padded

    def _fill(self, mel, frames):
        windowed, spectrum, parts = self._buffers()
        for start in range(0, mel.shape[1], _BLOCK):
            n = min(_BLOCK, mel.shape[1] - start)
            if n < _BLOCK:
                windowed, spectrum, parts = windowed[:n], spectrum[:n], parts[:n]
            torch.mul(frames[start : start + n], self._window, out=windowed)
            torch.fft.rfft(windowed, out=spectrum)
            self.filters.apply(parts, mel[:, start : start + n])

    def _refine(self, mel, frames):
        """Do the frames again that single precision does not do justice."""
        deep = np.flatnonzero(_depth(mel, self.top_db) > _SINGLE_DB)
        for start in range(0, len(deep), _BLOCK):
            chosen = deep[start : start + _BLOCK]
            spectrum = torch.fft.rfft(frames[torch.from_numpy(chosen)] * self._window_double)
            parts = torch.view_as_real(spectrum.to(torch.complex64)).numpy()
            refined = np.empty((self.filters.n_mels, len(chosen)), dtype=np.float32)
            self.filters.apply(parts, refined)
            mel[:, chosen] = refined

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


def _depth(power, top_db):
    """Return how far the quietest value of each frame lies under its loudest, in dB.

    What `top_db` is going to raise does not count.
    """
    floor = _AMIN if top_db is None else max(_AMIN, power.max() * 10 ** (-top_db / 10))
    loudest = np.maximum(power.max(axis=0), floor)
    return 10 * np.log10(loudest / np.maximum(power.min(axis=0), floor))


def _to_db(power, top_db):
    np.maximum(power, _AMIN, out=power)
    decibels = np.log10(power, out=power)
    decibels *= 10
    if top_db is not None:
        np.maximum(decibels, decibels.max() - np.float32(top_db), out=decibels)
    return decibels
