import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import cross_val_score

from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import DatasetError, DatasetNotFoundError, _merge, load_merge

AV = "merge_audio_balanced_av_values.csv"
METADATA = "merge_audio_balanced_metadata.csv"


def _load(data_home, **parameters):
    return load_merge("balanced", data_home=data_home, **parameters)


def _part(root, part, split="70_15_15"):
    return root / "tvt_dataframes" / f"tvt_{split}" / f"tvt_{split}_{part}_audio_balanced.csv"


def test_the_bunch_is_complete_and_aligned(copy_merge, data_home, songs_merge):
    bunch = _load(data_home)
    ids = list(songs_merge.index)
    assert list(bunch.ids) == ids
    assert bunch.target.to_dict() == songs_merge.to_dict()
    assert list(bunch.data.columns) == ["audio"]
    assert bunch.feature_names == []
    assert bunch.target_names == ["Q1", "Q2", "Q3", "Q4"]
    for clip, path in bunch.data["audio"].items():
        assert path == str(copy_merge / songs_merge[clip] / f"{clip}.mp3")
    assert list(bunch.frame.columns) == ["audio", "quadrant"]
    assert "split" not in bunch
    assert "splits" not in bunch
    for part in ["CC BY-NC 4.0", "zenodo", "merge_audio_balanced_metadata.csv", "Louro"]:
        assert part in bunch.DESCR


def test_the_complete_set_has_files_of_its_own(copy_merge, data_home):
    root = copy_merge.rename(copy_merge.with_name("MERGE_Audio_Complete"))
    for path in list(root.rglob("*balanced*")):
        path.rename(path.with_name(path.name.replace("balanced", "complete")))
    bunch = load_merge(data_home=data_home, split="40_30_30")
    assert len(bunch.data) == len(bunch.split) == 12
    with pytest.raises(DatasetNotFoundError, match="MERGE_Audio_Balanced"):
        load_merge("balanced", data_home=data_home)


def test_arousal_and_valence_are_metadata_aligned_by_id(
    copy_merge, data_home, songs_merge, rewrite
):
    before = _load(data_home).metadata
    np.testing.assert_allclose(before["Arousal"], np.linspace(0, 1, len(songs_merge)))
    np.testing.assert_allclose(before["Valence"], np.linspace(1, 0, len(songs_merge)))
    rewrite(copy_merge / AV, lambda table: table.sample(frac=1, random_state=0))
    pd.testing.assert_frame_equal(_load(data_home).metadata, before)


def test_dirty_years_are_read_leniently_and_kept_raw(copy_merge, data_home):
    bunch = _load(data_home)
    years = bunch.metadata["Year"]
    assert years.dtype == "Int64"
    expected = [1998, 1998, None, None, 1965, None, 2001, None, None, 2010, 2010, 2010]
    assert [None if pd.isna(year) else year for year in years] == expected
    raw = bunch.metadata["Year_raw"].iloc[:9]
    assert pd.isna(raw.iloc[2])
    assert list(raw.dropna()) == [
        *["1998", "1998.0", "unknown", "1965-1968", "0", "c. 2001", "198?", "19999"]
    ]
    # The empty one is missing, not dirty.
    assert "4 published year values do not contain a year" in bunch.DESCR


def test_artists_are_groups(copy_merge, data_home):
    groups = _load(data_home).groups
    assert groups.iloc[0] == "Null"
    assert groups.is_unique
    assert groups.iloc[1] not in ("", "nan")


@pytest.mark.parametrize("split", _merge.SPLITS)
def test_the_split_is_aligned_by_id(copy_merge, data_home, songs_merge, split):
    bunch = _load(data_home, split=split)
    assert list(bunch.split.index) == list(bunch.ids)
    for part in _merge.PARTS:
        published = set(pd.read_csv(_part(copy_merge, part, split))["Song"])
        assert set(bunch.split.index[bunch.split == part]) == published
    [(train, test)] = bunch.splits
    assert list(bunch.ids[train]) == list(bunch.split.index[bunch.split == "train"])
    assert list(bunch.ids[test]) == list(bunch.split.index[bunch.split == "test"])
    score = cross_val_score(
        DummyClassifier(), bunch.data, bunch.target, cv=bunch.splits, error_score="raise"
    )
    assert score.shape == (1,)


def test_the_split_follows_the_clips_left_out(copy_merge, data_home, songs_merge):
    whole = _load(data_home, split="70_15_15")
    clip = whole.ids[whole.splits[0][0][0]]
    (copy_merge / songs_merge[clip] / f"{clip}.mp3").unlink()
    with pytest.warns(UserWarning, match="1 of 12 clips"):
        bunch = _load(data_home, split="70_15_15", on_error="skip")
    assert clip not in bunch.split.index
    pd.testing.assert_series_equal(bunch.split, whole.split.drop(clip))
    [(train, test)] = bunch.splits
    assert set(bunch.ids[train]) == set(whole.ids[whole.splits[0][0]]) - {clip}
    assert set(bunch.ids[test]) == set(whole.ids[whole.splits[0][1]])


