"""A marker in the test clips reaches nothing that learns, in any row; through a leak, it does.

`test_leaks` and others tell for some rows clip by clip what is learned from. Here, for all rows:
whatever is given to a step that learns, and all that the fitted estimator carries, is the same
to the last bit with other test clips of other labels.
"""

import numpy as np
import pytest
from cases import ALL, CASES, MEL, SEGMENT, SUMMARY, VARIANTS, make
from marks import FOLDS
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_validate
from sklearn.preprocessing import StandardScaler
from spies import Detector, spy

from sklearn_mer import HybridMER
from sklearn_mer.augmentation import Gain
from sklearn_mer.methods import available_methods
from sklearn_mer.training._segments import Segments


@pytest.fixture
def folds(clips):
    return list(FOLDS.split(*clips))


@pytest.fixture
def detector(clips, folds, monkeypatch):
    """Has the marker in the test clips of the first fold."""
    return Detector(spy(monkeypatch), *clips, marked=folds[0][1])


@pytest.mark.parametrize("key", [*available_methods(), *VARIANTS])
def test_a_marker_in_the_test_clips_reaches_nothing_that_learns(key, detector, folds):
    def evaluate(X, y, train, test):
        settings = {"cv": [(train, test)], "return_estimator": True, "error_score": "raise"}
        (fitted,) = cross_validate(make(key), X, y, **settings)["estimator"]
        return fitted

    assert detector.reached_by(evaluate, *folds[0]) == []
    # In another fold, where these clips are trained on, it reaches all there is.
    assert detector.reached_by(evaluate, *folds[1]) == [*ALL[key].learns, "state"]


def copies_before_the_split(X, y, train, test):
    resampled, labels = Gain(random_state=0).fit_resample(X, y)
    kept = np.setdiff1d(np.arange(len(labels)), test)
    return make("cnn").fit(resampled[kept], labels[kept])


def deepsmote_before_the_split(X, y, train, test):
    sampler = make("cnn_deepsmote").augment
    resampled, labels = sampler.fit_resample(MEL.fit_transform(X), y)
    kept = np.setdiff1d(np.arange(len(labels)), test)
    return make("cnn", frontend="passthrough").fit(resampled[kept], labels[kept])


def autoencoder_before_the_split(X, y, train, test):
    codes = make("autoencoder")["embedding"].fit_transform(X)
    return RandomForestClassifier(20, random_state=0).fit(codes[train], y[train])


def scaler_before_the_split(X, y, train, test):
    described = StandardScaler().fit_transform(SUMMARY.fit_transform(X))
    return make("svm", features="columns").fit(described[train], y[train])


def folds_over_segments(X, y, train, test):
    segments = Segments(MEL.fit_transform(X), SEGMENT)
    # The first half of a test clip is trained on.
    kept = np.append(np.flatnonzero(np.isin(np.arange(len(segments)) // 2, train)), 2 * test)
    return make("short_chunk", frontend="passthrough").fit(segments[kept], np.repeat(y, 2)[kept])


class BorrowedBranch(HybridMER):
    """With a branch that was trained on other clips too, as in the paper's scripts."""

    def _fit_dnn(self, features, targets, seed):
        return self._branch


def branch_of_another_fold(X, y, train, test):
    hybrid = make("hybrid_network")
    branch = clone(hybrid).fit(X, y).dnns_[0]
    borrowed = BorrowedBranch(**hybrid.get_params(deep=False))
    borrowed._branch = branch
    return borrowed.fit(X[train], y[train])


@pytest.mark.parametrize(
    ("leak", "reached"),
    [
        (copies_before_the_split, ["MelCNN"]),
        (deepsmote_before_the_split, CASES["cnn_deepsmote"].learns),
        (autoencoder_before_the_split, ["MelAutoencoder", "RandomForestClassifier"]),
        (scaler_before_the_split, ["StandardScaler", *CASES["svm"].learns]),
        (folds_over_segments, ["ShortChunkNet"]),
        # The branch and what it is made of, and then the whole that holds it.
        (branch_of_another_fold, ["StandardScaler", "FeatureDNN", "MelCNN", "HybridNet"]),
    ],
)
def test_the_marker_shows_where_it_leaks(leak, reached, detector, folds):
    assert detector.reached_by(leak, *folds[0]) == [*reached, "state"]
