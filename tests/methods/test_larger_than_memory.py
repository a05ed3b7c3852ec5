"""Spectrograms that stay in the cache change nothing but the memory."""

import numpy as np
import pytest
from cases import all_weights, make, scores

from sklearn_mer.audio import LazyRows
from sklearn_mer.augmentation import PitchShift, TimeShift, _augment
from sklearn_mer.spectrogram import _frontend

CASES = {
    "cnn": {},
    "cnn_augment": {"augment": [TimeShift(), PitchShift(semitones=(-1, 1))]},
    "cnn_deepsmote": {},
    "crnn": {},
    "short_chunk": {},
    "hybrid": {},
    "hybrid_network": {},
}


@pytest.fixture
def lazily(monkeypatch, tmp_path):
    """Everything is too large for memory; return what was left in the cache."""
    left = []
    transform = _frontend.MelSpectrogram.transform_lazily

    def noting(self, X):
        left.append(len(X))
        return transform(self, X)

    def switch():
        monkeypatch.setattr(_frontend, "IN_MEMORY", 0)
        monkeypatch.setattr(_frontend.MelSpectrogram, "transform_lazily", noting)
        return left

    monkeypatch.setenv("SKLEARN_MER_CACHE", str(tmp_path / "cache"))
    return switch


@pytest.mark.parametrize("key", CASES)
def test_the_result_is_the_same(key, wav_files, clips, lazily):
    method = make(key, **CASES[key])
    y = clips[1]
    before = method.fit(wav_files, y)
    in_memory, expected = all_weights(before), scores(before, wav_files)
    left = lazily()
    method.fit(wav_files, y)
    assert left == [12]
    np.testing.assert_array_equal(scores(method, wav_files), expected)
    assert left == [12, 12]
    for name, value in all_weights(method).items():
        np.testing.assert_array_equal(value, in_memory[name], err_msg=name)


def test_waveforms_foreign_front_ends_and_no_cache_stay_in_memory(wav_files, clips, lazily):
    X, y = clips
    left = lazily()
    make("cnn").fit(X, y)
    make("cnn", frontend__cache=False).fit(wav_files, y)
    make("sample_cnn").fit(wav_files, y)
    assert left == []


def test_the_limit_counts_bytes_of_clips_and_of_copies(wav_files, clips, monkeypatch, lazily):
    left = lazily()
    n_bytes = 12 * 64 * 79 * 4
    monkeypatch.setattr(_frontend, "IN_MEMORY", n_bytes)
    method = make("cnn").fit(wav_files, clips[1])
    assert method.input_shape_ == (64, 79)
    assert left == []
    seen = []
    monkeypatch.setattr(_augment, "LazyRows", lambda *args: seen.append(args[1]) or LazyRows(*args))
    make("cnn_augment").fit(wav_files, clips[1])
    assert left == []
    assert seen == [(24, 64, 79)]
    monkeypatch.setattr(_frontend, "IN_MEMORY", n_bytes - 1)
    make("cnn").fit(wav_files, clips[1])
    assert left == [12]
