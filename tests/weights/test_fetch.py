"""Weights from a server on loopback and from files, whole, broken and wrong."""

import errno
import json
import re
import shutil

import pytest

from sklearn_mer.datasets import DownloadError
from sklearn_mer.weights import WeightsError, _fetch, fetch_weights, find_weights

from .conftest import CONTENTS, TORCH, digest

NAME = "mtat_crnn"
SUMMED = [name for name in CONTENTS if "openl3" not in name]


def names(folder):
    """Return the names of all files, hidden ones too."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("name", CONTENTS)
def test_what_was_fetched_is_found(name, fetch, small, tmp_path):
    path = fetch(name)
    assert path == find_weights(name, tmp_path / "home")
    assert small.seen == small.paths[name]
    lock = ["weights.lock.json"] if "openl3" in name else []
    assert names(path.parent) == [path.name, *lock]
    assert fetch(name) == path
    assert len(small.seen) == len(small.paths[name])  # it is there
    fetch(name, force=True)
    assert small.seen == small.paths[name] * 2


def test_what_is_said(fetch, small, capsys):
    path = fetch(NAME, verbose=1)
    told = capsys.readouterr()
    for part in ("mtat_crnn, 0.2 MB, licence MIT", "SMC 2020", small.url, str(path)):
        assert part in told.out
    assert "100%" in told.err
    fetch(NAME, verbose=1)
    assert "is there already" in capsys.readouterr().out
    fetch(NAME, force=True)
    assert capsys.readouterr() == ("", "")


def test_a_connection_that_breaks_is_continued(fetch, small):
    (path,) = small.paths[NAME]
    small.cut_once.add(path)
    assert fetch(NAME).read_bytes() == TORCH
    first, (again, asked) = small.seen
    assert first == again == path
    assert len(TORCH) / 4 < int(re.fullmatch(r"bytes=(\d+)-", asked)[1]) <= len(TORCH) / 2


def test_the_next_call_goes_on(fetch, small, tmp_path):
    (path,) = small.paths[NAME]
    small.cut.add(path)
    with pytest.raises(DownloadError, match=r"could not be downloaded: .*bytes are kept") as told:
        fetch(NAME)
    n = int(re.search(r"(\d+) bytes are kept", str(told.value))[1])
    assert len(TORCH) / 2 < n < len(TORCH)
    (part,) = (tmp_path / "home" / "weights").iterdir()
    assert part.read_bytes() == TORCH[:n]
    small.cut.clear()
    small.seen.clear()
    target = fetch(NAME)
    assert small.seen == [(path, f"bytes={n}-")]
    assert target.read_bytes() == TORCH
    assert names(target.parent) == [target.name]


def test_a_server_that_ignores_ranges(fetch, small):
    (path,) = small.paths[NAME]
    small.whole.add(path)
    small.cut_once.add(path)
    assert fetch(NAME).read_bytes() == TORCH
    small.cut.add(path)
    with pytest.raises(DownloadError, match="connection"):
        fetch(NAME, force=True)
    assert len(small.seen) == 4  # it is not asked for ever


def test_no_stated_length(fetch, small):
    (path,) = small.paths[NAME]
    small.unsized.add(path)
    small.cut_once.add(path)
    assert fetch(NAME).read_bytes() == TORCH
    (path,) = small.paths[
        "openl3_mel256_music"
    ]  # of which nobody would see that the end is missing
    small.unsized.add(path)
    with pytest.raises(DownloadError, match="does not say how long the file is"):
        fetch("openl3_mel256_music")


@pytest.mark.parametrize("unsized", [False, True])
@pytest.mark.parametrize("more", [b"more", b"more" * 100_000])
def test_a_body_that_is_too_long(more, unsized, fetch, small, tmp_path):
    (path,) = small.paths[NAME]
    small.files[path] = TORCH + more
    small.unsized.update([path] * unsized)
    message = "sends more than 200004 bytes" if unsized else "offers .* bytes, expected 200004"
    with pytest.raises(DownloadError, match=message):
        fetch(NAME)
    assert all(
        part.stat().st_size <= len(TORCH) for part in (tmp_path / "home" / "weights").iterdir()
    )


def test_a_body_that_is_too_short(fetch, small):
    (path,) = small.paths[NAME]
    small.files[path] = b"<html>Please log in</html>"
    with pytest.raises(DownloadError, match="offers 26 bytes, expected 200004"):
        fetch(NAME)
    small.unsized.add(path)
    with pytest.raises(DownloadError, match="ended before the file did"):
        fetch(NAME)


@pytest.mark.parametrize("name", SUMMED)
def test_wrong_bytes_are_removed(name, fetch, small, tmp_path):
    path = small.paths[name][-1]
    content = small.files[path]
    small.files[path] = b"?" + content[1:]
    with pytest.raises(WeightsError, match=r"another file .* begins with b'\?") as told:
        fetch(name)
    assert digest(content) in str(told.value)
    assert digest(small.files[path]) in str(told.value)
    left = names(tmp_path / "home" / "weights")
    assert len(left) == len(small.paths[name]) - 1  # what was right
    small.files[path] = content
    assert names(fetch(name).parent) == [getattr(small.entries, name).file]


def test_a_part_of_another_file(fetch, tmp_path):
    part = tmp_path / "home" / "weights" / ".mtat_crnn.pth.best_model.pth.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"something else")
    with pytest.raises(WeightsError, match="another file"):
        fetch(NAME)
    fetch(NAME)
    part.write_bytes(b"x" * 300_000)  # longer than it can be
    assert fetch(NAME, force=True).read_bytes() == TORCH
    assert not part.exists()
    # Of an unknown size: nothing comes after the end.
    part = part.with_name(
        ".torchopenl3_mel256_music_512.pth.tar.torchopenl3_mel256_music_512.pth.tar.part"
    )
    part.write_bytes(b"x" * 300_000)
    assert fetch("openl3_mel256_music").read_bytes() == TORCH[:1000]


def test_what_is_not_there(fetch, small, tmp_path):
    small.files.clear()
    with pytest.raises(DownloadError, match="the server says 404 Not Found") as told:
        fetch(NAME)
    for part in (small.url, "weights fetch mtat_crnn --from FOLDER", "HTTPS_PROXY", digest(TORCH)):
        assert part in str(told.value)
    assert names(tmp_path / "home" / "weights") == []


def test_no_network(fetch, monkeypatch):
    with pytest.raises(DownloadError, match=r"127.0.0.1:9/minzwon/.*no connection: .*refused"):
        fetch(NAME, source="http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(DownloadError, match=r"https://raw\.github.*the proxy gives no connection"):
        fetch(NAME, source=None)


def test_a_damaged_file_is_replaced_by_force_only(fetch, small):
    path = fetch(NAME)
    path.write_bytes(b"damaged")
    with pytest.raises(WeightsError, match="--force` replaces it"):
        fetch(NAME)
    assert path.read_bytes() == b"damaged"
    small.files.clear()
    with pytest.raises(DownloadError):
        fetch(NAME, force=True)
    assert path.read_bytes() == b"damaged"
    small.files[small.paths[NAME][0]] = TORCH
    assert fetch(NAME, force=True).read_bytes() == TORCH


def test_a_conversion_that_gives_other_bytes(fetch, small, tmp_path, monkeypatch):
    monkeypatch.setattr(_fetch, "convert", lambda *_: b"other")
    with pytest.raises(WeightsError, match=r"MSD_musicnn: the conversion gives other bytes"):
        fetch("MSD_musicnn")
    assert names(tmp_path / "home" / "weights") == []


def test_a_full_disk(fetch, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_fetch, "replace_file", full)
    with pytest.raises(DownloadError, match=r"mtat_crnn\.pth cannot be written: No space.*room"):
        fetch(NAME)
    assert names(tmp_path / "home" / "weights")  # what was downloaded
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match=r"cannot be written: .*data_home="):
        fetch(NAME, data_home=tmp_path / "file")


def test_another_process_removes_the_part(fetch, monkeypatch):
    original = _fetch.download

    def gone(url, path, **options):
        original(url, path, **options)
        path.unlink()

    monkeypatch.setattr(_fetch, "download", gone)
    with pytest.raises(DownloadError, match="another process fetches mtat_crnn too"):
        fetch(NAME)


# Trust on first use.


def test_the_first_download_is_noted(fetch, small, tmp_path):
    name = "openl3_mel256_music"
    path = fetch(name)
    lock = path.with_name("weights.lock.json")
    assert json.loads(lock.read_text()) == {path.name: digest(TORCH[:1000])}
    small.files[small.paths[name][0]] = b"PK\x03\x04 another one"
    with pytest.raises(WeightsError, match="another file than at the first download"):
        fetch(name, force=True)
    assert path.read_bytes() == TORCH[:1000]
    path.write_bytes(b"PK\x03\x04 changed")
    with pytest.raises(WeightsError, match=r"damaged or another file.*noted in weights\.lock\.js"):
        find_weights(name, tmp_path / "home")
    lock.unlink()
    find_weights(name, tmp_path / "home")
    fetch(name, force=True)
    assert path.read_bytes() == b"PK\x03\x04 another one"


@pytest.mark.parametrize("content", ["{", "[1]", '{"a": 1}'])
def test_a_damaged_lock(content, fetch):
    lock = fetch("openl3_mel256_music").with_name("weights.lock.json")
    lock.write_text(content)
    with pytest.raises(WeightsError, match=r"weights\.lock\.json .*Repair it; or delete it"):
        fetch("openl3_mel256_music")


def test_a_web_page_in_place_of_weights(fetch, small, tmp_path):
    small.files[small.paths["openl3_mel256_music"][0]] = b"<html>Please log in</html>"
    with pytest.raises(WeightsError, match="no file of torch; it begins with b'<html>"):
        fetch("openl3_mel256_music")
    assert names(tmp_path / "home" / "weights") == []


# From files.


@pytest.fixture
def saved(tmp_path):
    """The originals as somebody saved them, under other names but for OpenL3."""
    folder = tmp_path / "Downloads" / "deep"
    folder.mkdir(parents=True)
    for name, contents in CONTENTS.items():
        for number, content in enumerate(contents):
            (folder / f"{name} ({number})").write_bytes(content)
    (folder / "openl3_mel256_music (0)").rename(folder / "torchopenl3_mel256_music_512.pth.tar")
    return folder.parent


@pytest.mark.parametrize("name", CONTENTS)
def test_files_that_are_here(name, fetch, small, saved):
    path = fetch(name, source=saved)
    assert small.seen == []
    one = fetch(name, source=str(path), data_home=saved / "other")
    assert one.read_bytes() == path.read_bytes()


def test_files_that_are_not_here(fetch, saved):
    (saved / "deep" / "MSD_musicnn (0)").write_bytes(b"?")
    with pytest.raises(WeightsError, match=r"needs https://raw.*/\.index, and .* holds no file wi"):
        fetch("MSD_musicnn", source=saved)
    with pytest.raises(WeightsError, match=r"is no file with the sha256 .*give the folder"):
        fetch("MSD_musicnn", source=saved / "deep" / "MSD_musicnn (1)")
    shutil.rmtree(saved / "deep")
    with pytest.raises(WeightsError, match="holds no such file"):
        fetch("openl3_mel256_music", source=saved)


def test_wrong_uses(tmp_path):
    with pytest.raises(ValueError, match=r"No weights 'mtat'; the register has"):
        fetch_weights("mtat")
    for source in ("no/such/folder", "ftp://example.org", "a\0b"):
        with pytest.raises(ValueError, match="neither a file or folder"):
            fetch_weights(NAME, source=source, data_home=tmp_path)
    with pytest.raises(TypeError, match="source=3 is no URL and no path"):
        fetch_weights(NAME, source=3, data_home=tmp_path)


def test_h5py_is_asked_for_before_anything_is_downloaded(fetch, small, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(ImportError, match="h5py"):
        fetch("artist_siamese_10000")
    assert small.seen == []
