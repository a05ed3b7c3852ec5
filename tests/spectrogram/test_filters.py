"""The filter bank in pieces, against the dense one."""

import librosa
import numpy as np
import pytest

from sklearn_mer.spectrogram._filters import PIECE, add_up, cut_filters
from sklearn_mer.spectrogram._lanes import LANES


def sums(filters, power, n_frames=LANES):
    padded = np.vstack([power, np.zeros((PIECE, LANES), dtype=np.float32)])
    out = np.empty((len(filters), n_frames), dtype=np.float32)
    lows, highs = np.empty((2, LANES), dtype=np.float32)
    add_up(padded, cut_filters(filters), out, lows, highs)
    return out, lows, highs


def random_power(n_bins):
    return np.random.default_rng(0).exponential(size=(n_bins, LANES)).astype(np.float32)


@pytest.mark.filterwarnings("ignore:Empty filters:UserWarning")
@pytest.mark.parametrize(("n_fft", "n_mels"), [(2048, 128), (1025, 40), (256, 128), (2048, 1)])
def test_equal_to_the_dense_product(n_fft, n_mels):
    filters = librosa.filters.mel(sr=16000, n_fft=n_fft, n_mels=n_mels)
    power = random_power(n_fft // 2 + 1)
    out, lows, highs = sums(filters, power)
    dense = filters.astype(np.float64) @ power
    np.testing.assert_allclose(out, dense, rtol=1e-6)
    np.testing.assert_array_equal(lows, out.min(axis=0))
    np.testing.assert_array_equal(highs, out.max(axis=0))


def test_literal_sums():
    filters = np.zeros((3, 20), dtype=np.float32)
    filters[0, 2:5] = 1, 2, 1
    filters[2, 9:20] = 0.5  # two pieces, the second of which reaches beyond the last bin
    power = np.outer(np.arange(20), np.arange(1, LANES + 1)).astype(np.float32)
    out, lows, highs = sums(filters, power, n_frames=3)
    np.testing.assert_array_equal(out, [[12, 24, 36], [0, 0, 0], [77, 154, 231]])
    np.testing.assert_array_equal(lows[:3], [0, 0, 0])
    np.testing.assert_array_equal(highs, 77 * np.arange(1, LANES + 1))
    pieces = cut_filters(filters)
    assert pieces.starts.tolist() == [2, 9, 17]
    assert pieces.n_pieces.tolist() == [1, 0, 2]
