"""The published 4QAED, if it is in the data home."""

import os

import numpy as np
import pytest

from sklearn_mer.datasets import _4qaed, load_4qaed

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def real():
    return load_4qaed()


def test_real_counts(real):
    assert real.data.shape == (900, 101)
    assert real.target.value_counts().to_dict() == dict.fromkeys(["Q1", "Q2", "Q3", "Q4"], 225)
    assert real.data.index.is_unique
    assert real.data["audio"].is_unique
    assert not real.data[real.feature_names].isna().any().any()
    assert real.metadata.shape == (900, 13)


def test_real_groups(real):
    artist = real.metadata["Artist"]
    empty = artist.isna()
    assert empty.sum() == 3
    assert real.groups[empty].is_unique
    assert not real.groups[empty].isin(artist).any()
    assert (real.groups[~empty] == artist[~empty]).all()


def test_real_alignment_against_an_independent_reading(real, read_columns):
    root = _4qaed.INFO.find_root(None)
    annotations = read_columns(root / _4qaed.ANNOTATIONS, "Quadrant")
    features = read_columns(
        root / "Features" / "top100_features.csv", *real.feature_names, "Quadrant"
    )
    titles = read_columns(root / _4qaed.METADATA, "Artist", "Title")
    for clip, row in real.frame.iterrows():
        assert row["quadrant"] == annotations[clip][0] == features[clip][-1]
        assert row["audio"].endswith(f"{row['quadrant']}{os.sep}{clip}.mp3")
        values = np.array(features[clip][:-1], dtype=float)
        np.testing.assert_allclose(row[real.feature_names].to_numpy(float), values, rtol=1e-12)
        assert titles[clip][1] == real.metadata.at[clip, "Title"]
        assert titles[clip][0] == "" or titles[clip][0] == real.groups[clip]


@pytest.mark.slow
def test_real_clips_all_decode():
    assert load_4qaed(features=None, on_error="skip", n_jobs=2).skipped.empty
