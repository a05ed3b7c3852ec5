"""Rows of clips: in threads, cached, in memory or on disk."""

import threading
from pathlib import Path

import joblib
import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import (
    AudioError,
    AudioLoader,
    CachedStep,
    ClipCache,
    Clips,
    LazyRows,
    UnusableAudio,
    check_clips,
    compute_first_row,
    compute_rows,
    map_clips,
)


class Counted:
    """Counts its calls; gives the first four samples."""

    def __init__(self):
        self.n_calls = 0

    def __call__(self, waveform):
        self.n_calls += 1
        return waveform[:4]


@pytest.fixture
def step(tmp_path):
    """Run a counted step over files or waveforms; return its result and the calls it took."""

    def run(audio, cache=tmp_path / "cache", settings=("first", 1), **loader):
        function = Counted()
        audio = audio if isinstance(audio, np.ndarray) else np.array(audio, dtype=object)
        make_row = CachedStep(
            AudioLoader(**{"duration": 0.25, **loader}),
            function,
            name="four",
            settings=settings,
            cache=cache,
        )
        return compute_rows(Clips(audio), make_row), function.n_calls

    return run


def test_files_and_waveforms_are_computed_once(step, short_files, short_clips):
    for audio in (short_files, short_clips):
        first, n_calls = step(audio)
        assert n_calls == 5
        np.testing.assert_array_equal(first, short_clips[:, :4])
        again, n_calls = step(audio)
        assert n_calls == 0
        np.testing.assert_array_equal(again, first)
        assert step(audio[::-1])[1] == 0


def test_without_a_cache_nothing_is_kept(step, short_files):
    for _ in range(2):
        assert step(short_files, cache=False)[1] == 5


def test_a_clip_twice_is_one_entry(step, short_files, tmp_path):
    assert step([short_files[0]] * 7)[1] == 1
    assert ClipCache(tmp_path / "cache").info().loc["four", "n_entries"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"sample_rate": 8000},
        {"offset": 0.01},
        {"duration": 0.2},
        {"duration": None},
        {"normalize": True},
        {"settings": ("first", 2)},
    ],
    ids=str,
)
def test_what_a_result_depends_on_is_part_of_its_key(change, step, short_files):
    step(short_files)
    assert step(short_files, **change)[1] == 5
    assert step(short_files)[1] == 0


@pytest.mark.parametrize(
    "same",
    [{"n_jobs": 2}, {"verbose": 1}, {"sample_rate": np.int64(16000)}, {"offset": 0}],
    ids=str,
)
def test_what_it_does_not_depend_on_is_not(same, step, short_files):
    step(short_files)
    assert step(short_files, **same)[1] == 0


def test_a_changed_file_is_computed_again_and_a_moved_one_is_not(step, short_files, short_clips):
    step(short_files)
    soundfile.write(short_files[0], -short_clips[0], 16000, subtype="FLOAT")
    moved = Path(short_files[1]).rename(Path(short_files[1]).with_name("moved.wav"))
    result, n_calls = step([short_files[0], str(moved)])
    assert n_calls == 1
    np.testing.assert_array_equal(result, [-short_clips[0, :4], short_clips[1, :4]])


def test_a_broken_entry_is_computed_again(step, short_files, short_clips, tmp_path):
    step(short_files)
    entry = next((tmp_path / "cache").rglob("*.npy"))
    entry.write_bytes(entry.read_bytes()[:-3])
    result, n_calls = step(short_files)
    assert n_calls == 1
    np.testing.assert_array_equal(result, short_clips[:, :4])
    assert step(short_files)[1] == 0


def test_good_clips_among_bad_ones_are_kept(step, short_files, short_clips):
    for bad in (short_files[0], short_files[3]):
        Path(bad).write_bytes(b"")
    with pytest.raises(AudioError) as caught:
        step(short_files)
    assert [path for path, _ in caught.value.bad_files] == [short_files[0], short_files[3]]
    assert step(np.array(short_files, dtype=object)[[1, 2, 4]])[1] == 0
    for i in (0, 3):
        soundfile.write(short_files[i], short_clips[i], 16000, subtype="FLOAT")
    result, n_calls = step(short_files)
    assert n_calls == 2
    np.testing.assert_array_equal(result, short_clips[:, :4])


def test_a_folder_that_cannot_be_written_costs_a_warning_only(
    step, short_files, short_clips, tmp_path
):
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match="cannot be written"):
        result, _ = step(short_files, cache=tmp_path / "file")
    np.testing.assert_array_equal(result, short_clips[:, :4])


