import os
import sys

import pytest

from sklearn_mer.audio import AudioError, AudioLoader
from sklearn_mer.datasets import DatasetError, load_folder

# Those written here are all the same.
pytestmark = pytest.mark.filterwarnings("ignore:.*more than once")


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
