import errno
import io
import shutil
import socket
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from sklearn_mer.datasets import (
    DatasetError,
    DatasetNotFoundError,
    DownloadError,
    _fetch,
    fetch_4qaed,
    fetch_merge,
    load_4qaed,
    load_merge,
)


def _entries(folder):
    """Return the names of the entries of a folder, including hidden ones."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_what_was_fetched_can_be_loaded(fetch, published, data_home, all_files):
    root = fetch(features_url=published.url + "/features.zip")
    assert root == data_home / "datasets" / "4QAED"
    assert load_4qaed(data_home=data_home).data.shape == (12, 4)
    assert load_4qaed(features="all", data_home=data_home).data.shape == (12, 7)
    assert _entries(data_home / "datasets") == ["4QAED"]
    assert not [name for name in _entries(root) if name.startswith(".")]
    content = all_files(root)
    assert {name: content[name] for name in published.expected} == published.expected


def test_clips_alone_are_told_how_to_go_on(fetch, data_home, capsys):
    fetch(verbose=1)
    assert "features_url=" in capsys.readouterr().out
    assert load_4qaed(features=None, data_home=data_home).data.shape == (12, 1)
    with pytest.raises(DatasetNotFoundError, match="features_url"):
        load_4qaed(data_home=data_home)


def test_what_is_there_is_not_fetched_again(fetch, published):
    url = published.url + "/features.zip"
    fetch(features_url=url)
    fetch(features_url=url)
    assert published.seen == ["/clips.zip", "/features.zip"]
    fetch(features_url=url, force=True)
    assert published.seen == ["/clips.zip", "/features.zip"] * 2


def test_missing_tables_are_added_to_those_that_are_there(fetch, published, data_home):
    features = data_home / "datasets" / "4QAED" / "Features"
    features.mkdir(parents=True)
    (features / "mine.csv").write_text("mine")
    fetch(features_url=published.url + "/features.zip")
    assert (features / "mine.csv").read_text() == "mine"
    assert load_4qaed(data_home=data_home).data.shape == (12, 4)


def test_force_replaces_what_is_published_and_keeps_the_rest(
    fetch, published, data_home, all_files
):
    root = fetch(features_url=published.url + "/features.zip")
    (root / "panda_dataset_taffc_annotations.csv").write_text("damaged")
    (root / "notes.txt").write_text("mine")
    before = all_files(root / "Features")
    fetch(force=True)
    assert (root / "notes.txt").read_text() == "mine"
    assert all_files(root / "Features") == before
    assert load_4qaed(data_home=data_home).data.shape == (12, 4)
    assert _entries(data_home / "datasets") == ["4QAED"]


def test_progress_is_shown_when_asked(fetch, published, capsys):
    fetch(verbose=1)
    shown = capsys.readouterr()
    assert published.url + "/clips.zip" in shown.out
    assert "100%" in shown.err
    assert "unpacking" in shown.err
    fetch(verbose=0, force=True)
    shown = capsys.readouterr()
    assert shown.out == shown.err == ""


def test_a_copy_that_is_here_is_unpacked(published, data_home, tmp_path):
    path = tmp_path / "saved with the browser.zip"
    path.write_bytes(published.files["/clips.zip"])
    fetch_4qaed(data_home=data_home, url=path, verbose=0)
    assert published.seen == []
    assert path.is_file()
    assert len(load_4qaed(features=None, data_home=data_home).data) == 12


@pytest.mark.parametrize("source", ["ftp://example.org/clips.zip", "no/such/file.zip"])
def test_other_sources_are_refused(data_home, source):
    with pytest.raises(ValueError, match="beginning with http:// or https://") as caught:
        fetch_4qaed(data_home=data_home, url=source, verbose=0)
    assert source in str(caught.value)


# Broken downloads.


def test_a_connection_that_drops_leaves_nothing_and_the_next_call_works(
    fetch, published, data_home, all_files
):
    published.cut.add("/clips.zip")
    with pytest.raises(DownloadError, match=r"failed after \d+ bytes.*partial file was removed"):
        fetch()
    assert all_files(data_home) == {}
    assert _entries(data_home / "datasets") == []
    published.cut.clear()
    fetch()
    assert len(load_4qaed(features=None, data_home=data_home).data) == 12


def test_an_archive_cut_short_without_a_stated_length_is_refused(fetch, published, data_home):
    published.cut.add("/clips.zip")
    published.unsized.add("/clips.zip")
    with pytest.raises(DatasetError, match="not a complete zip archive"):
        fetch()
    assert _entries(data_home / "datasets") == []
    published.cut.clear()
    fetch()
    assert len(load_4qaed(features=None, data_home=data_home).data) == 12


def test_a_broken_download_leaves_what_was_there(fetch, published, data_home, all_files):
    root = fetch()
    before = all_files(data_home)
    published.cut.add("/clips.zip")
    with pytest.raises(DownloadError):
        fetch(force=True)
    assert all_files(data_home) == before
    published.cut.clear()
    published.files["/clips.zip"] = published.files["/clips.zip"][:-100]
    with pytest.raises(DatasetError):
        fetch(force=True)
    assert all_files(data_home) == before
    assert _entries(root.parent) == ["4QAED"]


def test_a_missing_archive_is_an_error(fetch, published, data_home, all_files):
    with pytest.raises(DownloadError, match=r"gone.zip failed after 0 bytes .*404"):
        fetch(url=published.url + "/gone.zip")
    assert all_files(data_home) == {}


def test_a_server_that_is_not_there_is_an_error(data_home, monkeypatch, all_files):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(DownloadError):
        fetch_4qaed(data_home=data_home, url=f"http://127.0.0.1:{port}/clips.zip", verbose=0)
    assert all_files(data_home) == {}


def test_a_web_page_in_place_of_the_archive_is_refused(fetch, published, data_home, all_files):
    published.files["/clips.zip"] = b"<html>Please log in</html>"
    with pytest.raises(DatasetError, match="not a complete zip archive"):
        fetch()
    assert all_files(data_home) == {}


def test_loaders_and_imports_do_not_touch_the_network(data_home, monkeypatch):
    def refuse(*args):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for load in [load_4qaed, load_merge]:
        with pytest.raises(DatasetNotFoundError):
            load(data_home=data_home)


# MERGE, and where the archives are.


def test_merge_is_fetched_and_loaded(copy_merge, data_home, zip_folder, server, all_files):
    server.files["/merge.zip?download=1"] = zip_folder(copy_merge, "MERGE_Audio_Balanced")
    expected = all_files(copy_merge)
    shutil.rmtree(copy_merge.parent)
    url = server.url + "/merge.zip?download=1"
    root = fetch_merge("balanced", data_home=data_home, url=url, verbose=0)
    assert root == copy_merge
    assert all_files(root) == expected
    bunch = load_merge("balanced", data_home=data_home, split="70_15_15")
    assert isinstance(bunch.split, pd.Series)
    assert fetch_merge("balanced", data_home=data_home, url=url, verbose=0) == root
    assert len(server.seen) == 1
    with pytest.raises(DatasetError, match=r"merge_audio_complete_metadata\.csv"):
        fetch_merge("complete", data_home=data_home, url=url, verbose=0)
    with pytest.raises(ValueError, match="'subset' parameter of fetch_merge must be"):
        fetch_merge("all", data_home=data_home, url=url)


@pytest.mark.parametrize(
    ("fetch_default", "url"),
    [
        (fetch_4qaed, "http://mir.dei.uc.pt/resources/MER_audio_taffc_dataset.zip"),
        (
            fetch_merge,
            "https://zenodo.org/records/13939205/files/MERGE_Audio_Complete.zip?download=1",
        ),
    ],
)
def test_the_default_sources(data_home, monkeypatch, fetch_default, url):
    asked = []

    def stop(source, folder, *, verbose):
        asked.append(source)
        raise DownloadError("stopped by the test")

    monkeypatch.setattr(_fetch, "_obtain", stop)
    with pytest.raises(DownloadError, match="stopped"):
        fetch_default(data_home=data_home, verbose=0)
    assert asked == [url]


# Full disks and damaged members.


@pytest.mark.parametrize("where", ["download", "unpack"])
def test_a_full_disk_is_told_and_leaves_what_was_there(
    fetch, data_home, all_files, monkeypatch, where
):
    fetch()
    before = all_files(data_home)

    def full(*args, **options):
        args[-2].write(b"half") if where == "unpack" else Path(args[1]).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "download":
        monkeypatch.setattr(_fetch, "download", full)
    else:
        monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(
        DownloadError, match=r"4QAED cannot be written \(No space .*Make room"
    ) as told:
        fetch(force=True)
    assert "as it was before, and no partial file remains" in str(told.value)
    assert all_files(data_home) == before
    assert _entries(data_home / "datasets") == ["4QAED"]


def test_a_data_home_that_is_a_file_is_told(published, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match=r"4QAED cannot be written .* data_home="):
        fetch_4qaed(data_home=tmp_path / "file", url=published.url + "/clips.zip", verbose=0)


def test_an_archive_with_wrong_offsets_is_refused(published, data_home, tmp_path, all_files):
    content = bytearray(published.files["/clips.zip"])
    offset = int.from_bytes(content[-6:-2], "little")
    content[-6:-2] = (offset + 1000).to_bytes(4, "little")  # puts the members before the file
    (tmp_path / "clips.zip").write_bytes(content)
    with pytest.raises(DatasetError, match="not a complete zip archive"):
        fetch_4qaed(data_home=data_home, url=tmp_path / "clips.zip", verbose=0)
    assert all_files(data_home) == {}


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99])
def test_a_damaged_member_is_refused(published, data_home, tmp_path, all_files, kind):
    path = tmp_path / "clips.zip"
    with zipfile.ZipFile(io.BytesIO(published.files["/clips.zip"])) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        folder = next(name for name in members if "Q1/" in name).rpartition("/")[0]
        archive.writestr(f"{folder}/long.mp3", bytes(range(256)) * 9, min(kind, zipfile.ZIP_LZMA))
        info = archive.infolist()[-1]
        begin = info.header_offset + 30 + len(info.filename)
    content = bytearray(path.read_bytes())
    content[begin : begin + 60] = b"\xff" * 60
    if kind == 99:  # a compression that nobody knows, in both headers
        for at in (info.header_offset + 8, content.rindex(b"PK\x01\x02") + 10):
            content[at : at + 2] = b"\x63\x00"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"not a complete zip archive .*Nothing was unpacked"):
        fetch_4qaed(data_home=data_home, url=path, verbose=0)
    assert all_files(data_home) == {}
