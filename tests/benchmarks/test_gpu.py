"""Results of a stopped run are continued, and clips come back from 8 bits."""

import importlib
import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    return importlib.import_module("gpu")


@pytest.fixture
def options(tmp_path):
    return Namespace(
        json=str(tmp_path / "gpu.json"), seconds=100.0, device="cpu", clips=None, dry_run=False
    )


def test_a_stopped_run_is_continued(gpu, options):
    first = gpu.Results(options)
    assert first.add("epochs", "cnn cpu", lambda: {"seconds": 1}) == {"seconds": 1}
    again = gpu.Results(options)
    assert again.add("epochs", "cnn cpu", None) == {"seconds": 1}
    again.begun -= 50  # more than the share of this part
    assert again.add("epochs", "crnn cpu", None) is None
    assert again.add("together", "1", dict) == {}
    assert json.loads(Path(options.json).read_text())["left_out"] == ["epochs crnn cpu"]


def test_a_figure_that_fails_leaves_the_others(gpu, options):
    results = gpu.Results(options)
    assert results.add("predictions", "cnn", lambda: 1 / 0)["error"].startswith("ZeroDivisionError")
    assert results.add("predictions", "crnn", lambda: 2) == 2


def test_results_of_another_run_are_kept(gpu, options):
    gpu.Results(options).write()
    options.dry_run = True
    with pytest.raises(SystemExit, match="is of another run"):
        gpu.Results(options)


def test_clips_in_8_bits(gpu, tmp_path):
    y = np.array(["Q1", "Q2"])
    decibels = np.random.default_rng(0).uniform(-80, 20, (2, 4, 5))
    gpu.write_clips(tmp_path / "clips.npz", decibels, y)
    X, labels = gpu.read_clips(tmp_path / "clips.npz")
    assert X.dtype == np.float32
    assert labels.tolist() == ["Q1", "Q2"]
    np.testing.assert_allclose(X, decibels, atol=0.2)
