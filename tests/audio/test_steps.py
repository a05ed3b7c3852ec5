"""Running a step over clips: what is kept, what is computed again."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioError, AudioLoader, ClipCache, Clips, apply_step, apply_to_first


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
        result = apply_step(
            Clips(audio),
            AudioLoader(**{"duration": 0.25, **loader}),
            function,
            step="four",
            settings=settings,
            cache=cache,
        )
        return result, function.n_calls

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
    def fails(waveform):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        apply_step(
            Clips(short_clips), AudioLoader(), fails, step="x", settings=None, cache=False, n_jobs=2
        )


def test_applying_to_the_first(short_clips):
    seen = []

    def bad_first(clips):
        seen.append(len(clips))
        raise AudioError([("a", "b")])

    with pytest.raises(AudioError):
        apply_to_first(Clips(short_clips), bad_first)
    assert seen == [1, 5]
    assert apply_to_first(Clips(short_clips), len) == 1
