from pathlib import Path

import platformdirs
import pytest

from sklearn_mer.datasets import get_data_home


def test_the_argument_comes_before_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path / "environment"))
    assert get_data_home(tmp_path / "argument") == tmp_path / "argument"
    assert get_data_home(str(tmp_path / "argument")) == tmp_path / "argument"


@pytest.mark.parametrize("nothing", [None, ""])
def test_the_environment_comes_before_the_platform(tmp_path, monkeypatch, nothing):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    assert get_data_home(nothing) == tmp_path


@pytest.mark.parametrize("value", [None, ""])
def test_the_platform_comes_last(monkeypatch, value):
    if value is None:
        monkeypatch.delenv("SKLEARN_MER_DATA", raising=False)
    else:
        monkeypatch.setenv("SKLEARN_MER_DATA", value)
    assert get_data_home() == Path(platformdirs.user_cache_dir("sklearn_mer", appauthor=False))


def test_the_home_folder_is_expanded_and_paths_are_absolute(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert get_data_home("~/music") == tmp_path / "music"
    assert get_data_home("music") == tmp_path / "music"
