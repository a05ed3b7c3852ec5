"""Ready models: how they are built and measured."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.utils import Bunch

from sklearn_mer import EmotionFusion, SummaryFeatures
from sklearn_mer.commands import _build_model, main
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.models import load_model, model_info


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A small data set and a small model in the place of the real ones."""
    clips, y = make_quadrant_clips(40, duration=1.0, random_state=0, return_X_y=True)
    paths = [str(tmp_path / f"{i}.wav") for i in range(40)]
    for path, clip in zip(paths, clips, strict=True):
        soundfile.write(path, clip, 16000)
    data = Bunch(
        data=pd.DataFrame({"audio": paths}),
        target=pd.Series(y),
        groups=pd.Series(np.arange(40) // 2),
    )
    monkeypatch.setattr(_build_model, "load_4qaed", lambda features: data)
    params = {"max_exact": 1, "approximation": "fourier", "n_components": 60, "random_state": 0}

    def make_small(name, n_jobs):
        descriptors = SummaryFeatures(duration=1.0, cache=False, n_jobs=n_jobs)
        return EmotionFusion(descriptors=descriptors, taggers=(), n_jobs=n_jobs, **params)

    monkeypatch.setattr(_build_model, "make_ready", make_small)
    return data


def build(path, *more):
    """Build the small model."""
    assert main(["build-model", "--out", str(path), "--repeats", "1", *more]) == 0
    return path


def test_a_model_and_its_card(small, tmp_path, capsys):
    path = build(tmp_path / "model.mer")
    assert "folds by artist: {'folds': 10" in capsys.readouterr().out
    info = model_info(path)
    assert info["training_data"]["n_clips"] == 40
    assert set(info["card"]["classes"]) == {"Q1", "Q2", "Q3", "Q4"}
    for card in (info["card"]["random folds"], info["card"]["folds by artist"]):
        assert 40 < card["macro F1 in percent"] <= 100
        assert abs(card["macro F1 in percent"] - card["macro F1 of the exact kernel"]) < 15
        assert 0 <= card["expected calibration error"] < 0.5
    model = load_model(path)
    assert model.score(small.data, small.target) > 0.8
    shapes = [array.shape for array in arrays_of(model)]
    assert len(shapes) > 5
    assert not [shape for shape in shapes if len(small.data) in shape]  # no rows of clips


def arrays_of(value):
    """Yield all arrays that an object holds."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from arrays_of(one)
    elif hasattr(value, "__dict__"):
        yield from arrays_of(vars(value))


@pytest.mark.slow  # processes are started
def test_the_same_bytes_whatever_the_jobs(small, tmp_path):
    one, two = (build(tmp_path / jobs, "--jobs", jobs).read_bytes() for jobs in "12")
    assert one == two


def test_what_cannot_be_built(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["build-model"])
    with pytest.raises(SystemExit, match="2"):
        main(["build-model", "--out", "x", "--model", "best"])
    assert main(["build-model", "--out", "x", "--data-home", str(tmp_path)]) == 2
    assert "4QAED" in capsys.readouterr().err
