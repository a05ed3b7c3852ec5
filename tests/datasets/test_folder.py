import os
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import LeaveOneGroupOut, cross_val_score

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, load_folder

# Those written here are all the same.
pytestmark = pytest.mark.filterwarnings("ignore:.*more than once")


def test_classes_are_the_names_of_the_folders(make_folder):
    root = make_folder("wütend & laut/b.mp3", "calm/x.flac", "calm/a.wav", "1/c.ogg")
    bunch = load_folder(root)
    assert list(bunch.ids) == ["1/c.ogg", "calm/a.wav", "calm/x.flac", "wütend & laut/b.mp3"]
    assert list(bunch.target) == ["1", "calm", "calm", "wütend & laut"]
    assert bunch.target_names == ["1", "calm", "wütend & laut"]
    assert list(bunch.data["audio"]) == [str(root / name) for name in bunch.ids]
    assert list(bunch.frame.columns) == ["audio", "label"]
    assert list(bunch.frame["label"]) == list(bunch.target)
    assert bunch.feature_names == []
    assert bunch.groups is None
    assert list(bunch.metadata["size"]) == [os.path.getsize(path) for path in bunch.data["audio"]]
    assert "calm 2" in bunch.DESCR


def test_folders_are_searched_to_the_bottom_and_give_groups(make_folder):
    root = make_folder("calm/Ann/a.wav", "calm/Ann/live/b.wav", "calm/c.wav", "wild/Ann/d.wav")
    bunch = load_folder(root)
    assert list(bunch.ids) == [
        "calm/Ann/a.wav",
        "calm/Ann/live/b.wav",
        "calm/c.wav",
        "wild/Ann/d.wav",
    ]
    # One artist in two classes is one group; a clip without a folder is a group of its own.
    assert list(bunch.groups) == ["Ann", "Ann", "calm/c.wav", "Ann"]
    assert list(load_folder(root, as_frame=False).groups) == list(bunch.groups)


def test_groups_keep_splits_apart(make_folder):
    root = make_folder("calm/Ann/a.wav", "calm/Bob/b.wav", "wild/Ann/c.wav", "wild/Bob/d.wav")
    bunch = load_folder(root)
    scores = cross_val_score(
        DummyClassifier(),
        bunch.data,
        bunch.target,
        groups=bunch.groups,
        cv=LeaveOneGroupOut(),
        error_score="raise",
    )
    assert len(scores) == 2


def test_clips_of_no_class_and_folders_without_clips_are_reported(make_folder):
    root = make_folder("calm/a.wav", "wild/b.wav", "stray.wav")
    (root / "covers").mkdir()
    with pytest.warns(
        UserWarning, match="1 sub-folders .* no clips and are ignored: covers"
    ) as told:
        bunch = load_folder(root)
    assert any("1 clips directly in" in str(warning.message) for warning in told)
    assert bunch.target_names == ["calm", "wild"]
    assert "stray.wav" in bunch.DESCR
    assert "covers" in bunch.DESCR


def test_extensions_choose_the_files(make_folder):
    root = make_folder("calm/a.wav", "calm/b.flac", "wild/c.wav", "wild/d.flac")
    assert list(load_folder(root, extensions=("FLAC",)).ids) == ["calm/b.flac", "wild/d.flac"]
    assert list(load_folder(root, extensions=["*.FLAC"]).ids) == ["calm/b.flac", "wild/d.flac"]


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("root", "", r"root is empty; give the path of a folder \('.' is the current one\)"),
        ("root", None, "'root' parameter of load_folder must be"),
        ("root", 3, "'root' parameter of load_folder must be"),
        ("extensions", ".wav", "'extensions' parameter of load_folder must be an array-like"),
        ("extensions", [1], r"sequence of texts such as .*; got \[1\]"),
        ("extensions", [], r"sequence of texts such as .*; got \[\]"),
        ("extensions", [""], r"sequence of texts such as .*; got \[''\]"),
        ("n_jobs", "two", "'n_jobs' parameter of load_folder must be an int .* Got 'two'"),
        ("n_jobs", 0, "'n_jobs' parameter of load_folder must be an int .* Got 0"),
        ("on_error", "warn", "'on_error' .* must be a str among .* Got 'warn'"),
        ("as_frame", "no", "'as_frame' parameter of load_folder must be"),
    ],
)
def test_other_values_of_parameters_are_refused(
    make_folder, monkeypatch, parameter, value, message
):
    root = make_folder("calm/a.wav", "wild/b.wav")
    monkeypatch.chdir(root)  # where an empty text would lead
    with pytest.raises((TypeError, ValueError), match=message):
        load_folder(**{"root": root, parameter: value})


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "contains no class; at least two are needed"),
        (["a.wav", "b.wav"], "contains no class; .* 2 clips are directly in it"),
        (["calm/a.wav"], "contains only one class, calm; at least two are needed"),
    ],
)
def test_fewer_than_two_classes_are_an_error(make_folder, tmp_path, names, message):
    root = make_folder(*names)
    root.mkdir(exist_ok=True)
    with pytest.raises(DatasetError, match=message) as caught:
        load_folder(root)
    assert str(root) in str(caught.value)


