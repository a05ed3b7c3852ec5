"""The rows of Table 1 that are the CNN with something added to its training clips."""

import pickle
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from cases import MEL, SUMMARY, make, scores
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score

from sklearn_mer import CNNBaseline, DeepSMOTE, HybridMER, make_method
from sklearn_mer.augmentation import Compose, Gain, SevenBandEQ, TimeMask, _deepsmote
from sklearn_mer.methods import _spectrogram_classifier
from sklearn_mer.training._autoencoder import Scale

WAVEFORM_ROWS = ("cnn_tfm", "cnn_seven_band", "cnn_gain")
ROWS = (*WAVEFORM_ROWS, "cnn_deepsmote")
FOLDS = StratifiedKFold(3)


@pytest.mark.parametrize("key", ROWS)
def test_any_form_of_clips_through_cross_validation(key, clips, wav_files):
    X, y = clips
    expected = cross_val_score(make(key), X, y, cv=FOLDS, error_score="raise")
    for form in (wav_files, pd.DataFrame({"audio": wav_files})):
        found = cross_val_score(make(key), form, y, cv=FOLDS, error_score="raise")
        np.testing.assert_array_equal(found, expected)


GRIDS = {
    "cnn_tfm": {"augment__mask__fraction": [(0, 0.1), (0, 0.5)], "augment__stop__slope": [(6, 6)]},
    "cnn_seven_band": {"augment__decibels": [(-6, 6), (-12, 12)]},
    "cnn_gain": {"augment__decibels": [(-6, 6), (-12, 12)]},
    "cnn_deepsmote": {"augment__n_new": [1, 3], "lr": [1e-3]},
}


@pytest.mark.parametrize("key", ROWS)
def test_grid_search_reaches_the_sampler(key, clips):
    X, y = clips
    search = GridSearchCV(make(key), GRIDS[key], cv=FOLDS, error_score="raise").fit(X, y)
    assert len(search.cv_results_["params"]) == 2
    best = search.best_estimator_.get_params()
    assert {name: best[name] for name in GRIDS[key]} == search.best_params_


@pytest.mark.parametrize("key", ROWS)
def test_the_same_seed_gives_the_same_and_pickles(key, clips, torch_threads):
    X, y = clips
    torch_threads(1)
    first = make(key).fit(X, y)
    expected = scores(first, X)
    torch_threads(2)
    np.testing.assert_array_equal(scores(make(key).fit(X, y), X), expected)
    np.testing.assert_array_equal(scores(pickle.loads(pickle.dumps(first)), X), expected)
    without = make(key, augment=None).fit(X, y)
    assert not np.array_equal(scores(without, X), expected)


@pytest.mark.parametrize("key", ROWS)
def test_making_or_fitting_a_row_leaves_the_register_as_it_is(key, clips):
    method = make_method(key)
    own = method.augment
    own.set_params(random_state=99)
    make(key).fit(*clips)
    assert make_method(key).augment.random_state == 0
    assert make_method(key).augment is not own


def test_labels_of_any_type_and_a_strategy_that_names_them(clips):
    X, y = clips
    named = DeepSMOTE(sampling_strategy={"Q2": 7}, n_filters=(4,), n_latent=4, max_epochs=1)
    seen = []
    train = _spectrogram_classifier.train_network
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            _spectrogram_classifier,
            "train_network",
            lambda *args, **options: (seen.append(args[3]), train(*args, **options))[1],
        )
        cnn = CNNBaseline(frontend=MEL, augment=named, max_epochs=1, random_state=0).fit(X, y)
    assert Counter(cnn.classes_[seen[0]]) == {"Q1": 3, "Q2": 7, "Q3": 3, "Q4": 3}


def test_samplers_of_both_kinds_one_after_the_other(clips):
    X, y = clips
    both = [DeepSMOTE(n_new=1, n_filters=(4,), n_latent=4, max_epochs=1), Gain(n_copies=2)]
    method = CNNBaseline(frontend=MEL, augment=both, max_epochs=1, batch_size=500, random_state=0)
    method.fit(X, y)
    # 12 clips, 24 copies, and one more of each class.
    assert method.net_.history[-1, "batches", 0, "train_batch_size"] == 12 + 24 + 4


