"""The rows of Table 1 and their two recipes."""

import inspect

import pytest
from sklearn.base import clone

from sklearn_mer import CNNBaseline, HybridMER, SVMBaseline
from sklearn_mer.augmentation import PitchShift, PowerShift, TimeShift, TimeStretch
from sklearn_mer.methods import Method, available_methods, make_method

ROWS = available_methods()
_SGD = {"optimizer": "sgd", "lr": 0.01, "schedule": "constant", "standardize": False}

# What the paper's authors say, or their scripts.
PAPER = {
    "svm": {"kernel": "rbf", "C": 5.0, "gamma": 0.003},
    "cnn": {**_SGD, "weight_decay": 0, "batch_size": 150, "max_epochs": 200, "augment": None},
    "hybrid": {
        **_SGD,
        "weight_decay": 0,
        "batch_size": 300,
        "head_max_epochs": 100,
        "train_cnn": True,
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
    assert {key: (row.title, row.cls) for key, row in ROWS.items()} == {
        "svm": ("SVM Baseline", SVMBaseline),
        "cnn": ("DL Baseline", CNNBaseline),
        "hybrid": ("Hybrid Augmented", HybridMER),
    }
    for key, row in ROWS.items():
        assert isinstance(row, Method)
        assert row.key == key
        assert "Louro" in row.paper
        assert set(row.published) == {"4qaed", "merge-complete", "merge-balanced"}


@pytest.mark.parametrize("key", ROWS)
def test_our_recipe_is_the_defaults_of_the_class(key):
    ours = make_method(key)
    assert type(ours) is ROWS[key].cls
    assert repr(ours) == repr(ROWS[key].cls())
    assert make_method(key, "ours").get_params() == ours.get_params()


@pytest.mark.parametrize("key", ROWS)
def test_the_recipe_of_the_paper(key):
    params = make_method(key, recipe="paper").get_params()
    assert {name: params[name] for name in PAPER[key]} == PAPER[key]
    if key != "svm":
        assert params["stop_accuracy"] == 0.9
        # What is not said is as in our recipe.
        others = params.keys() - PAPER[key].keys()
        ours = make_method(key).get_params()
        assert {name: params[name] for name in others} == {name: ours[name] for name in others}


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


@pytest.mark.parametrize("recipe", ["ours", "paper"])
@pytest.mark.parametrize("key", ROWS)
def test_parameters_go_before_the_recipe(key, recipe):
    method = make_method(key, recipe, random_state=7)
    assert method.random_state == 7
    assert repr(clone(method)) == repr(method)
    if key != "svm":
        assert make_method(key, recipe, batch_size=13).batch_size == 13
        changed = make_method(key, recipe, batch_size=13).get_params()
        rest = make_method(key, recipe).get_params()
        assert {k for k in rest if rest[k] != changed[k]} == {"batch_size"}


def test_each_call_makes_a_new_estimator():
    assert make_method("cnn") is not make_method("cnn")
    available_methods().clear()
    assert "cnn" in available_methods()


def test_unknown_rows_and_recipes():
    with pytest.raises(ValueError, match=r"No method 'CNN'; available are svm, cnn, hybrid\."):
        make_method("CNN")
    with pytest.raises(ValueError, match=r"No recipe 'theirs'; there are ours, paper\."):
        make_method("cnn", recipe="theirs")
    with pytest.raises(TypeError, match="no_such"):
        make_method("cnn", no_such=1)


@pytest.mark.parametrize("key", ROWS)
def test_parameters_are_keywords_with_documented_defaults(key):
    cls = ROWS[key].cls
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
