from pathlib import Path

import platformdirs
import pytest

from sklearn_mer.datasets import DatasetNotFoundError, get_data_home, load_4qaed, load_merge


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


def test_nothing_is_created(tmp_path):
    home = tmp_path / "home"
    get_data_home(home)
    with pytest.raises(DatasetNotFoundError):
        load_4qaed(data_home=home)
    assert not home.exists()


@pytest.mark.parametrize(
    ("load", "parts"),
    [
        (load_4qaed, ["4QAED", "panda_dataset_taffc_annotations.csv", "mir.dei.uc.pt", "900"]),
        (load_merge, ["MERGE_Audio_Complete", "zenodo.org/records/13939205", "1.2 GB", "CC BY-NC"]),
    ],
)
def test_a_missing_data_set_says_what_where_and_how(tmp_path, load, parts):
    with pytest.raises(FileNotFoundError) as caught:
        load(data_home=tmp_path)
    assert isinstance(caught.value, DatasetNotFoundError)
    common = [str(tmp_path), "SKLEARN_MER_DATA", "data_home=", "Nothing was downloaded", "fetch_"]
    for part in parts + common:
        assert part in str(caught.value)
