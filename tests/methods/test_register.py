"""The rows of Table 1 and their two recipes."""

import inspect

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from sklearn_mer import (
    CNNGRU,
    CRNN,
    ArtistCNN,
    CNNBaseline,
    EmotionFusion,
    HybridMER,
    PretrainedCRNN,
    SampleCNN,
    ShortChunkCNN,
    SVMBaseline,
)
from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    Gain,
    PitchShift,
    PowerShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
)
from sklearn_mer.embeddings import (
    AutoencoderEmbedding,
    OpenL3Embedding,
    WeightsNotFoundError,
    available_weights,
)
from sklearn_mer.methods import Method, available_methods, make_method

ROWS = available_methods()
FORESTS = {"autoencoder", "openl3"}
# Not in the paper: one recipe.
OURS = {"fusion_audio", "fusion"}
NEED_WEIGHTS = {"openl3", "artist_cnn", "crnn_mtat", *OURS}
_SGD = {"optimizer": "sgd", "lr": 0.01, "schedule": "constant", "standardize": False}
_SEGMENTS = {
    **_SGD,
    "lr": 0.001,
    "weight_decay": 0,
    "batch_size": 50,
    "segments_per_epoch": None,
}

_CNN = {**_SGD, "weight_decay": 0, "batch_size": 150, "max_epochs": 200}

_FROZEN = {
    "optimizer": "adam",
    "schedule": "constant",
    "standardize": False,
    "dropout": 0.0,
    "max_epochs": 200,
    "stop_accuracy": 0.9,
}

# What the paper's authors say, or their scripts.
PAPER = {
    "svm": {"kernel": "rbf", "C": 5.0, "gamma": 0.003},
    "cnn": {**_SGD, "weight_decay": 0, "batch_size": 150, "max_epochs": 200, "augment": None},
    "cnn_gru": {
        **_SGD,
        "weight_decay": 0,
        "batch_size": 150,
        "max_epochs": 200,
        "augment": None,
        "n_units": 2000,
        "one_step": False,
    },
    "crnn": {
        "hop_length": 512,
        **_SGD,
        "weight_decay": 0,
        "batch_size": 150,
        "max_epochs": 200,
        "augment": None,
        "width": 64,
        "n_units": 32,
    },
    "short_chunk": {
        **_SEGMENTS,
        "max_epochs": 100,
        "augment": None,
        "width": 128,
        "segment_length": 115,
    },
    "sample_cnn": {**_SEGMENTS, "max_epochs": 150, "width": 128, "segment_length": 59049},
    "autoencoder": {
        "forest__n_estimators": 100,
        "embedding__lr": 2e-4,
        "embedding__batch_size": 150,
        "embedding__max_epochs": 150,
        "embedding__schedule": "constant",
        "embedding__n_filters": (16, 32, 64, 128),
        "embedding__n_latent": None,
    },
    "openl3": {
        "forest__n_estimators": 100,
        "embedding__input_repr": "mel256",
        "embedding__content_type": "music",
        "embedding__embedding_size": 512,
        "embedding__hop_size": 0.1,
    },
    "artist_cnn": {
        **_FROZEN,
        "lr": 0.01,
        "weight_decay": 0,
        "batch_size": 100,
        "weights": "artist_siamese_10000",
    },
    "crnn_mtat": {
        **_FROZEN,
        "lr": 0.001,
        "weight_decay": 1e-4,
        "batch_size": 16,
        "weights": "mtat_crnn",
        "unfreeze": False,
    },
    # The ranges of audiomentations at its defaults of then.
    "cnn_tfm": {
        **_CNN,
        "augment__mask__fraction": (0.0, 0.5),
        "augment__mask__fade": 0.0,
        "augment__stop__center": (200.0, 4000.0),
        "augment__stop__bandwidth": (0.5, 1.99),
        "augment__stop__slope": (12, 24),
        "augment__n_copies": 1,
    },
    "cnn_seven_band": {
        **_CNN,
        "augment__decibels": (-12.0, 12.0),
        "augment__peak_q": (0.5, 5.0),
        "augment__shelf_q": (0.1, 0.999),
        "augment__n_copies": 1,
    },
    "cnn_gain": {**_CNN, "augment__decibels": (-12.0, 12.0), "augment__n_copies": 1},
    "cnn_deepsmote": {
        **_CNN,
        "batch_size": 200,
        "max_epochs": 150,
        "augment__n_new": 25,
        "augment__k_neighbors": 5,
        "augment__lr": 2e-4,
        "augment__schedule": "constant",
        "augment__batch_size": 150,
        "augment__max_epochs": 150,
    },
    "hybrid": {
        "schedule": "constant",
        "standardize": False,
        "weight_decay": 0,
        "head_optimizer": "sgd",
        "head_lr": 0.01,
        "head_batch_size": 300,
        "head_max_epochs": 100,
        "head": "network",
        "n_dnns": 1,
        "cnn_optimizer": "adam",
        "cnn_lr": 0.005,
        "cnn_batch_size": 120,
        "cnn_max_epochs": 450,
        "dnn_optimizer": "sgd",
        "dnn_lr": 0.01,
        "dnn_batch_size": 150,
        "dnn_max_epochs": 200,
        "max_epochs": None,
        "augment": "default",
    },
}


