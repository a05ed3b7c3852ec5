"""No clip of a test fold reaches anything that is fitted, and no fit uses another one's work.

Every clip is told from its own content all the way: as a waveform, as a spectrogram, as the
spectrogram of an altered copy, and as a row of descriptors before and after scaling.
"""

from collections import Counter

import numpy as np
import pytest
from cases import MEL, SINGLE_NETWORKS, all_weights, make, weights
from marks import (
    FOLDS,
    LOG,
    Marks,
    NotingClippedScaler,
    NotingFeatures,
    NotingMel,
    NotingScaler,
    content,
    cross_validate_noting,
    events,
)
from sklearn.base import clone

from sklearn_mer import SummaryFeatures, SVMBaseline
from sklearn_mer.augmentation import PitchShift, PowerShift, TimeShift, TimeStretch
from sklearn_mer.methods import _hybrid, _spectrogram_classifier, _svm
from sklearn_mer.methods._hybrid import default_samplers
from sklearn_mer.nets import FeatureDNN, HybridNet, MelCNN

NOTING_MEL = NotingMel(**MEL.get_params())
NOTING_FEATURES = NotingFeatures(duration=2.5)
# The seeds are given: the copies of the test are then those of the methods.
SAMPLERS = [
    cls(random_state=0, n_copies=1 + (cls is TimeShift))
    for cls in (TimeShift, PitchShift, TimeStretch, PowerShift)
]


@pytest.fixture(autouse=True)
def noted(monkeypatch):
    """Note every clip, in whatever form, that reaches a fitting step."""

    def noting(train_network):
        def wrapper(module, params, arrays, targets, settings, **options):
            LOG.append((module, arrays, targets.copy(), params))
            return train_network(module, params, arrays, targets, settings, **options)

        return wrapper

    for module in (_hybrid, _spectrogram_classifier):
        monkeypatch.setattr(module, "train_network", noting(module.train_network))
    monkeypatch.setattr(_hybrid, "StandardScaler", NotingScaler)
    monkeypatch.setattr(_svm, "ClippedScaler", NotingClippedScaler)
    LOG.clear()


def noting_hybrid(**params):
    return make("hybrid", frontend=NOTING_MEL, features=NOTING_FEATURES, **params)


def test_what_the_hybrid_learns_from_is_its_training_fold_alone(clips):
    X, y = clips
    for fitted, (noted, in_score), train in cross_validate_noting(
        noting_hybrid(augment=SAMPLERS), X, y
    ):
        marks = Marks(X, fitted, SAMPLERS)
        expected = sorted(train)
        for step in ("front end", "features", *(f"copies {type(s).__name__}" for s in SAMPLERS)):
            assert sorted(marks.waveform[row] for row in events(noted, step)[0]) == expected, step
        assert sorted(marks.described[row] for row in events(noted, "scaler")[0]) == expected

        dnns = [event[1:] for event in noted if event[0] is FeatureDNN]
        assert len(dnns) == fitted.n_dnns
        for arrays, targets, _ in dnns:
            reached = marks.clips("scaled", arrays[0])
            assert sorted(reached) == expected
            np.testing.assert_array_equal(fitted.classes_[targets], y[reached])

        arrays, targets, params = events(noted, MelCNN)
        reached = marks.originals_and_copies(arrays[0])
        assert Counter(reached) == dict.fromkeys(expected, 1 + 5)
        np.testing.assert_array_equal(fitted.classes_[targets], y[reached])
        assert params["mean"] == pytest.approx(arrays[0].mean(dtype=np.float64))
        assert params["std"] == pytest.approx(arrays[0].std(dtype=np.float64))
        assert len(noted) == 3 + len(SAMPLERS) + 3  # and there was no other step
        assert in_score == []


def test_the_default_copies_are_those_of_the_paper():
    samplers = default_samplers()
    assert [type(s) for s in samplers] == [TimeShift, PitchShift, TimeStretch, PowerShift]
    assert {s.n_copies for s in samplers} == {1}


def test_the_whole_hybrid_learns_from_its_training_fold_alone(clips):
    X, y = clips
    method = noting_hybrid(augment=None, head="network", n_dnns=1, max_epochs=1)
    for fitted, (noted, in_score), train in cross_validate_noting(method, X, y):
        marks = Marks(X, fitted, [])
        (spectrograms, features), targets, params = events(noted, HybridNet)
        reached = marks.clips("spectrogram", spectrograms)
        assert sorted(reached) == sorted(train)
        assert marks.clips("scaled", features) == reached
        np.testing.assert_array_equal(fitted.classes_[targets], y[reached])
        for branch, net in [(params["cnn"], fitted.cnn_), (params["dnn"], fitted.dnns_[0])]:
            for name, value in branch.state_dict().items():
                np.testing.assert_array_equal(value, weights(net)[name], err_msg=name)
        assert in_score == []