def test_a_missing_folder_is_an_error(tmp_path, write_clip):
    with pytest.raises(DatasetNotFoundError, match="nowhere is not a folder"):
        load_folder(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        load_folder(write_clip(tmp_path / "a.wav"))


@pytest.fixture
def broken_folder(make_folder):
    root = make_folder("calm/a.wav", "calm/b.wav", "wild/c.wav", "wild/d.wav", "wild/e.wav")
    (root / "calm/b.wav").write_bytes(b"")
    (root / "wild/d.wav").write_bytes(b"no music")
    return root


def test_one_error_lists_all_bad_clips(broken_folder):
    with pytest.raises(AudioError) as caught:
        load_folder(broken_folder)
    bad = [str(broken_folder / name) for name in ["calm/b.wav", "wild/d.wav"]]
    assert [path for path, _ in caught.value.bad_files] == bad


def test_bad_clips_are_skipped_and_reported(broken_folder):
    with pytest.warns(UserWarning, match="2 of 5 clips"):
        bunch = load_folder(broken_folder, on_error="skip")
    assert list(bunch.ids) == ["calm/a.wav", "wild/c.wav", "wild/e.wav"]
    assert list(bunch.target) == ["calm", "wild", "wild"]
    assert list(bunch.skipped["file"]) == [
        str(broken_folder / name) for name in ["calm/b.wav", "wild/d.wav"]
    ]
    assert "3 clips: calm 1, wild 2" in bunch.DESCR
    assert "2 clips could not be used" in bunch.DESCR


@pytest.mark.filterwarnings("ignore:2 of 5 clips")
def test_skipping_a_whole_class_is_an_error(broken_folder):
    (broken_folder / "calm/b.wav").unlink()
    (broken_folder / "calm/a.wav").write_bytes(b"no music")
    (broken_folder / "wild/f.wav").write_bytes((broken_folder / "wild/c.wav").read_bytes())
    with pytest.raises(DatasetError, match="remains without 2 unusable clips"):
        load_folder(broken_folder, on_error="skip")


def test_arrays_and_pairs(make_folder):
    root = make_folder("calm/a.wav", "wild/b.wav")
    frame = load_folder(root)
    X, y = load_folder(root, return_X_y=True)
    pd.testing.assert_frame_equal(X, frame.data)
    pd.testing.assert_series_equal(y, frame.target)
    X, y = load_folder(root, return_X_y=True, as_frame=False)
    assert isinstance(X, np.ndarray)
    assert list(X) == list(frame.data["audio"])
    assert list(y) == ["calm", "wild"]


def test_paths_are_absolute(make_folder, monkeypatch):
    root = make_folder("calm/a.wav", "wild/b.wav")
    monkeypatch.chdir(root.parent)
    assert list(load_folder("songs").data["audio"]) == list(load_folder(root).data["audio"])


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_followed_for_classes_alone(make_folder, tmp_path, write_clip):
    root = make_folder("calm/a.wav")
    write_clip(tmp_path / "elsewhere" / "b.wav")
    (root / "wild").symlink_to(tmp_path / "elsewhere")
    (root / "calm" / "loop").symlink_to(root)
    with pytest.warns(UserWarning, match="1 links to folders .* are not followed: calm/loop. To"):
        assert list(load_folder(root).ids) == ["calm/a.wav", "wild/b.wav"]
