"""Power spectra of sixteen frames at a time, in compiled loops.

The widest registers hold sixteen float32. Sixteen frames therefore lie side by side, one per lane,
and every step of the Fourier transform is the same operation on all of them: no values move within
a register, and the result has the layout that the filter bank needs. Library transforms work
along each frame instead.

A frame of `n_fft` real samples is transformed as `n_fft / 2` complex ones. The steps are radix 4
in Pease's form (J. ACM 15, 1968): each step reads four rows that are a quarter of the length apart
and writes the four results side by side. No step overwrites its own input, which the compiler must
know to use wide registers. The bins are in a permuted order afterwards, which a table reverses.
"""

from typing import NamedTuple

import numba
import numpy as np

LANES = 16
_TILE = 32  # pairs of samples of one frame that are copied at once
SMALLEST = 2 * _TILE


class Tables(NamedTuple):
    """Constants of the transform; float32, except `order`."""

    window: np.ndarray  # (n_fft / 8, 8): for both samples of the four rows of a butterfly
    turns: np.ndarray  # (n_stages, n_fft / 8, 6): complex factors of its last three results
    halves: np.ndarray  # (n_fft / 4 + 1, 2): complex factors of the odd samples' spectrum
    order: np.ndarray  # (n_fft / 2,): the row of each bin after the last step


def can_transform(n_fft):
    """Return whether `power_spectra` supports frames of this length."""
    return n_fft >= SMALLEST and n_fft & (n_fft - 1) == 0


