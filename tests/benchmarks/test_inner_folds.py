"""Settings on inner folds: those that are there can be set, and a fit is scored on other clips."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

from sklearn_mer.methods import make_method

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def module(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    import inner_folds

    return inner_folds


def test_settings_are_parameters_of_rows(module):
    for name, params in module.SETTINGS.items():
        assert make_method("short_chunk" if "segments" in name else "cnn", **params)


def test_a_fit_is_scored_on_the_other_clips(module, monkeypatch):
    asked = {}
    monkeypatch.setattr(
        module, "make_method", lambda *args, **params: asked.update(params) or DummyClassifier()
    )
    X, y = pd.DataFrame({"audio": list("abcdef")}), np.array([0, 0, 0, 0, 1, 1])
    result = module.fit("cnn", "half", 2, X, y, np.arange(4), np.array([3, 4, 5]))
    assert asked["random_state"] == 2
    assert asked["frontend"].hop_length == 1024
    # All are taken for 0: one of three is right, F1 of 0 is a half.
    assert result["f1_macro"] == 25.0
