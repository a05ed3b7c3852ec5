"""The mel filter bank, applied to the squared magnitude of a few frames at a time.

Of the weights of a filter bank nearly all are zero: each filter spans a few bins. So it is kept
as short pieces of 16 weights, which is what the widest registers hold, and each piece meets four
frames while it is there.
"""

import librosa
import numba
import numpy as np

_WIDTH = 16
_FRAMES = 4


class FilterBank:
    """Squared magnitude and mel filters in one pass over a spectrum.

    Parameters
    ----------
    sample_rate, n_fft, n_mels, fmin, fmax
        As in `MelSpectrogram`; the filters are librosa's.
    """

    def __init__(self, *, sample_rate, n_fft, n_mels, fmin, fmax):
        filters = librosa.filters.mel(
            sr=sample_rate, n_fft=n_fft, n_mels=n_mels, fmin=fmin, fmax=fmax
        )
        self.n_mels = n_mels
        self.starts, self.weights, self.n_pieces = _pieces(filters)

    def apply(self, parts, out):
        """Write the mel powers of some frames.

        Parameters
        ----------
        parts : ndarray of shape (n_frames, n_bins, 2), float32
            Real and imaginary part.
        out : ndarray of shape (n_mels, n_frames), float32
        """
        _add_up(parts, self.starts, self.weights, self.n_pieces, out)


def _pieces(filters):
    """Return first bin and weights of each piece, and the number of pieces of each filter."""
    starts, weights, n_pieces = [], [], []
    for row in filters:
        bins = np.flatnonzero(row)  # none where a filter is narrower than a bin
        first = range(bins[0], bins[-1] + 1, _WIDTH) if len(bins) else ()
        padded = np.append(row, np.zeros(_WIDTH, dtype=row.dtype))
        starts += first
        weights += [padded[start : start + _WIDTH] for start in first]
        n_pieces.append(len(first))
    weights = np.array(weights, dtype=np.float32).reshape(-1, _WIDTH)
    return np.array(starts, dtype=np.int64), weights, np.array(n_pieces, dtype=np.int64)


@numba.njit(fastmath=True, nogil=True, cache=True)
def _add_up(parts, starts, weights, n_pieces, out):
    n_frames, n_bins, _ = parts.shape
    # The last piece of a filter may reach beyond the last bin, with weights of zero.
    power = np.zeros((_FRAMES, n_bins + _WIDTH), np.float32)
    for t in range(0, n_frames, _FRAMES):
        n = min(_FRAMES, n_frames - t)
        for i in range(n):
            for k in range(n_bins):
                power[i, k] = parts[t + i, k, 0] ** 2 + parts[t + i, k, 1] ** 2
        piece = 0
        for m in range(n_pieces.shape[0]):
            sum_0 = sum_1 = sum_2 = sum_3 = np.float32(0)
            for _ in range(n_pieces[m]):
                start = starts[piece]
                for j in range(_WIDTH):
                    weight = weights[piece, j]
                    sum_0 += power[0, start + j] * weight
                    sum_1 += power[1, start + j] * weight
                    sum_2 += power[2, start + j] * weight
                    sum_3 += power[3, start + j] * weight
                piece += 1
            for i, total in enumerate((sum_0, sum_1, sum_2, sum_3)):
                if i < n:
                    out[m, t + i] = total