def test_the_rows():
    assert {key: (row.title, type(row.estimator)) for key, row in ROWS.items()} == {
        "svm": ("SVM Baseline", SVMBaseline),
        "cnn": ("DL Baseline", CNNBaseline),
        "cnn_gru": ("Baseline with GRU", CNNGRU),
        "crnn": ("CRNN", CRNN),
        "hybrid": ("Hybrid Augmented", HybridMER),
        "autoencoder": ("Autoencoder", Pipeline),
        "openl3": ("OpenL3", Pipeline),
        "cnn_tfm": ("Baseline + TFM", CNNBaseline),
        "cnn_seven_band": ("Baseline + SB", CNNBaseline),
        "cnn_gain": ("Baseline + RG", CNNBaseline),
        "cnn_deepsmote": ("Baseline + DeepSMOTE", CNNBaseline),
        "short_chunk": ("ShortChunk CNN", ShortChunkCNN),
        "sample_cnn": ("Sample CNN", SampleCNN),
        "artist_cnn": ("Artists CNN", ArtistCNN),
        "crnn_mtat": ("CRNN Pre-trained MTAT", PretrainedCRNN),
        "fusion_audio": ("Kernel Fusion, audio", EmotionFusion),
        "fusion": ("Kernel Fusion, audio and columns", EmotionFusion),
    }
    for key, row in ROWS.items():
        assert isinstance(row, Method)
        assert row.key == key
        of_paper = {"4qaed", "merge-complete", "merge-balanced"}
        assert set(row.published) == (set() if key in OURS else of_paper)
        assert all(50 <= f1 < 81 for f1 in row.published.values())


@pytest.mark.parametrize("recipe", ["default", "paper"])
def test_a_method_is_what_make_method_makes(recipe):
    for key, row in available_methods(recipe).items():
        assert row.recipe == recipe
        assert repr(row.estimator) == repr(make_method(key, recipe))
        assert row.published == ROWS[key].published


def test_the_default_recipe_is_the_defaults_of_the_class_beside_what_makes_the_row():
    changed = {key: _changed(row.estimator) for key, row in ROWS.items()}
    assert {key: names for key, names in changed.items() if names} == {
        "cnn_tfm": {"augment"},
        "cnn_seven_band": {"augment"},
        "cnn_gain": {"augment"},
        "cnn_deepsmote": {"augment"},
        "fusion": {"columns"},
    }


def _changed(estimator):
    if isinstance(estimator, Pipeline):
        return set().union(*(_changed(step) for _, step in estimator.steps))
    params, defaults = (e.get_params(deep=False) for e in (estimator, type(estimator)()))
    return {name for name in params if repr(params[name]) != repr(defaults[name])}


def test_the_forests():
    steps = [(key, [type(step) for step in make_method(key)]) for key in sorted(FORESTS)]
    assert steps == [
        ("autoencoder", [AutoencoderEmbedding, RandomForestClassifier]),
        ("openl3", [OpenL3Embedding, RandomForestClassifier]),
    ]
    assert make_method("autoencoder", embedding__max_epochs=3)["embedding"].max_epochs == 3


def test_what_makes_a_row():
    kinds = {key: type(getattr(row.estimator, "augment", None)) for key, row in ROWS.items()}
    waveform = {"cnn_tfm": Compose, "cnn_seven_band": SevenBandEQ, "cnn_gain": Gain}
    assert {key: kinds[key] for key in waveform} == waveform
    assert [type(step) for _, step in make_method("cnn_tfm").augment.steps] == [TimeMask, BandStop]
    assert make_method("cnn_deepsmote").augment.n_new == 25


