"""Every row learns what can be learned, and nothing where there is nothing."""

import numpy as np
import pandas as pd
import pytest
from cases import ALL, CASES, make, quadrant_clips
from sklearn.model_selection import StratifiedKFold, cross_val_score

from sklearn_mer.methods import available_methods


def assert_learns_by_heart(key, **params):
    X, y = quadrant_clips(key, 16)
    method = make(key, "by_heart", **params).fit(X, y)
    assert method.score(X, y) == 1
    for epochs in histories(method):
        assert epochs[-1]["train_loss"] < ALL[key].loss_left * epochs[0]["train_loss"]


def histories(method):
    """Return those of all stages that a method tells of."""
    history = getattr(method, "history_", [])
    stages = history.values() if isinstance(history, dict) else [history]
    return [epochs for epochs in stages if epochs]


# The rows with copies differ by the samplers alone, which have tests of their own.
@pytest.mark.parametrize(
    "key", sorted({*available_methods(), "hybrid_network"} - {"cnn_tfm", "cnn_seven_band"})
)
def test_a_few_clips_are_learned_by_heart(key):
    assert_learns_by_heart(key)


def test_a_few_clips_are_learned_by_heart_in_float32():
    assert_learns_by_heart("cnn", precision="float32")


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


def macro_f1(key, y_of):
    X, y = quadrant_clips(key, 120)
    folds = StratifiedKFold(4, shuffle=True, random_state=0)
    method, y = make(key, "unseen"), y_of(np.asarray(y))
    return cross_val_score(method, X, y, cv=folds, scoring="f1_macro", error_score="raise").mean()


@pytest.mark.slow
@pytest.mark.parametrize("key", available_methods())
def test_unseen_clips_are_told_apart(key):
    assert macro_f1(key, lambda y: y) > CASES[key].macro_f1


@pytest.mark.slow
@pytest.mark.parametrize("key", available_methods())
def test_shuffled_labels_cannot_be_learned(key):
    # Of 120 clips, chance is 0.25 with a deviation of 0.04.
    shuffled = np.random.default_rng(0).permutation
    assert abs(macro_f1(key, shuffled) - 0.25) < 0.12
