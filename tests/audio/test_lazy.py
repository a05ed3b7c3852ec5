"""Rows that stay in the cache until they are indexed."""

import numpy as np
import pytest

from sklearn_mer.audio import (
    AudioError,
    AudioLoader,
    LazyRows,
    apply_lazily,
    apply_step,
    check_clips,
)

LOADER = AudioLoader(sample_rate=16000, duration=0.25)


def apply(function, audio, cache, doubling=lambda waveform: 2 * waveform):
    clips = check_clips(LOADER, audio)
    return function(clips, LOADER, doubling, step="double", settings=["double"], cache=cache)


def test_every_way_to_index(short_files, tmp_path):
    whole = apply(apply_step, short_files, tmp_path / "a")
    lazy = apply(apply_lazily, short_files, tmp_path / "b")
    assert isinstance(lazy, LazyRows)
    assert (lazy.shape, lazy.dtype, lazy.ndim, len(lazy)) == (whole.shape, whole.dtype, 2, 5)
    ways = [3, -1, np.int64(2), slice(1, 4), slice(None), [4, 0, 4], np.array([2]), []]
    for rows in [*ways, np.array([True, False, True, False, False])]:
        np.testing.assert_array_equal(lazy[rows], whole[rows])
    np.testing.assert_array_equal(list(lazy), whole)
    for row in (5, -6, [5]):
        with pytest.raises(IndexError):
            lazy[row]


def test_clips_are_computed_once_and_then_read(short_files, tmp_path):
    computed = []

    def noting(waveform):
        computed.append(len(waveform))
        return waveform

    lazy = apply(apply_lazily, short_files, tmp_path, noting)
    assert len(computed) == 5
    assert lazy[:].shape == (5, 4000)
    assert len(computed) == 5


def test_an_entry_that_is_gone_is_computed_again(short_files, tmp_path):
    lazy = apply(apply_lazily, short_files, tmp_path)
    before = lazy[:]
    entries = list(tmp_path.rglob("*.npy"))
    assert len(entries) == 5
    for entry in entries:
        entry.unlink()
    np.testing.assert_array_equal(lazy[:], before)


def test_bad_clips_are_named_at_once(short_files, tmp_path):
    bad = tmp_path / "broken.wav"
    bad.write_bytes(b"no sound")
    with pytest.raises(AudioError, match=r"2 of 6 .*(?s:.)*broken\.wav(?s:.)*missing\.wav"):
        apply(apply_lazily, [*short_files[:4], str(bad), "missing.wav"], tmp_path / "cache")


def test_a_clip_that_goes_missing_later_is_named(short_files, tmp_path):
    lazy = apply(apply_lazily, [*short_files], tmp_path / "cache")
    for entry in (tmp_path / "cache").rglob("*.npy"):
        entry.unlink()
    name = short_files[2]
    with open(name, "wb"):
        pass
    with pytest.raises(AudioError, match="clip2"):
        lazy[2]


def test_rows_that_differ_in_shape(short_files, tmp_path):
    lengths = iter([3, 3, 4, 3, 3])
    with pytest.raises(ValueError, match="differ in length"):
        apply(apply_lazily, short_files, tmp_path, lambda waveform: waveform[: next(lengths)])