@pytest.mark.parametrize("key", sorted(OURS))
def test_methods_that_the_paper_lacks_have_one_recipe(key):
    assert repr(make_method(key, recipe="paper")) == repr(make_method(key))


@pytest.mark.parametrize("key", [key for key in ROWS if key not in OURS])
def test_the_recipe_of_the_paper(key):
    params = make_method(key, recipe="paper").get_params()
    assert {name: params[name] for name in PAPER[key]} == PAPER[key]
    if key != "svm":
        assert params.get("stop_accuracy", 0.9) == 0.9
        # What is not said is as in the default recipe.
        others = params.keys() - PAPER[key].keys() - {"augment", "embedding", "steps"}
        ours = make_method(key).get_params()
        assert repr([params[name] for name in others]) == repr([ours[name] for name in others])


def test_the_papers_augmentations_and_their_ranges():
    samplers = HybridMER()._samplers()
    assert [type(sampler) for sampler in samplers] == [
        TimeShift,
        PitchShift,
        TimeStretch,
        PowerShift,
    ]
    shift, pitch, stretch, power = samplers
    assert shift.max_shift == 5
    assert sorted(pitch.semitones) == [-2, 2]
    assert sorted(stretch.rates) == [0.5, 1.5]
    assert sorted(power.decibels) == [-10, 10]


@pytest.mark.parametrize("recipe", ["default", "paper"])
@pytest.mark.parametrize("key", ROWS)
def test_parameters_go_before_the_recipe(key, recipe):
    name = "forest__random_state" if key in FORESTS else "random_state"
    method = make_method(key, recipe, **{name: 7})
    assert method.get_params()[name] == 7
    assert repr(clone(method)) == repr(method)
    if hasattr(method, "batch_size"):
        assert make_method(key, recipe, batch_size=13).batch_size == 13
        changed = make_method(key, recipe, batch_size=13).get_params()
        rest = make_method(key, recipe).get_params()
        assert {k for k in rest if repr(rest[k]) != repr(changed[k])} == {"batch_size"}


@pytest.mark.parametrize("key", sorted(NEED_WEIGHTS))
def test_a_row_says_which_weights_it_lacks(key, tmp_path, monkeypatch):
    row = ROWS[key]
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    first = row.weights if isinstance(row.weights, str) else row.weights[0]
    file = available_weights()[first].file
    names = [row.weights] if isinstance(row.weights, str) else row.weights
    assert f"`sklearn-mer weights fetch {' '.join(names)} --data-home {tmp_path}`" in row.missing
    with pytest.raises(WeightsNotFoundError, match=rf"No files? {file}.*weights fetch"):
        make_method(key).fit(np.zeros((2, 100)), ["Q1", "Q2"])


def test_no_other_row_lacks_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    lacking = {key for key, row in ROWS.items() if row.missing}
    assert lacking == NEED_WEIGHTS
    file = available_weights()["openl3_mel256_music"].file
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / file).touch()  # of a sha256 that nobody knows
    assert ROWS["openl3"].missing is None


def test_each_call_makes_a_new_estimator():
    assert make_method("cnn") is not make_method("cnn")
    available_methods()["cnn"].estimator.set_params(batch_size=2)
    assert make_method("cnn").batch_size == 32
    available_methods().clear()
    assert "cnn" in available_methods()


def test_unknown_rows_and_recipes():
    with pytest.raises(ValueError, match=r"Unknown method 'CNN': choose from svm, cnn, .*hybrid"):
        make_method("CNN")
    with pytest.raises(ValueError, match=r"Unknown recipe 'theirs': choose from default, paper\."):
        make_method("cnn", recipe="theirs")
    with pytest.raises(ValueError, match="no_such"):
        make_method("cnn", no_such=1)


@pytest.mark.parametrize("key", sorted(ROWS.keys() - FORESTS))
def test_parameters_are_keywords_with_documented_defaults(key):
    cls = type(ROWS[key].estimator)
    for name, parameter in inspect.signature(cls).parameters.items():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert name in cls.__doc__
        assert name in cls._parameter_constraints


@pytest.mark.parametrize("key", ["cnn", "hybrid"])
def test_the_paper_recipe_trains(key, clips):
    X, y = clips
    params = {"augment": None} if key == "hybrid" else {}
    method = make_method(key, "paper", max_epochs=1, random_state=0, **params).fit(X, y)
    assert method.predict_proba(X).shape == (12, 4)
