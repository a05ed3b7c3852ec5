"""Kernel fusion of descriptors and taggers."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from random_weights import weights_files
from sklearn.utils.estimator_checks import check_estimator

from sklearn_mer import EmotionFeatures, EmotionFusion, SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.embeddings import WeightsNotFoundError

DIMENSIONS = [
    "dynamics",
    "rhythm",
    "tone_colour",
    "harmony",
    "melody",
    "texture",
    "expressivity",
    "form",
]


def widths(fusion):
    return [len(columns) for columns in fusion.pipeline_.groups]


@pytest.fixture(scope="module")
def quadrants():
    X, y = make_quadrant_clips(16, duration=2.0, random_state=0, return_X_y=True)
    return X, np.asarray(y)


@pytest.fixture(scope="module")
def fitted(quadrants):
    return EmotionFusion(taggers=[weights_files()["fcn"]] * 2).fit(*quadrants)


@pytest.mark.slow  # the tagger hears 29 s of every clip
def test_scikit_learn_checks():
    # In one test, as names of tests that contain temporary files differ from process to process.
    descriptors = SummaryFeatures(duration=None)
    check_estimator(EmotionFusion(descriptors=descriptors, taggers=[weights_files()["fcn"]]))


def test_groups(fitted, quadrants):
    assert fitted.group_names_ == [*DIMENSIONS, "state", "layer_3", "layer_4"]
    # Two networks with 4 states, and 3 maps in each of two layers.
    assert widths(fitted)[8:] == [8, 12, 12]
    assert sum(widths(fitted)[:8]) == 2193
    assert fitted.pipeline_.weights == [1 / 8] * 8 + [1.0] * 3
    assert fitted.contributions(quadrants[0][:2]).shape == (2, 11, 4)
    assert fitted.score(*quadrants) > 0.9


def test_feature_columns_are_one_more_group(quadrants, tmp_path):
    paths = [str(tmp_path / f"{i}.wav") for i in range(8)]
    for path, waveform in zip(paths, quadrants[0], strict=False):
        soundfile.write(path, waveform, 16000)
    X = pd.DataFrame({"audio": paths, "a": np.arange(8.0), "b": 1.0})
    for columns, width in (("columns", 2), ("auto", 2), (["a"], 1)):
        fusion = EmotionFusion(taggers=[], columns=columns).fit(X, quadrants[1][:8])
        assert fusion.group_names_ == [*DIMENSIONS, "columns"]
        assert widths(fusion)[-1] == width


def test_chosen_descriptors_are_grouped_by_dimension(quadrants):
    own = EmotionFeatures(columns=["dynamics__rms", "rhythm__tempo", "dynamics__pauses"])
    fusion = EmotionFusion(descriptors=own, taggers=[]).fit(*quadrants)
    assert fusion.group_names_ == ["dynamics", "rhythm"]
    names = own.fit(quadrants[0]).get_feature_names_out()
    n_dynamics = sum(name.startswith("dynamics") for name in names)
    assert widths(fusion) == [n_dynamics, len(names) - n_dynamics]
    assert fusion.pipeline_.weights == [1 / 2] * 2


def test_missing_weights_are_told(quadrants, tmp_path):
    with pytest.raises(WeightsNotFoundError, match=r"No files msd_fcn\.pth, mtat.*jam"):
        EmotionFusion(data_home=tmp_path).fit(*quadrants)
    skipping = EmotionFusion(
        taggers=["msd_fcn", weights_files()["fcn"]], missing_weights="skip", data_home=tmp_path
    )
    with pytest.warns(UserWarning, match=r"without 1 of 2 taggers.*No file msd_fcn\.pth"):
        skipping.fit(*quadrants)
    assert skipping.taggers_ == [weights_files()["fcn"]]
    assert skipping.group_names_ == [*DIMENSIONS, "state", "layer_3", "layer_4"]
    with pytest.warns(UserWarning, match="without 3 of 3 taggers"):
        nothing = EmotionFusion(missing_weights="skip", data_home=tmp_path).fit(*quadrants)
    assert nothing.group_names_ == DIMENSIONS


def test_what_is_heard(quadrants):
    X, y = quadrants
    files = [weights_files()["fcn"]]
    whole, half = (EmotionFusion(taggers=[], duration=s).fit(X, y) for s in ("auto", 1.0))
    assert half.sources_[0].transformer_.duration == 1.0
    expected = EmotionFusion(taggers=[]).fit(X[:, :16000], y).predict_proba(X[:, :16000])
    np.testing.assert_array_equal(half.predict_proba(X), expected)
    assert np.abs(whole.predict_proba(X) - expected).max() > 1e-6
    plain = EmotionFusion(descriptors=SummaryFeatures(duration=1.0), taggers=files, duration=25.0)
    tagger = plain.fit(X, y).sources_[1].transformer_
    assert tagger.transformer_list[0][1].duration == 25.0
    with pytest.raises(ValueError, match=r"duration=10.0 s is too short for .*20\.4"):
        EmotionFusion(taggers=files, duration=10.0).fit(X, y)


def test_features_of_ones_own(quadrants):
    own = SummaryFeatures(duration=1.0)
    fusion = EmotionFusion(descriptors=own, columns="auto", taggers=[]).fit(*quadrants)
    assert fusion.group_names_ == ["descriptors"]
    assert widths(fusion) == [81]
