import os
import sys
from pathlib import Path

import pytest

from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, load_songs, stream_songs


def touch(root, *names):
    for name in names:
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def test_a_folder_of_any_depth(tmp_path):
    touch(tmp_path, "b.MP3", "a/z/1.flac", "a/2.ogg", "a/cover.jpg", ".hidden/3.mp3", "a/.4.mp3")
    songs = load_songs(tmp_path)
    assert songs.index.tolist() == ["b.MP3", "a/2.ogg", "a/z/1.flac"]
    assert songs["audio"].tolist() == [str(tmp_path / name) for name in songs.index]
    assert list(stream_songs(tmp_path)) == songs["audio"].tolist()
    assert load_songs(tmp_path, extensions=["jpg"]).index.tolist() == ["a/cover.jpg"]


@pytest.mark.parametrize(
    ("name", "encoding"), [("list.m3u8", "utf-8-sig"), ("list.M3U", "latin-1")]
)
def test_a_playlist(name, encoding, tmp_path):
    touch(tmp_path, "ä.mp3", "album/b.flac", "c d.mp3")
    url = (tmp_path / "c d.mp3").as_uri()
    lines = ["#EXTM3U", "#EXTINF:123,Somebody - ä", "ä.mp3", "", "album\\b.flac", url]
    lines += ["http://radio.example/stream", "lost.mp3", "ä.mp3", str(tmp_path / "e.mp3")]
    (tmp_path / name).write_text("\r\n".join(lines), encoding=encoding)
    songs = load_songs(tmp_path / name)
    names = ["ä.mp3", "album/b.flac", "c d.mp3", "", "lost.mp3", "e.mp3"]
    expected = [str(tmp_path / name) for name in names]
    expected[3] = "http://radio.example/stream"
    assert songs["audio"].tolist() == expected
    assert list(stream_songs(tmp_path / name)) == [*expected[:5], expected[0], expected[5]]


@pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
def test_names_that_are_not_utf8(tmp_path):
    touch(os.fsencode(tmp_path).decode(), os.fsdecode(b"caf\xe9.mp3"))
    songs = load_songs(tmp_path)
    assert songs.index.tolist() == ["caf\\xe9.mp3"]
    assert os.path.exists(songs["audio"].iloc[0])


def test_what_holds_no_songs(tmp_path):
    touch(tmp_path, "a.txt", "b.mp3", "list.m3u")
    with pytest.raises(DatasetNotFoundError, match=r"no .*nowhere"):
        load_songs(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="neither a folder nor a playlist"):
        load_songs(tmp_path / "b.mp3")
    for load in (load_songs, lambda root: list(stream_songs(root))):
        with pytest.raises(DatasetError, match="it has no entries"):
            load(tmp_path / "list.m3u")
    touch(tmp_path / "empty", "a.txt")
    with pytest.raises(DatasetError, match=r"it has no files of type \.wav"):
        load_songs(tmp_path / "empty")


def test_folders_that_cannot_be_read(public_folder, without_privileges):
    touch(public_folder, "a.mp3", "locked/b.mp3")
    (public_folder / "locked").chmod(0)
    try:
        with without_privileges(), pytest.raises(DatasetError, match=r"1 folders .*locked"):
            load_songs(public_folder)
    finally:
        (public_folder / "locked").chmod(0o755)