def test_arrays(copy_merge, data_home):
    frame = _load(data_home, split="70_15_15")
    bunch = _load(data_home, split="70_15_15", as_frame=False)
    assert list(bunch.data) == list(frame.data["audio"])
    assert bunch.features is None
    assert isinstance(bunch.split, np.ndarray)
    assert list(bunch.split) == list(frame.split)
    X, y = _load(data_home, return_X_y=True)
    pd.testing.assert_frame_equal(X, frame.data)
    pd.testing.assert_series_equal(y, frame.target)


def test_a_clip_in_two_parts_is_refused(copy_merge, data_home, rewrite):
    train = pd.read_csv(_part(copy_merge, "train"))
    rewrite(_part(copy_merge, "test"), lambda table: pd.concat([table, train.iloc[:1]]))
    clip = train["Song"].iloc[0]
    with pytest.raises(DatasetError, match=f"clips in more than one part: {clip}"):
        _load(data_home, split="70_15_15")
    assert len(_load(data_home, split="40_30_30").split) == 12


def test_a_split_that_names_other_clips_is_refused(copy_merge, data_home, rewrite):
    extra = pd.DataFrame({"Song": ["A9999999999"], "Quadrant": ["Q1"]})
    rewrite(_part(copy_merge, "test"), lambda table: pd.concat([table, extra]))
    with pytest.raises(DatasetError, match="not in the metadata: A9999999999"):
        _load(data_home, split="70_15_15")


def test_a_split_that_disagrees_on_the_quadrant_is_refused(copy_merge, data_home, rewrite):
    rewrite(_part(copy_merge, "test"), lambda table: table.replace({"Q1": "Q2", "Q2": "Q1"}))
    with pytest.raises(DatasetError, match="other quadrants than the annotations"):
        _load(data_home, split="70_15_15")


def test_clips_in_no_part_are_missing_with_a_warning(copy_merge, data_home, rewrite):
    clip = pd.read_csv(_part(copy_merge, "train"))["Song"].iloc[0]
    rewrite(_part(copy_merge, "train"), lambda table: table.iloc[1:])
    with pytest.warns(UserWarning, match=f"lacks 1 clips: {clip}"):
        bunch = _load(data_home, split="70_15_15")
    assert list(bunch.split.index[bunch.split.isna()]) == [clip]
    [(train, test)] = bunch.splits
    assert clip not in set(bunch.ids[train]) | set(bunch.ids[test])


@pytest.mark.parametrize("part", _merge.PARTS)
def test_a_missing_table_is_named(copy_merge, data_home, part):
    path = _part(copy_merge, part)
    path.unlink()
    with pytest.raises(DatasetNotFoundError, match=f"no {path.name}"):
        _load(data_home, split="70_15_15")
    (copy_merge / AV).unlink()
    with pytest.raises(DatasetNotFoundError, match=f"no {AV}"):
        _load(data_home)


@pytest.mark.parametrize("value", ["1.5", "-0.1", "high"])
def test_arousal_outside_its_range_is_refused(copy_merge, data_home, value, rewrite):
    rewrite(
        copy_merge / AV,
        lambda table: table.assign(Arousal=[value, *table["Arousal"].iloc[1:]]),
    )
    clip = pd.read_csv(copy_merge / AV)["Song"].iloc[0]
    with pytest.raises(DatasetError, match=f"(outside 0 to 1|not numbers).* {clip}"):
        _load(data_home)


def test_arousal_of_other_clips_is_refused(copy_merge, data_home, rewrite):
    rewrite(copy_merge / AV, lambda table: table.iloc[1:])
    with pytest.raises(DatasetError, match="1 are missing"):
        _load(data_home)


def test_the_published_counts_are_what_is_checked_by_default():
    assert _merge.EXPECTED["complete"].n_clips == 3554
    assert _merge.EXPECTED["balanced"].n_clips == 4 * _merge.EXPECTED["balanced"].per_quadrant


def test_other_counts_are_refused(copy_merge, data_home, rewrite):
    rewrite(copy_merge / METADATA, lambda table: table.iloc[1:])
    with pytest.raises(DatasetError, match="lists 11 clips; 12 are published"):
        _load(data_home)


def test_missing_clips_are_an_error(copy_merge, data_home, songs_merge):
    clip, quadrant = songs_merge.index[4], songs_merge.iloc[4]
    (copy_merge / quadrant / f"{clip}.mp3").unlink()
    with pytest.raises(AudioError, match=f"{clip}.mp3"):
        _load(data_home)


@pytest.mark.parametrize(
    ("parameter", "value"), [("subset", "all"), ("split", "80_10_10"), ("on_error", None)]
)
def test_other_values_of_parameters_are_refused(data_home, parameter, value):
    with pytest.raises(ValueError, match=f"'{parameter}' .* must be a str among .*{value!r}"):
        load_merge(data_home=data_home, **{parameter: value})
