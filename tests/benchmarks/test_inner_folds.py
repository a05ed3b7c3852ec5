"""Settings on inner folds: those that are there can be set, and a fit is scored on other clips."""

import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.dummy import DummyClassifier
from tiled import Tiled

from sklearn_mer import CNNBaseline
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


def trained(max_epochs, way=nullcontext):
    X = np.random.default_rng(0).normal(size=(8, 32))
    how = {"schedule": "constant", "batch_size": 8, "stop_accuracy": None, "random_state": 0}
    with way():
        return CNNBaseline(frontend=Tiled(), max_epochs=max_epochs, **how).fit(X, np.arange(8) % 2)


def test_smoothed_labels(module):
    assert trained(1, module.smoothed_labels).net_.criterion_.label_smoothing == 0.1
    assert trained(1).net_.criterion_.label_smoothing == 0.0


def test_averaged_weights(module, monkeypatch):
    monkeypatch.setattr(module, "_N_AVERAGED", 2)
    averaged, *last = (
        trained(n, way).net_.module_.state_dict()
        for n, way in [(3, module.averaged_weights), (2, nullcontext), (3, nullcontext)]
    )
    for name, values in averaged.items():
        if values.is_floating_point():
            torch.testing.assert_close(values, (last[0][name] + last[1][name]) / 2)
    assert any(not torch.equal(last[0][name], last[1][name]) for name in averaged)
