"""Models that come with the package."""

import numpy as np
import pytest
import soundfile

from sklearn_mer.datasets import load_4qaed, make_quadrant_clips
from sklearn_mer.embeddings import WeightsNotFoundError
from sklearn_mer.features.dimensions import all_descriptors
from sklearn_mer.models import _ready, find_model, load_model, make_ready, model_info


def test_how_ready_models_are_made():
    default = make_ready("default", n_jobs=2)
    assert default.taggers == ()
    columns = default.descriptors.columns
    dimensions = {"dynamics", "rhythm", "tone_colour", "harmony"}
    assert {name.partition("__")[0] for name in columns} == dimensions
    assert "tone_colour__mfcc" in columns
    slow = {
        f"{dimension}__{name}"
        for dimension, names in _ready._SLOW.items()
        for name in names.split()
    }
    assert "tone_colour__lsp" in slow
    assert slow.isdisjoint(columns)
    assert slow <= {descriptor.full_name for descriptor in all_descriptors()}  # none is misspelt
    assert len(make_ready("full").get_params()["taggers"]) == 3
    with pytest.raises(ValueError, match=r"no ready model 'best'; choose from \['default'"):
        make_ready("best")


def test_a_model_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(_ready, "_FOLDER", tmp_path)
    for read in (load_model, model_info):
        with pytest.raises(FileNotFoundError, match=r"build-model --model default .*\./default"):
            read("default")


def test_a_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"No such file.*default"):
        load_model("./default")


@pytest.mark.parametrize("name", ["default", "full"])
def test_what_is_shipped(name):
    assert find_model(name).stat().st_size < 2e6
    info = model_info(name)
    assert info["classes"] == ["Q1", "Q2", "Q3", "Q4"]
    assert info["training_data"]["n_clips"] == 900
    assert info["settings"]["approximation"] == "fourier"
    for folds in (info["card"]["random folds"], info["card"]["folds by artist"]):
        assert folds["macro F1 in percent"] > 70
        assert abs(folds["macro F1 in percent"] - folds["macro F1 of the exact kernel"]) < 1
        assert folds["expected calibration error"] <= 0.05


@pytest.mark.filterwarnings("ignore:.*shorter than 5 s")
def test_default_works_at_once(tmp_path):
    X, _ = make_quadrant_clips(4, duration=2.0, random_state=0, return_X_y=True)
    path = str(tmp_path / "clip.wav")
    soundfile.write(path, X[0], 16000)
    model = load_model("default")
    assert model.predict_proba([path]).sum() == pytest.approx(1)
    assert model.familiarity([path]) < 0.05  # it is synthesised


def test_full_needs_the_weights_of_the_taggers(tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    with pytest.raises(WeightsNotFoundError, match=r"'full'.*fetch mtat_fcn msd_fcn jam"):
        load_model("full")


@pytest.mark.data
@pytest.mark.slow
def test_ready_models_know_their_training_clips():
    data = load_4qaed(features=None)
    some = np.arange(0, 900, 150)
    for name in ("default", "full"):
        found = load_model(name).predict(data.data.iloc[some])
        assert (found == np.asarray(data.target)[some]).all()
