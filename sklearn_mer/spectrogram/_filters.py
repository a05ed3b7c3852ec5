"""The mel filter bank, applied to the power spectra of sixteen frames at a time.

Nearly all weights of a filter bank are zero: each filter spans a few bins. The bank is therefore
stored as short pieces of eight weights.
"""

from typing import NamedTuple

import numba
import numpy as np

from .._mel import mel_filters
from ._lanes import LANES

PIECE = 8


class FilterBank(NamedTuple):
    """The non-zero weights of a filter bank, in pieces."""

    starts: np.ndarray  # first bin of each piece
    weights: np.ndarray  # (n_pieces, PIECE)
    n_pieces: np.ndarray  # of each filter


def make_filters(*, sample_rate, n_fft, n_mels, fmin, fmax):
    """Return mel filters as a `FilterBank`; parameters as in `MelSpectrogram`."""
    return cut_filters(
        mel_filters(sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax)
    )


def cut_filters(filters):
    """Return the `FilterBank` of dense filters of shape (n_mels, n_bins)."""
    starts, weights, n_pieces = [], [], []
    for row in filters:
        bins = np.flatnonzero(row)  # none where a filter is narrower than a bin
        first = range(bins[0], bins[-1] + 1, PIECE) if len(bins) else ()
        padded = np.append(row, np.zeros(PIECE, dtype=row.dtype))
        starts += first
        weights += [padded[start : start + PIECE] for start in first]
        n_pieces.append(len(first))
    weights = np.array(weights, dtype=np.float32).reshape(-1, PIECE)
    return FilterBank(np.array(starts, dtype=np.int64), weights, np.array(n_pieces, dtype=np.int64))


@numba.njit(nogil=True, cache=True, fastmath={"contract"})
def add_up(power, filters, out, lows, highs):
    """Write the mel powers of up to sixteen frames to `out`.

    Parameters
    ----------
    power : ndarray of shape (n_bins + PIECE, LANES), float32
        Power spectra. The last rows are zero: the last piece of a filter may extend to them.
    filters : FilterBank
        The filters.
    out : ndarray of shape (n_mels, n_frames), float32
        Gets the mel powers.
    lows, highs : ndarray of shape (LANES,), float32
        Get the minimum and maximum of each frame.
    """
    flat = power.reshape(-1)
    total = np.empty(LANES, np.float32)
    lows[:] = np.inf
    highs[:] = 0
    piece = 0
    for m in range(filters.n_pieces.shape[0]):
        total[:] = 0
        for _ in range(filters.n_pieces[m]):
            rows = flat[filters.starts[piece] * LANES :]
            w = filters.weights[piece]
            w0, w1, w2, w3, w4, w5, w6, w7 = w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]
            for i in range(LANES):
                # Pairs can be added independently of each other.
                low = (rows[i] * w0 + rows[i + 16] * w1) + (rows[i + 32] * w2 + rows[i + 48] * w3)
                high = (rows[i + 64] * w4 + rows[i + 80] * w5) + (
                    rows[i + 96] * w6 + rows[i + 112] * w7
                )
                total[i] += low + high
            piece += 1
        for i in range(LANES):
            lows[i] = min(lows[i], total[i])
            highs[i] = max(highs[i], total[i])
        for i in range(out.shape[1]):
            out[m, i] = total[i]
