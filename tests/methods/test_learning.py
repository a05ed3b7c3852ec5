"""The networks learn what can be learned, and nothing where there is nothing."""

import numpy as np
import pandas as pd
import pytest
from cases import make
from sklearn.base import clone
from sklearn.model_selection import StratifiedKFold, cross_val_score

from sklearn_mer import (
    CNNGRU,
    CRNN,
    CNNBaseline,
    HybridMER,
    SampleCNN,
    ShortChunkCNN,
    SVMBaseline,
)
from sklearn_mer.datasets import make_quadrant_clips


@pytest.mark.parametrize("precision", ["float32", "auto"])
def test_cnn_learns_a_few_clips_by_heart(precision):
    X, y = make_quadrant_clips(16, random_state=0, return_X_y=True)
    cnn = CNNBaseline(
        max_epochs=30, batch_size=8, stop_accuracy=None, precision=precision, random_state=0
    ).fit(X, y)
    assert cnn.score(X, y) == 1
    losses = [epoch["train_loss"] for epoch in cnn.history_]
    assert losses[-1] < 0.2 * losses[0]


BY_HEART = {
    "cnn_gru": CNNGRU(n_units=64, max_epochs=30, lr=0.003),
    "crnn": CRNN(width=8, max_epochs=30, lr=0.01),
    "short_chunk": ShortChunkCNN(width=16, max_epochs=30, lr=0.002, segments_per_epoch=None),
    "sample_cnn": SampleCNN(width=16, max_epochs=50, segments_per_epoch=None),
}


@pytest.mark.parametrize("key", BY_HEART)
def test_networks_learn_a_few_clips_by_heart(key):
    X, y = make_quadrant_clips(16, duration=4.0, random_state=0, return_X_y=True)
    settings = {"batch_size": 8, "stop_accuracy": None, "random_state": 0}
    method = clone(BY_HEART[key]).set_params(**settings).fit(X, y)
    assert method.score(X, y) == 1
    losses = [epoch["train_loss"] for epoch in method.history_]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("train_cnn", [False, True])
def test_hybrid_learns_a_few_clips_by_heart(train_cnn):
    X, y = make_quadrant_clips(16, random_state=0, return_X_y=True)
    hybrid = HybridMER(
        augment=None,
        train_cnn=train_cnn,
        cnn_max_epochs=20,
        cnn_batch_size=8,
        batch_size=16,
        head_max_epochs=30,
        dnn_batch_size=16,
        dnn_max_epochs=30,
        stop_accuracy=None,
        random_state=0,
    ).fit(X, y)
    assert hybrid.score(X, y) == 1


def test_each_branch_of_the_hybrid_has_a_say(clips, wav_files):
    y = clips[1]
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"audio": wav_files, "a": rng.normal(size=12), "b": rng.normal(size=12)})
    hybrid = make("hybrid", features="auto", augment=None, max_epochs=3).fit(table, y)
    expected = hybrid.predict_proba(table)
    other_numbers = hybrid.predict_proba(table.assign(a=-table["a"]))
    other_sound = hybrid.predict_proba(table.assign(audio=wav_files[::-1]))
    assert np.abs(other_numbers - expected).max() > 1e-3
    assert np.abs(other_sound - expected).max() > 1e-3


SLOW = {
    "svm": SVMBaseline(),
    "cnn": CNNBaseline(max_epochs=20, batch_size=16, random_state=0),
    "cnn_gru": CNNGRU(n_units=64, max_epochs=20, batch_size=16, random_state=0),
    "crnn": CRNN(width=16, max_epochs=20, batch_size=16, lr=0.003, random_state=0),
    "short_chunk": ShortChunkCNN(width=16, max_epochs=15, batch_size=16, random_state=0),
    "sample_cnn": SampleCNN(width=16, max_epochs=30, batch_size=16, random_state=0),
    "hybrid": HybridMER(random_state=0),
}


def _macro_f1(method, y_of):
    X, y = make_quadrant_clips(120, random_state=0, return_X_y=True)
    folds = StratifiedKFold(4, shuffle=True, random_state=0)
    y = y_of(np.asarray(y))
    return cross_val_score(method, X, y, cv=folds, scoring="f1_macro", error_score="raise").mean()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "at_least"),
    [
        ("svm", 0.75),
        ("cnn", 0.5),
        ("cnn_gru", 0.65),
        ("crnn", 0.65),
        ("short_chunk", 0.65),
        ("sample_cnn", 0.65),
        ("hybrid", 0.65),
    ],
)
def test_unseen_clips_are_told_apart(key, at_least):
    assert _macro_f1(SLOW[key], lambda y: y) > at_least


@pytest.mark.slow
@pytest.mark.parametrize("key", SLOW)
def test_shuffled_labels_cannot_be_learned(key):
    # Of 120 clips, chance is 0.25 with a deviation of 0.04.
    shuffled = np.random.default_rng(0).permutation
    assert abs(_macro_f1(SLOW[key], shuffled) - 0.25) < 0.12