def test_deepsmote_of_spectrograms_made_elsewhere(clips):
    X, y = clips
    passed = make("cnn_deepsmote", frontend="passthrough").fit(MEL.fit_transform(X), y)
    inside = make("cnn_deepsmote").fit(X, y)
    np.testing.assert_array_equal(scores(passed, MEL.transform(X)), scores(inside, X))
    with pytest.raises(ValueError, match="front end that computes spectrograms"):
        make("cnn_gain", frontend="passthrough").fit(MEL.transform(X), y)


def test_deepsmote_in_the_hybrid(clips):
    X, y = clips
    smote = DeepSMOTE(n_new=2, n_filters=(4,), n_latent=4, max_epochs=1)
    few = {"max_epochs": 1, "cnn_batch_size": 99, "random_state": 0}
    hybrid = HybridMER(frontend=MEL, features=SUMMARY, augment=smote, **few).fit(X, y)
    assert hybrid.cnn_.history[-1, "batches", 0, "train_batch_size"] == 20


def content(row):
    return np.ascontiguousarray(row, dtype=np.float32).tobytes()


def noting(log, function):
    def wrapper(module, params, *arrays, **others):
        log.append((module.__name__, arrays))
        return function(module, params, *arrays, **others)

    return wrapper


@pytest.fixture
def log(monkeypatch):
    """Note what every network, an autoencoder's included, is trained on."""
    log = []
    for module, name in [
        (_spectrogram_classifier, "train_network"),
        (_deepsmote, "train_autoencoder"),
    ]:
        monkeypatch.setattr(module, name, noting(log, getattr(module, name)))
    return log


@pytest.mark.parametrize("key", WAVEFORM_ROWS)
def test_the_network_learns_from_training_clips_and_their_copies_alone(key, clips, log):
    X, y = clips
    sampler = make(key).augment
    mel = clone(MEL).fit(X)
    known = defaultdict(list)
    for i, rows in enumerate(mel.transform(X)):
        known[content(rows)].append((i, "clip"))
    for i, rows in enumerate(mel.transform_copies(X, sampler)[:, 0]):
        known[content(rows)].append((i, "copy"))
    assert len(known) == 24
    for train, test in FOLDS.split(X, y):
        log.clear()
        method = make(key).fit(X[train], y[train])
        ((_, ((spectrograms,), targets, _)),) = log
        origins = [known[content(row)][0] for row in spectrograms]
        assert Counter(origins) == {(i, kind): 1 for i in train for kind in ("clip", "copy")}
        labels = method.classes_[targets]
        np.testing.assert_array_equal(labels, y[[i for i, _ in origins]])
        log.clear()
        method.predict(X[test])
        assert log == []


def test_deepsmote_learns_from_training_clips_alone(clips, log):
    X, y = clips
    row_of = {content(row): i for i, row in enumerate(MEL.fit_transform(X))}
    for train, test in FOLDS.split(X, y):
        log.clear()
        method = make("cnn_deepsmote").fit(X[train], y[train])
        (_, (scaled, classes, _)), (_, ((spectrograms,), targets, _)) = log
        own = [row_of[content(row)] for row in spectrograms[: len(train)]]
        assert own == list(train)
        expected = Scale(spectrograms[: len(train)])
        np.testing.assert_array_equal(scaled, expected.to_unit(spectrograms[: len(train)]))
        np.testing.assert_array_equal(method.classes_[classes], y[train])
        assert Counter(targets[len(train) :]) == dict.fromkeys(range(4), 2)
        log.clear()
        method.predict(X[test])
        assert log == []


def test_prediction_calls_no_sampler(clips, monkeypatch):
    X, y = clips
    methods = [make(key).fit(X, y) for key in ROWS]

    def called(self, *args):
        raise AssertionError("a sampler was called")

    for cls in (TimeMask, SevenBandEQ, Gain, Compose, DeepSMOTE):
        for name in ("copies", "alter", "fit_resample"):
            if hasattr(cls, name):
                monkeypatch.setattr(cls, name, called)
    for method in methods:
        method.predict(X)
