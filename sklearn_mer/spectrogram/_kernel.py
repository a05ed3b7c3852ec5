"""The arithmetic of the mel-spectrogram, without scikit-learn.

Waiting for memory takes most of the time. A clip is therefore processed from samples to mel powers
sixteen frames at a time, in buffers that fit into the cache of a core.
"""

import numba
import numpy as np
import scipy.fft
from scipy.signal import get_window

from ._filters import PIECE, add_up, make_filters
from ._lanes import LANES, can_transform, copy_frames, make_tables, power_spectra, square

_BLOCK = 4 * LANES  # frames that scipy transforms at once
_AMIN = 1e-10  # power below which librosa's dB scale is flat
# Single precision is accurate for values down to this level below the maximum of their frame.
# Frames with lower values are transformed again in double precision, as librosa does with all.
_SINGLE_DB = 75.0


class MelKernel:
    """Power mel-spectrogram in dB of one waveform at a time; safe in threads.

    Parameters
    ----------
    sample_rate, n_fft, hop_length, n_mels, fmin, fmax
        As in `MelSpectrogram`.
    top_db : float or None
        The lowest level, in dB below the maximum of the clip.
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
        self._tables = make_tables(self._window) if can_transform(n_fft) else None

    def __call__(self, waveform):
        """Return the mel-spectrogram of `waveform`, (n_mels, n_frames) float32, in dB."""
        waveform = _for_reading(waveform)
        # Frames are centred, with silence beyond both ends.
        half = self.n_fft // 2
        n_frames = 1 + (len(waveform) + 2 * half - self.n_fft) // self.hop_length
        begins = np.arange(n_frames) * self.hop_length - half
        transform = self._by_library if self._tables is None else self._in_lanes
        power, lows, highs = transform(waveform, begins)
        (deep,) = np.nonzero(_are_deep(lows, highs, self.top_db))
        power[:, deep] = self._by_library(waveform, begins[deep], np.float64)[0]
        return _to_db(power, self.top_db)

    def _in_lanes(self, waveform, begins):
        """Return mel powers (n_mels, n_frames), and the minimum and maximum of each frame."""
        power, padded, lows, highs = self._room(waveform, begins)
        buffers = _buffers(self.n_fft)
        _add_groups(waveform, padded, self._tables, self.filters, *buffers, power, lows, highs)
        return power, lows[: len(begins)], highs[: len(begins)]

    def _by_library(self, waveform, begins, dtype=np.float32):
        """Return the same for any `n_fft`, with scipy's transform of this precision."""
        power, padded, lows, highs = self._room(waveform, begins)
        window = self._window.astype(dtype)
        _, _, spectra = _buffers(self.n_fft)
        for start in range(0, len(begins), _BLOCK):
            block = slice(start, start + _BLOCK)
            frames = np.empty((len(padded[block]), self.n_fft), dtype=dtype)
            copy_frames(waveform, padded[block], window, frames)
            values = scipy.fft.rfft(frames, overwrite_x=True)
            _add_spectra(values, spectra, self.filters, power[:, block], lows[block], highs[block])
        return power, lows[: len(begins)], highs[: len(begins)]

    def _room(self, waveform, begins):
        power = np.empty((self.n_mels, len(begins)), dtype=np.float32)
        # Complete groups of frames: the added ones are silent.
        n_lanes = -(-len(begins) // LANES) * LANES
        padded = np.append(begins, np.full(n_lanes - len(begins), len(waveform)))
        return power, padded, *np.empty((2, n_lanes), dtype=np.float32)


# Numba's cache checks the date of this file alone. After a change in `_lanes` or `_filters`, change
# this file too.
@numba.njit(nogil=True, cache=True)
def _add_groups(waveform, begins, tables, filters, pairs, other, spectra, power, lows, highs):
    for start in range(0, begins.shape[0], LANES):
        group = slice(start, start + LANES)
        power_spectra(waveform, begins[group], tables, pairs, other, spectra)
        add_up(spectra, filters, power[:, group], lows[group], highs[group])


@numba.njit(nogil=True, cache=True)
def _add_spectra(values, spectra, filters, power, lows, highs):
    for start in range(0, values.shape[0], LANES):
        group = slice(start, start + LANES)
        square(values[group], spectra)
        add_up(spectra, filters, power[:, group], lows[group], highs[group])


def _for_reading(waveform):
    # Writable and read-only arrays are two types to the compiler, which would compile for each.
    waveform = np.ascontiguousarray(waveform, dtype=np.float32).view()
    waveform.flags.writeable = False
    return waveform


def _buffers(n_fft):
    """Return the buffers of `power_spectra`, aligned to cache lines."""
    pairs, other = (_aligned((n_fft // 2, 2 * LANES)) for _ in range(2))
    power = _aligned((n_fft // 2 + 1 + PIECE, LANES))
    power[-PIECE:] = 0
    return pairs, other, power


def _aligned(shape):
    raw = np.empty(shape[0] * shape[1] + 16, dtype=np.float32)
    first = -raw.ctypes.data % 64 // 4
    return raw[first : len(raw) - 16 + first].reshape(shape)


def _are_deep(lows, highs, top_db):
    """Return which frames have a value too far below their maximum for single precision.

    Values that `top_db` raises do not count.
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
