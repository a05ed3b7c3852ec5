import os
import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.utils import Bunch

from sklearn_mer.datasets import DatasetNotFoundError, _4qaed, load_4qaed


def test_the_bunch_is_complete_and_aligned(copy_4qaed, data_home, songs_4qaed):
    bunch = load_4qaed(data_home=data_home)
    assert isinstance(bunch, Bunch)
    names = ["F0001", "F0002", "ORIGINAL-TEXTURE-Layers (Mean)"]
    assert list(bunch.data.columns) == ["audio", *names]
    assert bunch.feature_names == names
    assert bunch.target_names == ["Q1", "Q2", "Q3", "Q4"]
    assert list(bunch.ids) == list(songs_4qaed.index)
    assert list(bunch.target) == list(songs_4qaed)
    for table in [bunch.data, bunch.target, bunch.groups, bunch.frame, bunch.metadata]:
        assert list(table.index) == list(bunch.ids)
    pd.testing.assert_frame_equal(bunch.frame.drop(columns="quadrant"), bunch.data)
    assert list(bunch.frame["quadrant"]) == list(bunch.target)
    for clip, path in bunch.data["audio"].items():
        assert type(path) is str
        assert path == str(copy_4qaed / songs_4qaed[clip] / f"{clip}.mp3")
        assert os.path.isfile(path)
    assert bunch.skipped.empty
    assert list(bunch.skipped.columns) == ["file", "reason"]
    for part in ["Licence", "Panda", "Q1", "mir.dei.uc.pt"]:
        assert part in bunch.DESCR


@pytest.mark.parametrize(
    ("features", "file"),
    [
        ("top100", "top100_features.csv"),
        ("all", "all_features.csv"),
        ("decorrelated", "all_features_decorrelated.csv"),
    ],
)
def test_features_are_aligned_by_id_whatever_the_order_of_rows(
    copy_4qaed, data_home, features, file, rewrite, read_columns
):
    path = copy_4qaed / "Features" / file
    before = load_4qaed(features=features, data_home=data_home)
    rewrite(path, lambda table: table.sample(frac=1, random_state=3))
    after = load_4qaed(features=features, data_home=data_home)
    pd.testing.assert_frame_equal(before.data, after.data)
    published = read_columns(path, *after.feature_names)
    for clip, row in after.data[after.feature_names].iterrows():
        assert [float(value) for value in published[clip]] == pytest.approx(list(row), rel=1e-12)
    assert (after.data[after.feature_names].dtypes == np.float64).all()


def test_without_features(copy_4qaed, data_home):
    shutil.rmtree(copy_4qaed / "Features")
    bunch = load_4qaed(features=None, data_home=data_home)
    assert list(bunch.data.columns) == ["audio"]
    assert bunch.feature_names == []


def test_return_X_y_is_data_and_target(copy_4qaed, data_home):
    bunch = load_4qaed(data_home=data_home)
    X, y = load_4qaed(data_home=data_home, return_X_y=True)
    pd.testing.assert_frame_equal(X, bunch.data)
    pd.testing.assert_series_equal(y, bunch.target)


def test_arrays(copy_4qaed, data_home):
    frame = load_4qaed(data_home=data_home)
    bunch = load_4qaed(data_home=data_home, as_frame=False)
    assert bunch.frame is None
    assert bunch.data.dtype == object
    assert list(bunch.data) == list(frame.data["audio"])
    assert isinstance(bunch.target, np.ndarray)
    assert list(bunch.target) == list(frame.target)
    np.testing.assert_array_equal(bunch.features, frame.data[bunch.feature_names].to_numpy())
    assert bunch.features.dtype == np.float64
    assert list(bunch.groups) == list(frame.groups)
    assert load_4qaed(features=None, data_home=data_home, as_frame=False).features is None
    X, y = load_4qaed(data_home=data_home, as_frame=False, return_X_y=True)
    assert list(X) == list(bunch.data)
    assert list(y) == list(bunch.target)


def test_scikit_learn_takes_the_bunch(copy_4qaed, data_home):
    bunch = load_4qaed(data_home=data_home)
    scores = cross_val_score(
        DummyClassifier(strategy="prior"),
        bunch.data,
        bunch.target,
        groups=bunch.groups,
        cv=GroupKFold(3),
        error_score="raise",
    )
    assert len(scores) == 3


def test_artists_are_groups_and_empty_ones_groups_of_their_own(copy_4qaed, data_home, read_columns):
    bunch = load_4qaed(data_home=data_home)
    artist = {k: v[0] for k, v in read_columns(copy_4qaed / _4qaed.METADATA, "Artist").items()}
    assert sorted(artist.values())[:2] == ["", ""]
    named = {clip: name for clip, name in artist.items() if name}
    # "Béla" has two clips, and the artist "NA" is one, not a missing value.
    assert bunch.groups[list(named)].to_dict() == named
    assert (bunch.groups == "Béla").sum() == 2
    own = bunch.groups[[clip for clip, name in artist.items() if not name]]
    assert own.is_unique
    assert not set(own) & set(named.values())
    assert bunch.groups.name == "artist"
    assert set(bunch.metadata.columns) == {"Artist", "Title", "Quadrant"}


def test_an_archive_unpacked_into_a_folder_of_its_own_is_found(copy_4qaed, data_home):
    expected = load_4qaed(data_home=data_home)
    copy_4qaed.rename(data_home / "datasets" / "inner")
    copy_4qaed.mkdir()
    (data_home / "datasets" / "inner").rename(copy_4qaed / "MER_audio_taffc_dataset")
    assert list(load_4qaed(data_home=data_home).ids) == list(expected.ids)


def test_features_are_found_where_the_archive_puts_them(copy_4qaed, data_home):
    expected = load_4qaed(data_home=data_home)
    (copy_4qaed / "Features").rename(copy_4qaed / "Features - Audio MER")
    pd.testing.assert_frame_equal(load_4qaed(data_home=data_home).data, expected.data)


@pytest.mark.parametrize("features", ["all", "decorrelated"])
def test_a_missing_table_is_named_with_its_archive(copy_4qaed, data_home, features):
    name = _4qaed.FEATURE_TABLES[features]
    (copy_4qaed / "Features" / name).unlink()
    with pytest.raises(DatasetNotFoundError) as caught:
        load_4qaed(features=features, data_home=data_home)
    for part in [f"no {name}", "Features - Audio MER", "mir.dei.uc.pt", "features_url"]:
        assert part in str(caught.value)


def test_the_published_counts_are_what_is_checked_by_default():
    assert _4qaed.EXPECTED.n_clips == 900
    assert _4qaed.EXPECTED.per_quadrant == 225
