import os
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import LeaveOneGroupOut, cross_val_score

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, load_folder


@pytest.fixture
def make_folder(tmp_path, write_clip):
    """Make a folder with clips of the given names; return it."""

    def make(*names):
        for name in names:
            write_clip(tmp_path / "songs" / name)
        return tmp_path / "songs"

    return make


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


def test_the_order_does_not_depend_on_the_disk(make_folder, monkeypatch):
    root = make_folder(*(f"{label}/{i}/{j}.wav" for label in "ab" for i in "xy" for j in "21"))
    expected = list(load_folder(root).ids)
    walk = os.walk

    def backwards(top, *args, **kwargs):
        for where, folders, names in walk(top, *args, **kwargs):
            folders.reverse()
            yield where, folders, names[::-1]

    monkeypatch.setattr(os, "walk", backwards)
    assert list(load_folder(root).ids) == expected
    assert expected[:4] == ["a/x/1.wav", "a/x/2.wav", "a/y/1.wav", "a/y/2.wav"]


def test_hidden_files_are_ignored_and_others_reported(make_folder):
    root = make_folder(
        "calm/a.WAV", "calm/.b.wav", "calm/.hidden/c.wav", ".trash/d.wav", "wild/e.wav"
    )
    for name in ["calm/cover.jpg", "calm/text/notes.txt", "wild/cover.jpg", "readme.txt"]:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("no clip")
    bunch = load_folder(root)
    assert list(bunch.ids) == ["calm/a.WAV", "wild/e.wav"]
    assert bunch.target_names == ["calm", "wild"]
    assert ".jpg 2, .txt 1" in bunch.DESCR
    assert bunch.groups is None


def test_clips_of_no_class_and_folders_without_clips_are_reported(make_folder):
    root = make_folder("calm/a.wav", "wild/b.wav", "stray.wav")
    (root / "covers").mkdir()
    with pytest.warns(UserWarning, match="1 sub-folders .* no clips and are ignored: covers"):
        bunch = load_folder(root)
    assert bunch.target_names == ["calm", "wild"]
    assert "stray.wav" in bunch.DESCR
    assert "covers" in bunch.DESCR


def test_extensions_choose_the_files(make_folder):
    root = make_folder("calm/a.wav", "calm/b.flac", "wild/c.wav", "wild/d.flac")
    assert list(load_folder(root, extensions=("FLAC",)).ids) == ["calm/b.flac", "wild/d.flac"]
    with pytest.raises(TypeError, match="sequence such as"):
        load_folder(root, extensions=".wav")


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
    assert list(load_folder(root).ids) == ["calm/a.wav", "wild/b.wav"]


def test_other_values_of_on_error_are_refused(tmp_path):
    with pytest.raises(ValueError, match="on_error must be one of 'raise', 'skip'; got 'warn'"):
        load_folder(tmp_path, on_error="warn")
