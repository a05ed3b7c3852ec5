import pytest

from sklearn_mer.datasets import DatasetNotFoundError, get_data_home, load_4qaed, load_merge


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
