import numpy as np
import pytest
import torch

from sklearn_mer.embeddings._openl3_frontend import OpenL3FrontEnd, windows_of

from .openl3_definition import BANDS, FRAMES, by_definition, noise


@pytest.mark.parametrize("input_repr", BANDS)
def test_front_end_is_its_definition(input_repr):
    seconds = noise(2, 48000)
    # A tone that ends: far below the maximum, and in places below the range.
    seconds[1] = np.sin(2 * np.pi * 440 * np.arange(48000) / 48000) * (np.arange(48000) < 30000)
    got = OpenL3FrontEnd(input_repr)(torch.from_numpy(seconds)).numpy()
    expected = np.stack([by_definition(second, input_repr) for second in seconds])
    assert got.shape == expected.shape == (2, BANDS[input_repr], FRAMES[input_repr])
    assert got.max(axis=(1, 2)).tolist() == [0, 0]
    assert got.min() == -80
    # At -40 a magnitude is 1e-4 of the largest; below that single precision is heard.
    audible = expected > -40
    assert audible[0].mean() > 0.8
    assert audible[1].mean() < 0.8
    np.testing.assert_allclose(got[audible], expected[audible], atol=0.02)
    assert got[~audible].max() < -39.9


def test_front_end_of_silence_is_finite():
    assert not OpenL3FrontEnd("mel256")(torch.zeros(1, 48000)).any()


@pytest.mark.parametrize(
    ("n_samples", "hop", "n_windows"),
    [(1, 4800, 1), (24000, 4800, 1), (24001, 4800, 2), (28800, 4800, 2), (30 * 48000, 4800, 296)],
)
def test_windows(n_samples, hop, n_windows):
    clip = np.arange(1, n_samples + 1, dtype=np.float32)
    windows = windows_of(clip, hop)
    assert windows.shape == (n_windows, 48000)
    assert not windows[0, :24000].any()  # the clip begins in the middle of the first window
    assert windows[0, 24000] == 1
    assert n_samples in windows[-1]  # and no sample is left out
    if n_windows > 1:
        assert torch.equal(windows[0, hop:], windows[1, :-hop])
