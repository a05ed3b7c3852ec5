"""Copies of files: written once and atomically."""

import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioError, ClipCache
from sklearn_mer.audio._decode import decode
from sklearn_mer.augmentation import PitchShift, TimeShift

from .conftest import RATE, wav_files

CLIP = {"duration": 0.5, "random_state": 0}


def test_copies_are_float_wav_files_in_the_cache(sampler_class, paths, labels, cache_folder):
    X, _ = sampler_class(n_copies=2, **CLIP).fit_resample(paths, labels)
    assert sorted(map(Path, X[6:])) == wav_files(cache_folder)
    assert {soundfile.info(file).subtype for file in X[6:]} == {"FLOAT"}
    assert {soundfile.info(file).samplerate for file in X[6:]} == {RATE}
    assert all(os.path.isabs(file) for file in X[6:])


def test_copies_are_made_once(sampler_class, paths, labels, cache_folder, monkeypatch):
    sampler = sampler_class(**CLIP)
    first, _ = sampler.fit_resample(paths, labels)
    times = [file.stat().st_mtime_ns for file in wav_files(cache_folder)]

    def never(self, waveform, rng):
        raise AssertionError("altered again")

    monkeypatch.setattr(sampler_class, "alter", never)
    again, _ = sampler.fit_resample(paths[::-1], labels)
    assert again[6:] == first[6:][::-1]
    assert [file.stat().st_mtime_ns for file in wav_files(cache_folder)] == times
    with pytest.raises(AssertionError, match="altered again"):
        sampler_class(**CLIP | {"random_state": 1}).fit_resample(paths, labels)


def test_a_copy_made_again_has_the_same_bytes(paths, labels, tmp_path):
    # Caches further on are keyed by content.
    contents = []
    for folder in ("one", "two"):
        X, _ = PitchShift(cache=tmp_path / folder, **CLIP).fit_resample(paths, labels)
        contents.append([Path(file).read_bytes() for file in X[6:]])
    assert contents[0] == contents[1]


def test_a_changed_clip_gets_new_copies(paths, labels, waveforms, cache_folder):
    TimeShift(**CLIP).fit_resample(paths, labels)
    soundfile.write(paths[0], waveforms[0] / 2, RATE, subtype="FLOAT")
    X, _ = TimeShift(**CLIP).fit_resample(paths, labels)
    assert len(wav_files(cache_folder)) == 7
    (expected,) = TimeShift(**CLIP).copies(waveforms[0] / 2)
    np.testing.assert_array_equal(decode(X[6], sample_rate=RATE), expected)


def test_duration_cuts_files_and_leaves_shorter_ones(paths, labels):
    for duration, n_samples in [(0.25, 4000), (1.0, 8000), (None, 8000)]:
        X, _ = TimeShift(duration=duration, random_state=0).fit_resample(paths, labels)
        assert {soundfile.info(file).frames for file in X[6:]} == {n_samples}


def test_the_same_file_many_times_at_once(paths, labels, cache_folder):
    with ThreadPoolExecutor(4) as pool:
        runs = pool.map(
            lambda _: PitchShift(n_jobs=2, **CLIP).fit_resample([paths[0]] * 6, labels)[0], range(4)
        )
    assert {file for X in runs for file in X[6:]} == set(map(str, wav_files(cache_folder)))
    assert len(wav_files(cache_folder)) == 1


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from sklearn_mer.augmentation import TimeShift

    def half(path, content):
        with open(path, "wb") as file:
            file.write(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    Path.write_bytes = half
    TimeShift(duration=0.5, random_state=0).fit_resample(sys.argv[1:], list("abcabc"))
    """
)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
@pytest.mark.slow
def test_a_killed_writer_leaves_no_broken_copy(paths, labels, waveforms, cache_folder):
    process = subprocess.run([sys.executable, "-c", KILLED, *paths], check=False)
    assert process.returncode == -9
    assert any(file.stat().st_size > 1000 for file in cache_folder.rglob("*.tmp"))
    assert wav_files(cache_folder) == []
    X, _ = TimeShift(**CLIP).fit_resample(paths, labels)
    expected, _ = TimeShift(**CLIP).fit_resample(waveforms, labels)
    for file, copy in zip(X[6:], expected[6:], strict=True):
        np.testing.assert_array_equal(decode(file, sample_rate=RATE), copy)


def test_a_failing_writer_cleans_up(paths, labels, cache_folder, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=r"cannot be written to .*No space left.*name a folder"):
        TimeShift(**CLIP).fit_resample(paths, labels)
    assert [file for file in cache_folder.rglob("*") if file.is_file()] == []


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="this user may write to read-only folders"
)
def test_a_read_only_cache_says_what_to_do(paths, labels, tmp_path):
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o500)
    with pytest.raises(PermissionError, match="SKLEARN_MER_CACHE"):
        TimeShift(cache=folder, **CLIP).fit_resample(paths, labels)


def test_a_cache_that_is_no_folder_says_what_to_do(paths, labels, tmp_path):
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(OSError, match="SKLEARN_MER_CACHE"):
        TimeShift(cache=file, **CLIP).fit_resample(paths, labels)


def test_without_a_cache_files_are_refused_and_waveforms_are_not(paths, waveforms, labels):
    sampler = TimeShift(cache=False, **CLIP)
    with pytest.raises(ValueError, match=r"cache=False\. Pass cache=True or a folder"):
        sampler.fit_resample(paths, labels)
    assert sampler.fit_resample(waveforms, labels)[0].shape == (12, 8000)


def test_all_bad_files_are_named(paths, labels, tmp_path):
    text = tmp_path / "notes.mp3"
    text.write_text("no audio " * 200)
    (tmp_path / "empty.wav").touch()
    bad = [str(tmp_path / "gone.wav"), str(text), str(tmp_path / "empty.wav")]
    with pytest.raises(AudioError) as error:
        TimeShift(**CLIP).fit_resample(paths[:3] + bad, labels)
    assert [path for path, _ in error.value.bad_files] == bad
    assert error.value.n_files == 6


def test_files_without_a_seed_are_warned_of(paths, labels, cache_folder):
    for _ in range(2):
        with pytest.warns(UserWarning, match="Set an int to write them once") as record:
            TimeShift(duration=0.5).fit_resample(paths, labels)
        assert record[0].filename == __file__
    assert len(wav_files(cache_folder)) == 12


def test_slow_copies_of_waveforms_are_kept_too(waveforms, labels, cache_folder, monkeypatch):
    first, _ = PitchShift(random_state=0).fit_resample(waveforms, labels)
    TimeShift(random_state=0).fit_resample(waveforms, labels)
    assert list(ClipCache(cache_folder).info()["n_entries"]) == [6]
    monkeypatch.setattr(PitchShift, "alter", None)
    again, _ = PitchShift(random_state=0).fit_resample(waveforms, labels)
    np.testing.assert_array_equal(again, first)


def test_a_name_that_cannot_be_one_of_a_file(paths, labels):
    with pytest.raises(AudioError, match="no such file"):
        TimeShift().fit_resample([*paths[:5], "\ud800.wav"], labels)