def make_tables(window):
    """Return the tables for frames under `window`, of a length that `can_transform`."""
    n = len(window) // 2
    # Halved here, so that `_split` need not divide by two.
    quarters = (window / 2).reshape(4, -1, 2).transpose(1, 0, 2).reshape(-1, 8)
    halves = _circle(np.arange(n // 2 + 1), 2 * n)
    single = (table.astype(np.float32) for table in (quarters, _turns(n), halves))
    return Tables(*single, _order(n))


def _circle(steps, n):
    """Return real and imaginary part of exp(-2 pi i steps / n), along a new last axis."""
    turned = np.exp(-2j * np.pi * steps / n)
    return np.stack([turned.real, turned.imag], axis=-1)


def _turns(n):
    """Return what the outputs 1, 2 and 3 of each butterfly of each stage are multiplied by."""
    stages, span = [], n
    while span >= 4:
        position = np.arange(n // 4) // (n // span)
        stages.append(_circle(np.outer(position, [1, 2, 3]), span).reshape(-1, 6))
        span //= 4
    return np.array(stages)


def _order(n):
    if n == 1:
        return np.zeros(1, dtype=np.int64)
    radix = 4 if n % 4 == 0 else 2
    inner = _order(n // radix)
    return np.add.outer(inner, np.arange(radix) * len(inner)).ravel()


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def power_spectra(waveform, begins, tables, pairs, other, power):
    """Write the power spectra of sixteen frames.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
        The samples.
    begins : ndarray of shape (LANES,), int64
        First sample of each frame. Before and after the waveform is silence.
    tables : Tables
        From `make_tables`.
    pairs, other : ndarray of shape (n_fft / 2, 2 * LANES), float32
        Buffers.
    power : ndarray of shape (at least n_fft / 2 + 1, LANES), float32
        One row per bin. Rows beyond the last bin are not changed.
    """
    _gather(waveform, begins, pairs)
    n = pairs.shape[0]
    _first_stage(pairs.reshape(4, n // 4, -1), tables.window, tables.turns[0], _fours(other))
    for stage in range(1, tables.turns.shape[0]):
        pairs, other = other, pairs
        _stage(pairs.reshape(4, n // 4, -1), tables.turns[stage], _fours(other))
    if 4 ** tables.turns.shape[0] < n:
        pairs, other = other, pairs
        _last_stage(pairs.reshape(2, n // 2, -1), other.reshape(n // 2, -1))
    _split(other, tables.order, tables.halves, power)


@numba.njit(nogil=True, cache=True)
def _fours(rows):
    return rows.reshape(rows.shape[0] // 4, -1)


@numba.njit(nogil=True, cache=True)
def _gather(waveform, begins, pairs):
    # In tiles, which stay in the first-level cache while the lanes are filled one by one.
    for row in range(0, pairs.shape[0], _TILE):
        tile = pairs[row : row + _TILE]
        for lane in range(LANES):
            begin = begins[lane] + 2 * row
            end = begin + 2 * _TILE
            if begin >= 0 and end <= waveform.shape[0]:
                samples = waveform[begin:end]
                for i in range(_TILE):
                    even, odd = samples[2 * i], samples[2 * i + 1]
                    tile[i, 2 * lane], tile[i, 2 * lane + 1] = even, odd
            else:
                for i in range(2 * _TILE):
                    inside = 0 <= begin + i < waveform.shape[0]
                    tile[i // 2, 2 * lane + i % 2] = waveform[begin + i] if inside else 0


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def _first_stage(quarters, window, turns, out):
    # Real and imaginary parts alternate, as the samples do.
    for i in range(turns.shape[0]):
        a, b, c, d = quarters[0, i], quarters[1, i], quarters[2, i], quarters[3, i]
        w0, w1, w2, w3 = window[i, 0], window[i, 1], window[i, 2], window[i, 3]
        w4, w5, w6, w7 = window[i, 4], window[i, 5], window[i, 6], window[i, 7]
        turn = _six(turns[i])
        target = out[i]
        for lane in range(LANES):
            re, im = 2 * lane, 2 * lane + 1
            first, second = (a[re] * w0, a[im] * w1), (b[re] * w2, b[im] * w3)
            third, fourth = (c[re] * w4, c[im] * w5), (d[re] * w6, d[im] * w7)
            _butterfly(first, second, third, fourth, turn, target, lane)


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def _stage(quarters, turns, out):
    # From the first stage on, a row is sixteen real parts, then sixteen imaginary ones.
    for i in range(turns.shape[0]):
        a, b, c, d = quarters[0, i], quarters[1, i], quarters[2, i], quarters[3, i]
        turn = _six(turns[i])
        target = out[i]
        for re in range(LANES):
            im = re + LANES
            first, second = (a[re], a[im]), (b[re], b[im])
            third, fourth = (c[re], c[im]), (d[re], d[im])
            _butterfly(first, second, third, fourth, turn, target, re)


@numba.njit(nogil=True, cache=True)
def _six(row):
    return row[0], row[1], row[2], row[3], row[4], row[5]


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def _butterfly(a, b, c, d, turn, out, lane):
    """Transform four complex numbers, and rotate all but the first of the results."""
    re_s, im_s, re_t, im_t = a[0] + c[0], a[1] + c[1], a[0] - c[0], a[1] - c[1]
    re_u, im_u, re_v, im_v = b[0] + d[0], b[1] + d[1], b[1] - d[1], d[0] - b[0]
    out[lane] = re_s + re_u
    out[lane + LANES] = im_s + im_u
    re, im = re_t + re_v, im_t + im_v
    out[lane + 2 * LANES] = re * turn[0] - im * turn[1]
    out[lane + 3 * LANES] = re * turn[1] + im * turn[0]
    re, im = re_s - re_u, im_s - im_u
    out[lane + 4 * LANES] = re * turn[2] - im * turn[3]
    out[lane + 5 * LANES] = re * turn[3] + im * turn[2]
    re, im = re_t - re_v, im_t - im_v
    out[lane + 6 * LANES] = re * turn[4] - im * turn[5]
    out[lane + 7 * LANES] = re * turn[5] + im * turn[4]


@numba.njit(nogil=True, cache=True)
def _last_stage(halves, out):
    """Radix 2, if the length is not a power of 4."""
    for i in range(out.shape[0]):
        a, b, o = halves[0, i], halves[1, i], out[i]
        for lane in range(2 * LANES):
            o[lane] = a[lane] + b[lane]
            o[lane + 2 * LANES] = a[lane] - b[lane]


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def _split(spectrum, order, halves, power):
    """From the transform of pairs of samples to the power spectrum of the samples."""
    n = spectrum.shape[0]
    zero, low, high = spectrum[0], power[0], power[n]
    for lane in range(LANES):
        low[lane] = (2 * (zero[lane] + zero[lane + LANES])) ** 2
        high[lane] = (2 * (zero[lane] - zero[lane + LANES])) ** 2
    for k in range(1, n // 2 + 1):
        a, b, low, high = spectrum[order[k]], spectrum[order[n - k]], power[k], power[n - k]
        re_turn, im_turn = halves[k, 0], halves[k, 1]
        for lane in range(LANES):
            # Twice the spectra of the even and of the odd samples.
            re_even, im_even = a[lane] + b[lane], a[lane + LANES] - b[lane + LANES]
            re, im = a[lane + LANES] + b[lane + LANES], b[lane] - a[lane]
            re_odd, im_odd = re * re_turn - im * im_turn, re * im_turn + im * re_turn
            low[lane] = (re_even + re_odd) ** 2 + (im_even + im_odd) ** 2
            high[lane] = (re_even - re_odd) ** 2 + (im_even - im_odd) ** 2


@numba.njit(nogil=True, cache=True)
def copy_frames(waveform, begins, window, frames):
    """Write windowed frames, one per row, for scipy's transform.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
        The samples.
    begins : ndarray of shape (n_frames,), int64
        As in `power_spectra`.
    window : ndarray of shape (n_fft,)
        The window.
    frames : ndarray of shape (n_frames, n_fft)
        Gets the frames, in the precision of `window`.
    """
    n_fft = window.shape[0]
    for i in range(begins.shape[0]):
        begin, frame = begins[i], frames[i]
        if begin >= 0 and begin + n_fft <= waveform.shape[0]:
            samples = waveform[begin : begin + n_fft]
            for j in range(n_fft):
                frame[j] = samples[j] * window[j]
        else:
            for j in range(n_fft):
                inside = 0 <= begin + j < waveform.shape[0]
                frame[j] = waveform[begin + j] * window[j] if inside else 0


@numba.njit(nogil=True, cache=True)
def square(values, power):
    """Write the power spectra of transformed frames.

    Parameters
    ----------
    values : ndarray of shape (LANES, n_bins), complex
        The transform of frames of `copy_frames`.
    power : ndarray of shape (at least n_bins, LANES), float32
        As in `power_spectra`.
    """
    for lane in range(LANES):
        row = values[lane]
        for k in range(row.shape[0]):
            power[k, lane] = row[k].real ** 2 + row[k].imag ** 2
