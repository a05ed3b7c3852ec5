"""Kernel fusion of groups of features."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score

from sklearn_mer import KernelFusion, SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.features import EmotionFeatures

SUMMARY = SummaryFeatures(duration=1.0)


@pytest.fixture(scope="module")
def quadrants():
    X, y = make_quadrant_clips(40, duration=1.0, random_state=0, return_X_y=True)
    return X, np.asarray(y)


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    y = np.repeat(["Q1", "Q2", "Q3", "Q4"], 10)
    position = np.searchsorted(["Q1", "Q2", "Q3", "Q4"], y)
    columns = {"arousal": position // 2, "valence": position % 2, "noise": 0}
    return pd.DataFrame({n: v + 0.2 * rng.normal(size=40) for n, v in columns.items()}), y


def test_groups_of_transformers_learn(quadrants):
    X, y = quadrants
    rhythm = EmotionFeatures(dimensions=["dynamics"], duration=1.0)
    fusion = KernelFusion([("summary", SUMMARY), ("dynamics", rhythm)])
    assert cross_val_score(fusion, X, y, cv=4).mean() > 0.7
    fusion.fit(X, y)
    assert fusion.group_names_ == ["summary", "dynamics"]
    assert fusion.contributions(X[:3]).shape == (3, 2, 4)
    assert fusion.predict_proba(X[:3]).sum(axis=1) == pytest.approx(1)


def test_groups_of_columns(table):
    X, y = table
    fusion = KernelFusion([("a", ["arousal", "noise"]), ("v", ["valence"])]).fit(X, y)
    assert fusion.score(X, y) > 0.9
    reordered = X[["noise", "valence", "arousal"]]
    with pytest.raises(ValueError, match="feature names should match"):
        fusion.predict(reordered)
    assert KernelFusion([("all", "columns")]).fit(X, y).score(X, y) > 0.9
    positions = KernelFusion([("a", [0, 2]), ("v", [1])]).fit(X.to_numpy(), y)
    np.testing.assert_array_equal(positions.predict(X.to_numpy()), fusion.predict(X))


def test_columns_beside_paths(table, quadrants, tmp_path):
    X, y = table
    clips = X.assign(audio=[str(tmp_path / f"{i}.wav") for i in range(40)])
    # No file is opened where no group hears them, and the order of columns does not matter.
    fusion = KernelFusion([("a", ["arousal"]), ("v", ["valence"])]).fit(clips, y)
    expected = fusion.predict(clips)
    np.testing.assert_array_equal(fusion.predict(clips[["valence", "audio", "arousal"]]), expected)
    with pytest.raises(ValueError, match=r"X lacks 1 of the 1 feature columns .*valence"):
        fusion.predict(clips[["audio", "arousal"]])


def test_parameters_by_the_names_of_the_groups(table, quadrants):
    X, y = table
    fusion = KernelFusion([("a", ["arousal"]), ("v", ["valence"])])
    search = GridSearchCV(
        fusion, {"alpha": np.array([0.1, 3.0]), "clip": [np.float64(2.0), None]}, cv=2
    )
    assert search.fit(X, y).best_score_ > 0.8
    nested = KernelFusion([("summary", SUMMARY)])
    nested.set_params(summary__duration=0.5)
    assert nested.get_params()["summary__duration"] == 0.5
    assert SUMMARY.duration == 0.5  # as in a pipeline; fit clones
    SUMMARY.duration = 1.0
    fitted = clone(nested).fit(*quadrants)
    assert not hasattr(SUMMARY, "n_features_in_")
    assert fitted.sources_[0].transformer_ is not SUMMARY


def test_what_is_learned_is_of_the_training_clips(table):
    X, y = table
    fusion = KernelFusion([("all", "columns")]).fit(X[:30], y[:30])
    before = fusion.predict_proba(X[30:])[:5]  # as many rows, as sums round differently otherwise
    other = X.copy()
    other.iloc[35:] = 1e6
    np.testing.assert_array_equal(fusion.predict_proba(other[30:])[:5], before)


@pytest.mark.parametrize(
    ("groups", "error", "match"),
    [
        ([], ValueError, "groups is empty"),
        ([("a", "auto")], TypeError, "The source of group 'a' is 'auto'; it must be a transformer"),
        ([("a", SummaryFeatures)], TypeError, "must be a transformer"),
        ([("a", [])], TypeError, "a list of names of columns"),
        ([("a", SUMMARY), ("a", "columns")], ValueError, "Names provided are not unique"),
        ([("a", ["tempo"])], ValueError, r"X lacks 1 of the 1 feature columns .*tempo"),
        ("columns", ValueError, "'groups' parameter"),
    ],
)
def test_groups_that_cannot_be_used(groups, error, match, table):
    with pytest.raises(error, match=match):
        KernelFusion(groups).fit(*table)
