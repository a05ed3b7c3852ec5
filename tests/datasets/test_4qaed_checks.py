import shutil

import pandas as pd
import pytest

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, _4qaed, load_4qaed


@pytest.mark.parametrize("features", ["all", "decorrelated"])
def test_a_missing_table_is_named_with_its_archive(copy_4qaed, data_home, features):
    name = _4qaed.FEATURE_TABLES[features]
    (copy_4qaed / "Features" / name).unlink()
    with pytest.raises(DatasetNotFoundError) as caught:
        load_4qaed(features=features, data_home=data_home)
    for part in [f"no {name}", "Features - Audio MER", "mir.dei.uc.pt", "features_url"]:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("parameter", "value", "allowed"),
    [
        ("features", "top10", "'top100'"),
        ("features", ["top100"], "'top100'"),
        ("on_error", "ignore", "'skip'"),
        ("n_jobs", "two", "an int in the range [1, inf)"),
        ("n_jobs", 0, "None"),
        ("as_frame", "no", "bool"),
        ("return_X_y", 2, "bool"),
        ("verbose", "yes", "an int"),
    ],
)
def test_other_values_of_parameters_are_refused(data_home, parameter, value, allowed):
    with pytest.raises(
        ValueError, match=f"'{parameter}' parameter of load_4qaed must be"
    ) as caught:
        load_4qaed(data_home=data_home, **{parameter: value})
    assert allowed in str(caught.value)
    assert repr(value) in str(caught.value)


def test_the_published_counts_are_what_is_checked_by_default():
    assert _4qaed.EXPECTED.n_clips == 900
    assert _4qaed.EXPECTED.per_quadrant == 225


def test_other_counts_are_refused(copy_4qaed, data_home, monkeypatch, rewrite):
    path = copy_4qaed / _4qaed.ANNOTATIONS
    whole = path.read_text()
    rewrite(path, lambda table: table.iloc[1:])
    with pytest.raises(DatasetError, match=r"lists 11 clips; 12 are published"):
        load_4qaed(data_home=data_home)
    path.write_text(whole)
    rewrite(path, lambda table: table.assign(Quadrant=["Q1", *table["Quadrant"].iloc[1:-1], "Q1"]))
    with pytest.raises(
        DatasetError, match=r"3 clips per quadrant; it lists Q1 4, Q2 3, Q3 3, Q4 2"
    ):
        load_4qaed(data_home=data_home)


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


def test_unknown_quadrants_are_refused(copy_4qaed, data_home, rewrite):
    rewrite(copy_4qaed / _4qaed.ANNOTATIONS, lambda table: table.replace("Q3", "Q5"))
    with pytest.raises(DatasetError, match="other quadrants than Q1, Q2, Q3, Q4 for the clips"):
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


def test_a_clip_in_another_folder_is_refused(copy_4qaed, data_home, songs_4qaed):
    clip, quadrant = songs_4qaed.index[0], songs_4qaed.iloc[0]
    other = "Q4" if quadrant != "Q4" else "Q1"
    (copy_4qaed / quadrant / f"{clip}.mp3").rename(copy_4qaed / other / f"{clip}.mp3")
    for on_error in ["raise", "skip"]:
        with pytest.raises(DatasetError, match=rf"{other}/{clip}.mp3 \(annotated {quadrant}\)"):
            load_4qaed(data_home=data_home, on_error=on_error)


def test_two_files_of_one_clip_are_refused(copy_4qaed, data_home, songs_4qaed, write_clip):
    clip, quadrant = songs_4qaed.index[0], songs_4qaed.iloc[0]
    write_clip(copy_4qaed / quadrant / f"{clip}.wav")
    with pytest.raises(DatasetError, match=f"several audio files with the same name: {clip}"):
        load_4qaed(data_home=data_home)


def test_files_without_annotation_are_ignored(copy_4qaed, data_home, write_clip):
    write_clip(copy_4qaed / "Q1" / "MT9999999999.mp3")
    (copy_4qaed / "Q1" / "notes.txt").write_text("none")
    assert len(load_4qaed(data_home=data_home).data) == 12


@pytest.fixture
def bad_clips(copy_4qaed, songs_4qaed):
    """Make the first three clips missing, empty and undecodable; return their paths."""
    paths = [
        copy_4qaed / quadrant / f"{clip}.mp3" for clip, quadrant in songs_4qaed.iloc[:3].items()
    ]
    paths[0].unlink()
    paths[1].write_bytes(b"")
    paths[2].write_bytes(b"this is no music" * 100)
    return [str(path) for path in paths]


def test_one_error_lists_all_missing_and_empty_clips(bad_clips, data_home):
    with pytest.raises(AudioError) as caught:
        load_4qaed(data_home=data_home)
    # Clips are not decoded here, so that the third is not among them.
    assert [path for path, _ in caught.value.bad_files] == bad_clips[:2]
    for path in bad_clips[:2]:
        assert path in str(caught.value)


def test_bad_clips_are_skipped_and_reported(bad_clips, data_home, songs_4qaed):
    with pytest.warns(UserWarning, match="3 of 12 clips cannot be used") as record:
        bunch = load_4qaed(data_home=data_home, on_error="skip", n_jobs=2)
    assert record[0].filename == __file__
    kept = list(songs_4qaed.index[3:])
    for table in [bunch.data, bunch.target, bunch.groups, bunch.metadata, bunch.frame]:
        assert list(table.index) == kept
    assert list(bunch.ids) == kept
    assert list(bunch.target) == list(songs_4qaed.iloc[3:])
    assert list(bunch.skipped["file"]) == bad_clips
    assert bunch.skipped["reason"].str.len().min() > 0


def test_skipping_every_clip_is_an_error(copy_4qaed, data_home, songs_4qaed):
    for clip, quadrant in songs_4qaed.items():
        (copy_4qaed / quadrant / f"{clip}.mp3").write_bytes(b"no music")
    with pytest.raises(AudioError) as caught:
        load_4qaed(data_home=data_home, on_error="skip")
    assert len(caught.value.bad_files) == 12


def test_a_copy_without_any_clip_is_not_found(copy_4qaed, data_home):
    for quadrant in ["Q1", "Q2", "Q3", "Q4"]:
        shutil.rmtree(copy_4qaed / quadrant)
    with pytest.raises(DatasetNotFoundError, match="no clip in the folders Q1 to Q4"):
        load_4qaed(data_home=data_home)
