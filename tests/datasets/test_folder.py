import os
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import LeaveOneGroupOut, cross_val_score

from sklearn_mer.audio import AudioError, AudioLoader
from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, load_folder

# Those written here are all the same.
pytestmark = pytest.mark.filterwarnings("ignore:.*more than once")


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


@pytest.fixture
def odd_folder(make_folder):
    """Two good clips, links to nowhere, and names that are not UTF-8."""
    root = make_folder("calm/a.wav", "wild/b.wav")
    (root / "calm/dead.wav").symlink_to("nowhere")
    (root / "calm/loop.wav").symlink_to("loop.wav")
    folder = os.path.join(os.fsencode(root), b"caf\xe9")
    try:
        os.mkdir(folder)
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    for name in (os.path.join(folder, b"c.wav"), os.fsencode(root) + b"/wild/d\xff.wav"):
        with open(name, "wb") as file:
            file.write((root / "wild/b.wav").read_bytes())
    return root


ODD = ["calm/dead.wav", "calm/loop.wav", r"caf\xe9/c.wav", r"wild/d\xff.wav"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_dead_links_and_names_that_are_not_utf8_are_named(odd_folder):
    with pytest.raises(AudioError, match="4 of 6 audio files") as caught:
        load_folder(odd_folder)
    reasons = dict(caught.value.bad_files)
    assert set(reasons) == {str(odd_folder / name) for name in ODD}
    assert "no such file" in reasons[str(odd_folder / ODD[0])]
    assert "not UTF-8; rename it" in reasons[str(odd_folder / ODD[2])]
    str(caught.value).encode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_dead_links_and_names_that_are_not_utf8_are_skipped(odd_folder):
    (odd_folder / "nothing").symlink_to("nowhere")
    with pytest.warns(UserWarning, match="1 sub-folders .* ignored: nothing"):
        bunch = load_folder(odd_folder, on_error="skip")
    assert list(bunch.ids) == ["calm/a.wav", "wild/b.wav"]
    assert set(bunch.skipped["file"]) == {str(odd_folder / name) for name in ODD}
    bunch.DESCR.encode("utf-8")


def test_a_folder_that_cannot_be_read_is_named(make_folder, monkeypatch):
    root = make_folder("calm/a.wav", "wild/b.wav", "wild/secret/c.wav")
    scandir = os.scandir

    def guarded(path):
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(AudioError, match="secret: Permission denied"):
        load_folder(root)
    with pytest.warns(UserWarning, match="1 of 3 clips"):
        assert list(load_folder(root, on_error="skip").ids) == ["calm/a.wav", "wild/b.wav"]


@pytest.mark.parametrize(
    "parts", [("train", "test"), ("Training", "Validation", "x"), ("fold1", "fold_2")]
)
def test_parts_of_a_split_are_no_classes(make_folder, parts):
    root = make_folder(*(f"{part}/{label}/a.wav" for part in parts for label in ("calm", "wild")))
    with pytest.raises(
        DatasetError, match=r"are parts of a split, not classes \(.*calm, wild\)"
    ) as caught:
        load_folder(root)
    assert parts[0] in str(caught.value)
    assert "Load each part by itself, such as load_folder('" in str(caught.value)
    assert len(load_folder(root / parts[0]).data) == 2


def test_songs_without_classes_are_told_what_takes_them(make_folder):
    root = make_folder("songs/a.flac", "songs/b.flac")
    with pytest.raises(
        DatasetError, match=r"only one class, songs; .* to predict, need no loader"
    ) as caught:
        load_folder(root)
    code = str(caught.value).partition("such as ")[2].removesuffix(".")
    paths = eval(code, {"Path": type(root), "sorted": sorted})
    assert AudioLoader(duration=0.1).fit_transform(paths).shape == (2, 1600)


def test_classes_one_folder_further_down_are_told(make_folder):
    root = make_folder("songs/calm/a.wav", "songs/wild/b.wav")
    with pytest.raises(
        DatasetError, match=r"If the folders in songs are the classes \(calm, wild\)"
    ):
        load_folder(root)


def test_files_with_other_endings_of_audio_are_told(make_folder):
    root = make_folder("calm/a.wav", "wild/b.wav")
    for name in ("calm/c.WMA", "calm/d.wma", "wild/e.ape", "wild/cover.jpg"):
        (root / name).write_bytes(b"no clip")
    with pytest.warns(
        UserWarning, match=r"3 files .* left out: \.WMA 1, \.ape 1, \.wma 1\. To load"
    ):
        load_folder(root)
    load_folder(root, extensions=[".wav"])  # who names endings knows the others


def test_the_same_clip_twice_is_told(make_folder):
    root = make_folder("calm/a.wav", "calm/b.wav", "wild/c.wav", "wild/d.wav")
    content = (root / "calm/a.wav").read_bytes()
    (root / "calm/b.wav").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    (root / "wild/d.wav").write_bytes(content + b"more")
    with pytest.warns(
        UserWarning, match=r"1 clips .* more than once .* 1 of them in several"
    ) as told:
        load_folder(root)
    assert "calm/a.wav = wild/c.wav. Keep one" in str(told[0].message)
    assert told[0].filename == __file__