def test_what_the_cnn_learns_from_is_its_training_fold_alone(clips):
    X, y = clips
    method = make("cnn", frontend=NOTING_MEL, augment=SAMPLERS[:2], max_epochs=1)
    for fitted, (noted, in_score), train in cross_validate_noting(method, X, y):
        marks = Marks(X, fitted, SAMPLERS[:2])
        for step in ("front end", "copies TimeShift", "copies PitchShift"):
            assert sorted(marks.waveform[row] for row in events(noted, step)[0]) == sorted(train)
        arrays, targets, params = events(noted, MelCNN)
        reached = marks.originals_and_copies(arrays[0])
        assert Counter(reached) == dict.fromkeys(train, 1 + 3)
        np.testing.assert_array_equal(fitted.classes_[targets], y[reached])
        assert params["mean"] == pytest.approx(arrays[0].mean(dtype=np.float64))
        assert in_score == []


@pytest.mark.parametrize("search", [None, "bayes"])
def test_what_the_svm_learns_from_is_its_training_fold_alone(search, clips, monkeypatch):
    X, y = clips

    def searched(make_pipeline, described, targets, **settings):
        LOG.append(("search", [content(row) for row in described], targets))
        return {"kernel": "rbf", "C": 5.0, "gamma": 0.003, "degree": 3}

    monkeypatch.setattr(_svm, "search_svc", searched)
    method = SVMBaseline(features=NOTING_FEATURES, search=search)
    described = SummaryFeatures(duration=2.5).fit_transform(X)
    row_of = {content(row): clip for clip, row in enumerate(described)}
    for fitted, (noted, in_score), train in cross_validate_noting(method, X, y):
        (heard,) = events(noted, "features")
        assert sorted(heard) == sorted(content(row) for row in X[train])
        scaled = [[row_of[row] for row in event[1]] for event in noted if event[0] == "scaler"]
        # Two inner folds calibrate the probabilities.
        one, other, whole = sorted(scaled, key=len)
        assert sorted(whole) == sorted(one + other) == sorted(train)
        support = fitted.pipeline_[-1].support_
        assert set(train[support]) <= set(train)
        if search:
            rows, targets = events(noted, "search")
            assert [row_of[row] for row in rows] == list(train)
            np.testing.assert_array_equal(fitted.classes_[targets], y[train])
        assert in_score == []


@pytest.mark.parametrize("key", ["cnn_augment", *SINGLE_NETWORKS[1:], "hybrid", "hybrid_network"])
def test_a_second_fit_begins_anew(key, clips):
    X, y = clips
    one, other = next(FOLDS.split(X, y))
    method = make(key).fit(X[one], y[one])
    first = all_weights(method)
    method.fit(X[other], np.roll(y[other], 1))
    second = all_weights(method)
    fresh = all_weights(clone(method).fit(X[other], np.roll(y[other], 1)))
    assert second.keys() == fresh.keys() == first.keys()
    for name, values in second.items():
        np.testing.assert_array_equal(values, fresh[name], err_msg=name)
        if name.endswith("weight"):
            assert not np.array_equal(values, first[name]), f"{name}: kept from the first fit"
    again = all_weights(method.fit(X[one], y[one]))
    for name, values in again.items():
        np.testing.assert_array_equal(values, first[name], err_msg=name)


def test_weights_of_one_fit_are_not_changed_by_another(clips):
    X, y = clips
    first = make("hybrid").fit(X, y)
    before = all_weights(first)
    make("hybrid", random_state=1).fit(X[:8], y[:8])
    for name, values in all_weights(first).items():
        np.testing.assert_array_equal(values, before[name], err_msg=name)


@pytest.mark.parametrize("key", ["cnn_augment", "hybrid"])
def test_prediction_calls_no_sampler_and_fits_nothing(key, clips, monkeypatch):
    X, y = clips
    method = make(key, frontend=NOTING_MEL)
    if key == "hybrid":
        method.set_params(features=NOTING_FEATURES)
    method.fit(X, y)
    assert LOG
    LOG.clear()

    def called(self, *args):
        raise AssertionError("a sampler was called")

    for name in ("copies", "fit_resample", "alter"):
        monkeypatch.setattr(TimeShift, name, called)
    method.predict(X)
    method.predict_proba(X)
    assert LOG == []
