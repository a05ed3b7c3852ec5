import errno
import io
import os
import shutil
import stat
import warnings
import zipfile

import pytest

from sklearn_mer.datasets import DatasetError, DownloadError, _archive


def _entries(folder):
    """Return the names of the entries of a folder, including hidden ones."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def add_member(published):
    """Add a member to the archive of clips on the server."""

    def add(name, content=b"evil", **attributes):
        buffer = io.BytesIO(published.files["/clips.zip"])
        with zipfile.ZipFile(buffer, "a") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of doubled names
            info = zipfile.ZipInfo("placeholder")
            info.filename = name  # set here, it is not made harmless
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
        published.files["/clips.zip"] = buffer.getvalue()

    return add


LINK = (stat.S_IFLNK | 0o777) << 16
PIPE = (stat.S_IFIFO | 0o777) << 16


@pytest.mark.parametrize(
    ("name", "attributes", "reason"),
    [
        ("../evil", {}, "path outside the folder"),
        ("published/../../../evil", {}, "path outside the folder"),
        ("..\\evil", {}, "path outside the folder"),
        ("published\\..\\..\\evil", {}, "path outside the folder"),
        ("/evil", {}, "absolute path"),
        ("\\evil", {}, "absolute path"),
        ("C:\\evil", {}, "absolute path"),
        ("c:evil", {}, "absolute path"),
        ("evil", {"external_attr": LINK}, "link or device"),
        ("evil", {"external_attr": PIPE}, "link or device"),
        ("ev\nil", {}, "control characters"),
    ],
)
def test_unsafe_members_are_refused_before_anything_is_unpacked(
    fetch, add_member, data_home, tmp_path, monkeypatch, name, attributes, reason, all_files
):
    add_member(name, **attributes)
    before = set(tmp_path.rglob("*evil*")) | set(tmp_path.parent.glob("*evil*"))
    opened = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *args, **kwargs: opened.append(args))
    with pytest.raises(DatasetError, match=f"1 unsafe members: .*{reason}.* Nothing was"):
        fetch()
    assert opened == []
    assert all_files(data_home) == {}
    assert set(tmp_path.rglob("*evil*")) | set(tmp_path.parent.glob("*evil*")) == before


def test_encrypted_members_are_refused(fetch, published, data_home, all_files):
    content = bytearray(published.files["/clips.zip"])
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    published.files["/clips.zip"] = bytes(content)
    with pytest.raises(DatasetError, match="encrypted"):
        fetch()
    assert all_files(data_home) == {}


def test_doubled_members_are_refused(fetch, add_member, data_home, all_files):
    add_member("MER_audio_taffc_dataset/readme.txt", b"one")
    add_member("MER_audio_taffc_dataset\\readme.txt", b"two")
    with pytest.raises(DatasetError, match=r"readme.txt twice"):
        fetch()
    assert all_files(data_home) == {}


def test_archives_that_grow_too_large_are_refused(published, tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
    assert path.stat().st_size < 20_000
    with pytest.raises(DatasetError, match="1 files of 10000000 bytes; at most 20000 files and 9"):
        _archive.install(path, tmp_path / "target", ["zeros"], max_bytes=9_000_000)
    assert not (tmp_path / "target").exists()
    _archive.install(path, tmp_path / "target", ["zeros"], max_bytes=10_000_000)
    assert (tmp_path / "target" / "zeros").stat().st_size == 10_000_000
    monkeypatch.setattr(_archive, "MAX_MEMBERS", 0)
    with pytest.raises(DatasetError, match="at most 0 files"):
        _archive.install(path, tmp_path / "other", ["zeros"], max_bytes=10_000_000)


def test_a_member_that_lies_about_its_size_does_not_outgrow_it(tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
        archive.filelist[0].file_size = 1000  # what the directory at the end will say
    with pytest.raises(DatasetError, match="not a complete zip archive"):
        _archive.install(path, tmp_path / "target", ["zeros"], max_bytes=1000)
    assert _entries(tmp_path) == ["liar.zip"]


def test_a_damaged_member_leaves_nothing(fetch, published, data_home, all_files):
    content = bytearray(published.files["/clips.zip"])
    content[len(content) // 2] ^= 0xFF
    published.files["/clips.zip"] = bytes(content)
    with pytest.raises(DatasetError, match="not a complete zip archive"):
        fetch()
    assert all_files(data_home) == {}
    assert _entries(data_home / "datasets") == []


@pytest.mark.parametrize("missing", ["panda_dataset_taffc_metadata.csv", "Q3"])
def test_another_layout_is_refused(
    fetch, published, data_home, tmp_path, zip_folder, missing, all_files
):
    folder = tmp_path / "other"
    with zipfile.ZipFile(io.BytesIO(published.files["/clips.zip"])) as archive:
        archive.extractall(folder)
    path = folder / "MER_audio_taffc_dataset" / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    published.files["/clips.zip"] = zip_folder(folder)
    with pytest.raises(DatasetError, match="has another layout") as caught:
        fetch()
    assert missing in str(caught.value)
    assert all_files(data_home) == {}


def test_an_archive_of_features_in_place_of_clips_is_refused(
    fetch, published, data_home, all_files
):
    with pytest.raises(DatasetError, match="has another layout"):
        fetch(url=published.url + "/features.zip")
    assert all_files(data_home) == {}


def test_folders_around_and_litter_are_left_out(fetch, add_member, published, data_home, all_files):
    add_member("__MACOSX/MER_audio_taffc_dataset/._readme.txt")
    add_member("MER_audio_taffc_dataset/Q1/.DS_Store")
    root = fetch()
    assert set(all_files(root)) == set(published.expected)


def test_a_move_that_fails_puts_everything_back(
    fetch, published, data_home, monkeypatch, all_files
):
    root = fetch(features_url=published.url + "/features.zip")
    before = all_files(data_home)
    replace = os.replace

    def fail(source, target):
        if str(target) == str(root) and "content" in str(source):
            raise PermissionError(errno.EACCES, "in use")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(DownloadError, match=r"4QAED cannot be written \(in use\)"):
        fetch(force=True)
    assert all_files(data_home) == before
    assert _entries(root.parent) == ["4QAED"]
