import pandas as pd
import pytest

from sklearn_mer.datasets import DatasetError, _4qaed, load_4qaed


def test_doubled_ids_are_refused(copy_4qaed, data_home, songs_4qaed, rewrite):
    for file in [_4qaed.ANNOTATIONS, _4qaed.METADATA, "Features/top100_features.csv"]:
        path = copy_4qaed / file
        whole = path.read_bytes()
        rewrite(path, lambda table: pd.concat([table.iloc[1:], table.iloc[-1:]]))
        with pytest.raises(DatasetError, match=r"duplicate clips: MT\d{10}\.") as caught:
            load_4qaed(data_home=data_home)
        assert str(path) in str(caught.value)
        path.write_bytes(whole)


def test_unknown_and_missing_ids_are_refused(copy_4qaed, data_home, rewrite):
    for file in [_4qaed.METADATA, "Features/top100_features.csv"]:
        path = copy_4qaed / file
        whole = path.read_bytes()
        rewrite(path, lambda table: table.replace({table.iloc[0, 0]: "MT9999999999"}))
        with pytest.raises(DatasetError, match=r"1 are missing .* 1 are unknown \(MT9999999999\)"):
            load_4qaed(data_home=data_home)
        path.write_bytes(whole)


@pytest.mark.parametrize("file", [_4qaed.METADATA, "Features/top100_features.csv"])
def test_quadrants_that_disagree_are_refused(copy_4qaed, data_home, file, rewrite):
    def swap(table):
        other = {"Q1": "Q2"}.get(table["Quadrant"].iloc[0], "Q1")
        return table.assign(Quadrant=[other, *table["Quadrant"].iloc[1:]])

    rewrite(copy_4qaed / file, swap)
    with pytest.raises(DatasetError, match=r"other quadrants than the annotations for 1 clips: MT"):
        load_4qaed(data_home=data_home)


def test_values_that_are_no_numbers_are_named(copy_4qaed, data_home, rewrite):
    path = copy_4qaed / "Features" / "top100_features.csv"
    rewrite(path, lambda table: table.assign(F0002=["much", "more", *table["F0002"].iloc[2:]]))
    first, second = pd.read_csv(path)["SongID"].iloc[:2]
    with pytest.raises(DatasetError, match="has 2 values that are not numbers") as caught:
        load_4qaed(data_home=data_home)
    for part in [str(path), f"F0002 of {first}: 'much'", f"F0002 of {second}: 'more'"]:
        assert part in str(caught.value)


def test_missing_values_are_kept_with_a_warning(copy_4qaed, data_home, rewrite):
    path = copy_4qaed / "Features" / "top100_features.csv"
    rewrite(path, lambda table: table.assign(F0002=["", "NaN", *table["F0002"].iloc[2:]]))
    clips = list(pd.read_csv(path)["SongID"].iloc[:2])
    with pytest.warns(UserWarning, match=r"lacks values of some clips in 1 columns \(F0002\)"):
        bunch = load_4qaed(data_home=data_home)
    missing = bunch.data["F0002"].isna()
    assert set(missing.index[missing]) == set(clips)


def test_tables_without_the_needed_columns_are_refused(copy_4qaed, data_home, rewrite):
    path = copy_4qaed / _4qaed.METADATA
    whole = path.read_bytes()
    rewrite(path, lambda table: table.drop(columns="Artist"))
    with pytest.raises(DatasetError, match="has no column Artist; its columns are"):
        load_4qaed(data_home=data_home)
    path.write_bytes(whole)
    rewrite(path, lambda table: table.rename(columns={"Song": "Track"}))
    with pytest.raises(DatasetError, match="has no column Song; its columns are Track"):
        load_4qaed(data_home=data_home)
    path.write_bytes(b"")
    with pytest.raises(DatasetError, match="cannot be read as a CSV file"):
        load_4qaed(data_home=data_home)


def test_tables_in_latin_1_are_read(copy_4qaed, data_home):
    path = copy_4qaed / _4qaed.METADATA
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert (load_4qaed(data_home=data_home).groups == "Béla").sum() == 2


def test_quotes_and_marks_around_ids_are_stripped(copy_4qaed, data_home, rewrite):
    expected = load_4qaed(data_home=data_home)
    path = copy_4qaed / "Features" / "top100_features.csv"
    rewrite(
        path,
        lambda table: table.assign(
            SongID=' "' + table["SongID"] + '" ', Quadrant="'" + table["Quadrant"] + "'"
        ),
        encoding="utf-8-sig",
    )
    pd.testing.assert_frame_equal(load_4qaed(data_home=data_home).data, expected.data)