def test_the_data_home_may_be_read_only(step, public_folder, without_privileges, short_clips):
    home, cache = public_folder / "home", public_folder / "cache"
    home.mkdir()
    files = [str(home / f"{i}.wav") for i in range(5)]
    for file, waveform in zip(files, short_clips, strict=True):
        soundfile.write(file, waveform, 16000, subtype="FLOAT")
    home.chmod(0o555)
    cache.mkdir()
    cache.chmod(0o777)
    with without_privileges():
        with pytest.raises(PermissionError):
            (home / "new").touch()
        assert step(files, cache=cache)[1] == 5
        assert step(files, cache=cache)[1] == 0
    assert sorted(map(str, home.iterdir())) == files


def test_other_errors_are_not_taken_for_bad_files(short_clips):
    def fails(clips, index):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        compute_rows(Clips(short_clips), fails, n_jobs=2)


def test_the_first_row(short_clips):
    clips, seen = Clips(short_clips), []

    def fails(clips, index):
        seen.append(index)
        raise UnusableAudio("no sound")

    with pytest.raises(AudioError, match=r"5 of 5(?s:.)*clip 0: no sound(?s:.)*clip 4: no sound"):
        compute_first_row(clips, fails)
    assert seen == [0, 0, 1, 2, 3, 4]
    assert compute_first_row(clips, lambda clips, index: clips.audio[index, :index]).shape == (0,)


def double(audio, cache, function=lambda waveform: 2 * waveform, lazy=False):
    loader = AudioLoader(sample_rate=16000, duration=0.25)
    step = CachedStep(loader, function, name="double", settings=["double"], cache=cache)
    return compute_rows(check_clips(loader, audio), step, lazy=lazy)


def lazily(*args):
    return double(*args, lazy=True)


def test_every_way_to_index(short_files, tmp_path):
    whole = double(short_files, tmp_path / "a")
    lazy = lazily(short_files, tmp_path / "b")
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

    lazy = lazily(short_files, tmp_path, noting)
    assert len(computed) == 5
    assert lazy[:].shape == (5, 4000)
    assert len(computed) == 5


def test_an_entry_that_is_gone_is_computed_again(short_files, tmp_path):
    lazy = lazily(short_files, tmp_path)
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
        lazily([*short_files[:4], str(bad), "missing.wav"], tmp_path / "cache")


def test_a_clip_that_goes_missing_later_is_named(short_files, tmp_path):
    lazy = lazily([*short_files], tmp_path / "cache")
    for entry in (tmp_path / "cache").rglob("*.npy"):
        entry.unlink()
    name = short_files[2]
    with open(name, "wb"):
        pass
    with pytest.raises(AudioError, match="clip2"):
        lazy[2]


@pytest.mark.parametrize("lazy", [False, True])
def test_rows_that_differ_in_shape(lazy, short_files, tmp_path):
    lengths = iter([3, 3, 4, 3, 3])
    with pytest.raises(ValueError, match=r"differ in length \(3 to 4 values\)"):
        double(short_files, tmp_path, lambda waveform: waveform[: next(lengths)], lazy)
    axes = iter([(2, 1), (2, 1), (1, 1), (2, 1), (2, 1)])
    with pytest.raises(ValueError, match="differ in length"):
        double(short_files, tmp_path / "b", lambda waveform: np.zeros(next(axes)), lazy)


def clips_of(n):
    return Clips(np.zeros((n, 1), dtype=np.float32))


@pytest.mark.parametrize("n_jobs", [None, 1, 2, 5, -1])
def test_results_are_in_order(n_jobs):
    assert map_clips(lambda i: i * i, clips_of(50), n_jobs=n_jobs) == [i * i for i in range(50)]
    assert map_clips(str, clips_of(0), n_jobs=n_jobs) == []


def test_an_error_ends_the_call():
    def fail_at_seven(i):
        if i == 7:
            raise KeyError(i)
        return i

    for n_jobs in (1, 3):
        with pytest.raises(KeyError):
            map_clips(fail_at_seven, clips_of(50), n_jobs=n_jobs)


@pytest.mark.parametrize("backend", ["loky", "threading", "sequential"])
def test_threads_whatever_backend_is_configured(backend):
    lock = threading.Lock()  # cannot be pickled

    def locked(i):
        with lock:
            return i

    with joblib.parallel_config(backend, n_jobs=2):
        assert map_clips(locked, clips_of(9)) == list(range(9))
        assert map_clips(locked, clips_of(9), n_jobs=2) == list(range(9))


def test_the_bar(capsys):
    map_clips(str, clips_of(3), label="songs")
    assert capsys.readouterr().err == ""
    map_clips(str, clips_of(3), label="songs", verbose=1)
    assert "songs: 100%" in capsys.readouterr().err
