"""Rows that stay in the cache until they are asked for."""

import os

import numpy as np
import pytest

from sklearn_mer.audio import AudioError, AudioLoader, Clips, apply_step
from sklearn_mer.methods._clip_rows import CachedRows, cached_rows

LOADER = AudioLoader(sample_rate=16000, duration=0.25)
STEP = {"step": "halves", "settings": ["halves", 1]}


def halves(waveform):
    return waveform.reshape(2, -1)


@pytest.fixture
def clips(short_files):
    return Clips(np.array(short_files, dtype=object))


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_they_stand_for_what_apply_step_gives(clips, tmp_path, n_jobs):
    expected = apply_step(clips, LOADER, halves, cache=False, **STEP)
    rows = cached_rows(clips, LOADER, halves, cache=tmp_path / "cache", n_jobs=n_jobs, **STEP)
    assert isinstance(rows, CachedRows)
    assert (len(rows), rows.shape, rows.dtype) == (5, expected.shape, expected.dtype)
    for key in (
        slice(None),
        slice(1, 3),
        np.array([4, 0, 0]),
        [2],
        3,
        np.int64(1),
        (2, ..., slice(5, 9)),
        (slice(0, 2), 1),
        np.arange(5) > 2,
    ):
        np.testing.assert_array_equal(rows[key], expected[key])
    held = cached_rows(clips, LOADER, halves, cache=False, **STEP)
    assert isinstance(held, np.ndarray)
    np.testing.assert_array_equal(held, expected)


def test_a_row_is_computed_once_and_shared_with_apply_step(clips, tmp_path):
    calls = []

    def counted(waveform):
        calls.append(1)
        return halves(waveform)

    rows = cached_rows(clips, LOADER, counted, cache=tmp_path, **STEP)
    assert len(calls) == 5
    _ = rows[:], rows[2]
    apply_step(clips, LOADER, counted, cache=tmp_path, **STEP)
    assert len(calls) == 5


@pytest.mark.parametrize("cache", [True, False])
def test_all_bad_clips_are_named(clips, tmp_path, cache):
    clips.audio[1], clips.audio[3] = "no.wav", "none.wav"
    with pytest.raises(AudioError) as caught:
        cached_rows(clips, LOADER, halves, cache=cache and tmp_path, **STEP)
    assert [path for path, _ in caught.value.bad_files] == ["no.wav", "none.wav"]


def test_a_clip_that_goes_later_is_named(clips, tmp_path):
    rows = cached_rows(clips, LOADER, halves, cache=tmp_path / "cache", **STEP)
    os.unlink(clips.audio[2])
    with pytest.raises(AudioError) as caught:
        _ = rows[1:4]
    assert [path for path, _ in caught.value.bad_files] == [clips.audio[2]]


def test_clips_of_several_lengths_are_refused(clips, tmp_path):
    lengths = iter([4000, 3000, 4000, 2000, 4000])
    with pytest.raises(ValueError, match=r"differ in length \(2000 to 4000 values\)"):
        cached_rows(clips, LOADER, lambda w: w[: next(lengths)], cache=tmp_path, **STEP)
