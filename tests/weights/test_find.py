"""Where files of the register are, and what is said where they are not."""

import hashlib
import os
import shlex
from dataclasses import replace

import pytest

from sklearn_mer.weights import (
    WeightsError,
    WeightsNotFoundError,
    _find,
    _register,
    available_weights,
    file_sha256,
    find_weights,
    how_to_get,
    missing_weights,
)


def test_a_missing_file_says_what_where_and_how(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        find_weights("msd_fcn", data_home=tmp_path)
    assert isinstance(caught.value, WeightsNotFoundError)
    for part in (
        "msd_fcn.pth",
        str(tmp_path / "weights"),
        "Nothing was downloaded",
        f"`sklearn-mer weights fetch msd_fcn --data-home {tmp_path}`",
        "--from FOLDER",
        "SKLEARN_MER_DATA",
        "data_home=",
        "github.com/minzwon",
        "MIT",
    ):
        assert part in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_one_command_for_several(tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path / "a b"))
    text = missing_weights(["msd_fcn", "artist_siamese_10000", "mtat_fcn"])
    words = shlex.split(text.split("`")[1])
    assert words[3:6] == ["msd_fcn", "artist_siamese_10000", "mtat_fcn"]
    assert words[6:] == ["--data-home", str(tmp_path / "a b")]
    assert text.count("minzwon") == text.count("jongpillee") == 1
    assert missing_weights([]) is None


def test_the_command_is_short_where_the_folder_is_the_default(tmp_path, monkeypatch):
    monkeypatch.delenv("SKLEARN_MER_DATA", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path))
    assert "`sklearn-mer weights fetch msd_fcn` gets it" in missing_weights(["msd_fcn"])


def test_a_damaged_file_says_both_sums(tmp_path):
    path = tmp_path / "weights" / "msd_fcn.pth"
    path.parent.mkdir()
    path.write_bytes(b"half")
    assert missing_weights(["msd_fcn"], tmp_path) is None
    with pytest.raises(WeightsError, match="damaged") as caught:
        find_weights("msd_fcn", data_home=tmp_path)
    message = str(caught.value)
    assert hashlib.sha256(b"half").hexdigest() in message
    assert available_weights()["msd_fcn"].sha256 in message
    assert str(path.parent) in message
    assert "--force` replaces it" in message
    assert "weights=" in message


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A data home in which a small file passes for the register's."""
    path = tmp_path / "weights" / "mtat_crnn.pth"
    path.parent.mkdir()
    path.write_bytes(b"whole")
    digest = hashlib.sha256(b"whole").hexdigest()
    entry = replace(available_weights()["mtat_crnn"], sha256=digest)
    monkeypatch.setattr(_register, "_ALL", (entry, *_register._ALL[1:]))
    return tmp_path


def test_a_whole_file_is_found_and_summed_once(home, monkeypatch):
    assert find_weights("mtat_crnn", home) == home / "weights" / "mtat_crnn.pth"
    monkeypatch.setattr(_find.hashlib, "file_digest", None)
    find_weights("mtat_crnn", home)
    monkeypatch.undo()


def test_a_file_that_changes_is_summed_again(home):
    path = find_weights("mtat_crnn", home)
    path.write_bytes(b"whol?")
    os.utime(path, ns=(1, 1))
    with pytest.raises(WeightsError, match="damaged"):
        find_weights("mtat_crnn", home)


def test_unknown_names():
    with pytest.raises(ValueError, match=r"No weights 'mtat'; the register has mtat_crnn, "):
        find_weights("mtat")
    with pytest.raises(ValueError, match="No weights 'mtat'"):
        missing_weights(["mtat"])


def test_what_is_said_of_a_file_that_cannot_be_used():
    assert "`sklearn-mer weights fetch mtat_crnn --force`" in how_to_get("a/mtat_crnn.pth")
    assert "Copy or save it again" in how_to_get("a/mine.pth")


def test_a_folder_cannot_be_summed(tmp_path):
    with pytest.raises(WeightsError, match="cannot be read"):
        file_sha256(tmp_path)
