"""What the kernel does in double precision, and where."""

import numpy as np
import pytest

from sklearn_mer.spectrogram import _kernel
from sklearn_mer.spectrogram._kernel import MelKernel, _are_deep, _for_reading

SETTINGS = {
    "sample_rate": 16000,
    "n_fft": 512,
    "hop_length": 200,
    "n_mels": 40,
    "fmin": 0.0,
    "fmax": None,
    "top_db": None,
}


@pytest.mark.parametrize(
    ("lows", "highs", "top_db", "deep"),
    [
        ([1e-3, 1e-8, 3e-8], [1, 1, 1], None, [False, True, True]),
        ([1e-3, 4e-8, 1e-8], [1, 1, 0.3], None, [False, False, False]),
        ([0, 0, 0], [1, 1e-3, 0], None, [True, False, False]),  # what lies under 1e-10 is flat
        ([0, 0, 0], [1, 1e-3, 0], 80.0, [True, False, False]),
        ([0, 0, 0], [1, 1e-3, 0], 70.0, [False, False, False]),
    ],
)
def test_which_frames_are_deep(lows, highs, top_db, deep):
    # 75 dB are a factor of 3.16e7.
    lows, highs = np.array(lows, dtype=np.float32), np.array(highs, dtype=np.float32)
    assert _are_deep(lows, highs, top_db).tolist() == deep


def test_only_deep_frames_are_done_again(monkeypatch):
    times = np.arange(16000) / 16000
    noise = np.random.default_rng(0).normal(0, 0.1, 8000)
    waveform = np.append(np.sin(2 * np.pi * 440 * times[:8000]), noise).astype(np.float32)
    refined = MelKernel(**SETTINGS)(waveform)
    monkeypatch.setattr(_kernel, "_SINGLE_DB", np.inf)
    single = MelKernel(**SETTINGS)(waveform)
    differ = np.abs(refined - single).max(axis=0) > 1e-3
    # Frames 3 to 37 hear the tone alone, those from 42 on the noise alone.
    assert differ[3:38].all()
    assert not differ[42:].any()


def test_both_ways_give_the_same():
    rng = np.random.default_rng(0)
    waveform = rng.normal(0, 0.1, 8000).astype(np.float32)
    kernel = MelKernel(**SETTINGS)
    begins = np.arange(41) * 200 - 256
    waveform = _for_reading(waveform)
    lanes = kernel._in_lanes(waveform, begins)
    for dtype in (np.float32, np.float64):
        library = kernel._by_library(waveform, begins, dtype)
        for ours, theirs in zip(lanes, library, strict=True):
            assert ours.shape == theirs.shape
            np.testing.assert_allclose(10 * np.log10(ours / theirs), 0, atol=1e-4)
    power, lows, highs = lanes
    assert power.shape == (40, 41)
    np.testing.assert_array_equal(lows, power.min(axis=0))
    np.testing.assert_array_equal(highs, power.max(axis=0))


def test_a_frame_does_not_depend_on_its_lane():
    waveform = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    kernel = MelKernel(**SETTINGS)
    whole = kernel(waveform)
    # 200 samples later, each frame sits one lane further on.
    shifted = kernel(waveform[200:])
    np.testing.assert_array_equal(whole[:, 4:-1], shifted[:, 3:-1])


@pytest.mark.parametrize("n_fft", [512, 500])
def test_arrays_of_any_kind(n_fft):
    waveform = np.random.default_rng(0).normal(0, 0.1, 4000).astype(np.float32)
    kernel = MelKernel(**SETTINGS | {"n_fft": n_fft})
    expected = kernel(waveform)
    read_only = waveform.copy()
    read_only.flags.writeable = False
    for same in (read_only, waveform.astype(np.float64), np.repeat(waveform, 2)[::2]):
        np.testing.assert_array_equal(kernel(same), expected)
    assert waveform.flags.writeable
