"""The arithmetic of the mel-spectrogram, without scikit-learn.

What costs time here is memory that has to be waited for. So a clip goes from samples to mel
powers sixteen frames at a time, in buffers that stay in the cache of a core.
"""

import threading

import numba
import numpy as np
import scipy.fft
import torch
from scipy.signal import get_window

from ._filters import PIECE, add_up, make_filters
from ._lanes import LANES, can_transform, make_tables, power_spectra

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
        self.n_mels = n_mels
        self.top_db = top_db
        self.filters = make_filters(
            sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax
        )
        self._window = get_window("hann", n_fft)
        if can_transform(n_fft):
            self._single = make_tables(self._window, np.float32)
            self._double = make_tables(self._window, np.float64)

    def __call__(self, waveform):
        """Return the mel-spectrogram of `waveform`, (n_mels, n_frames) float32, in dB."""
        # Frames are centred, with silence beyond both ends.
        half = self.n_fft // 2
        n_frames = 1 + (len(waveform) + 2 * half - self.n_fft) // self.hop_length
        begins = np.arange(n_frames) * self.hop_length - half
        if can_transform(self.n_fft):
            power = self._powers(waveform, begins)
        else:
            power = self._powers_of_any_length(waveform, begins)
        return _to_db(power, self.top_db)

    def _powers(self, waveform, begins):
        power, lows, highs = self._transformed(waveform, begins, self._single)
        (deep,) = np.nonzero(_are_deep(lows, highs, self.top_db))
        if len(deep):
            power[:, deep] = self._transformed(waveform, begins[deep], self._double)[0]
        return power

    def _transformed(self, waveform, begins, tables):
        power = np.empty((self.n_mels, len(begins)), dtype=np.float32)
        # Whole groups: the lanes too many hear silence.
        n_lanes = -(-len(begins) // LANES) * LANES
        lows, highs = np.empty((2, n_lanes), dtype=np.float32)
        padded = np.append(begins, np.full(n_lanes - len(begins), len(waveform)))
        buffers = _buffers(self.n_fft, tables.window.dtype)
        _add_groups(waveform, padded, tables, self.filters, *buffers, power, lows, highs)
        return power, lows[: len(begins)], highs[: len(begins)]

    def _powers_of_any_length(self, waveform, begins):
        """Use a library's transform, in double precision: lengths that are no power of 2."""
        power = np.empty((self.n_mels, len(begins)), dtype=np.float32)
        padded = np.pad(waveform.astype(np.float64), self.n_fft // 2)
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.n_fft)[:: self.hop_length]
        spectra = np.zeros((self.n_fft // 2 + 1 + PIECE, LANES))
        lows, highs = np.empty((2, LANES), dtype=np.float32)
        for start in range(0, len(begins), LANES):
            group = scipy.fft.rfft(frames[start : start + LANES] * self._window)
            spectra[:-PIECE, : len(group)] = (group.real**2 + group.imag**2).T
            add_up(spectra, self.filters, power[:, start : start + LANES], lows, highs)
        return power


@numba.njit(nogil=True, cache=True)
def _add_groups(waveform, begins, tables, filters, pairs, other, spectra, power, lows, highs):
    for start in range(0, begins.shape[0], LANES):
        group = slice(start, start + LANES)
        power_spectra(waveform, begins[group], tables, pairs, other, spectra)
        add_up(spectra, filters, power[:, group], lows[group], highs[group])


def _buffers(n_fft, dtype):
    """Return what `power_spectra` writes to, each from the start of a line of the cache."""
    shapes = [(n_fft // 2, 2 * LANES)] * 2 + [(n_fft // 2 + 1 + PIECE, LANES)]
    buffers = []
    for shape in shapes:
        n_bytes = shape[0] * shape[1] * dtype.itemsize
        raw = np.empty(n_bytes + 64, dtype=np.uint8)
        first = -raw.ctypes.data % 64
        buffers.append(raw[first : first + n_bytes].view(dtype).reshape(shape))
    buffers[-1][-PIECE:] = 0
    return buffers


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


def _are_deep(lows, highs, top_db):
    """Return which frames hold a value that lies too far under their loudest.

    What `top_db` is going to raise does not count.
    """
    floor = _AMIN if top_db is None else max(_AMIN, highs.max() * 10 ** (-top_db / 10))
    return np.maximum(highs, floor) > np.maximum(lows, floor) * 10 ** (_SINGLE_DB / 10)


def _to_db(power, top_db):
    np.maximum(power, _AMIN, out=power)
    decibels = np.log10(power, out=power)
    decibels *= 10
    if top_db is not None:
        np.maximum(decibels, decibels.max() - np.float32(top_db), out=decibels)
    return decibels
