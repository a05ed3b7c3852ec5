"""Saving and loading: all classifiers, pipelines of their parts, and what cannot be saved."""

import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import random_weights
import torch
from cases import ALL, make, quadrant_clips
from make_data import DATA, tried
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, RobustScaler, StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from sklearn_mer import (
    AudioLoader,
    CNNBaseline,
    CRNNTagger,
    KernelFusion,
    MelSpectrogram,
    SummaryFeatures,
    SVMBaseline,
)
from sklearn_mer.audio import ClipCache
from sklearn_mer.embeddings import TaggerEmbedding, WeightsNotFoundError
from sklearn_mer.methods import available_methods
from sklearn_mer.models import ModelFileError, load_model, model_info, save_model
from sklearn_mer.weights import _register

COLUMNS = np.random.RandomState(0).normal(size=(40, 5)) + np.arange(40)[:, None] % 4
LABELS = np.array(["Q1", "Q2", "Q3", "Q4"] * 10)
METHODS = ("predict", "predict_proba", "decision_function", "contributions")


def assert_same(loaded, saved, X):
    """All predictions are equal to the last bit, parameters and attributes are the same."""
    assert type(loaded) is type(saved)
    given = [name for name in METHODS if hasattr(saved, name)]
    assert "predict" in given
    for name in given:
        values = getattr(loaded, name)(X), getattr(saved, name)(X)
        np.testing.assert_array_equal(*values, err_msg=name)
    settings = [re.sub(" at 0x[0-9A-F]+", "", str(m.get_params())) for m in (loaded, saved)]
    assert settings[0] == settings[1]
    assert sorted(vars(loaded)) == sorted(vars(saved))


def round_trip(estimator, X, folder):
    path = save_model(estimator, folder / "model.mer")
    loaded = load_model(path)
    assert_same(loaded, estimator, X)
    again = save_model(loaded, folder / "again.mer")
    assert again.read_bytes() == path.read_bytes()
    return loaded


# Of classes that other rows are of.
_SLOW = {
    "openl3",
    "cnn_augment",
    "cnn_tfm",
    "cnn_seven_band",
    "cnn_gain",
    "cnn_deepsmote",
    "fusion",
}


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[pytest.mark.slow] * (key in _SLOW)) for key in ALL]
)
def test_every_method_is_the_same_after_loading(key, tmp_path):
    X, y = quadrant_clips(key, 8)
    loaded = round_trip(make(key).fit(X, y), X, tmp_path)
    assert clone(loaded).get_params().keys() == loaded.get_params().keys()


def test_all_rows_are_tried():
    assert set(available_methods()) <= ALL.keys()


PARTS = [
    SVC(),
    SVC(kernel="linear", C=np.float64(2.0)),
    LinearSVC(),
    LogisticRegression(),
    RidgeClassifier(),
    GaussianNB(),
    LinearDiscriminantAnalysis(),
    DecisionTreeClassifier(random_state=0),
    RandomForestClassifier(4, oob_score=True, random_state=0),
    ExtraTreesClassifier(4, random_state=np.random.RandomState(0)),
    CalibratedClassifierCV(SVC(), cv=2),
    CalibratedClassifierCV(SVC(), cv=2, method="temperature", ensemble=False),
    make_pipeline(SimpleImputer(), RobustScaler(), PCA(2), Nystroem(n_components=3), LinearSVC()),
    make_pipeline(FunctionTransformer(), Normalizer(), RBFSampler(random_state=0), GaussianNB()),
    make_pipeline(FeatureUnion([("a", PCA(2)), ("b", StandardScaler())]), LogisticRegression()),
    KernelFusion([("first", ["a", "b"]), ("all", "columns")]),
    KernelFusion([("all", "columns")], max_exact=10, n_components=5, random_state=0),
    SVMBaseline(features="columns", class_weight={"Q1": 2.0, "Q2": 1, "Q3": 1, "Q4": 1}),
]


@pytest.mark.filterwarnings("ignore:Some inputs do not have OOB scores")
@pytest.mark.parametrize("estimator", PARTS, ids=lambda part: str(part)[:40])
def test_parts_are_the_same_after_loading(estimator, tmp_path):
    X = pd.DataFrame(COLUMNS, columns=list("abcde"))
    loaded = round_trip(clone(estimator).fit(X, LABELS), X, tmp_path)
    assert loaded.feature_names_in_.tolist() == list("abcde")


@pytest.mark.parametrize(
    "labels",
    [LABELS, np.arange(40) % 2, np.arange(40) % 2 > 0, LABELS.astype(object), LABELS[:40].tolist()],
    ids=["text", "int", "bool", "object", "list"],
)
def test_labels_of_all_types(labels, tmp_path):
    svm = SVMBaseline(features="columns").fit(COLUMNS, labels)
    loaded = round_trip(svm, COLUMNS, tmp_path)
    assert loaded.classes_.dtype == svm.classes_.dtype
    assert loaded.predict(COLUMNS).dtype == svm.predict(COLUMNS).dtype


def test_pipelines_of_clips_and_the_best_of_a_search(clips, tmp_path):
    X, y = clips
    pipeline = make_pipeline(SummaryFeatures(duration=2.5), StandardScaler(), SVC())
    search = GridSearchCV(pipeline, {"svc__C": [1.0, 5.0]}, cv=2).fit(X, y)
    round_trip(search.best_estimator_, X, tmp_path)
    with pytest.raises(TypeError, match=r"GridSearchCV is a search.*save its best_estimator_"):
        save_model(search, tmp_path / "search.mer")


def test_files_and_tables(wav_files, clips, tmp_path):
    table = pd.DataFrame({"audio": wav_files})
    svm = SVMBaseline(features=SummaryFeatures(duration=2.5)).fit(table, clips[1])
    round_trip(svm, table, tmp_path)


def test_networks_for_embeddings_too(clips, tmp_path):
    X, y = clips
    tagger = CRNNTagger(n_filters=(2, 2, 2, 2), n_units=3, duration=2.5, max_epochs=1)
    round_trip(tagger.set_params(random_state=0).fit(X, y), X, tmp_path)


@pytest.mark.slow
def test_a_loaded_network_is_no_other_in_another_process(clips, tmp_path):
    X, y = clips
    crnn = make("crnn").fit(X, y)
    path = save_model(crnn, tmp_path / "model.mer")
    np.save(tmp_path / "X.npy", X)
    code = (
        "import sys, numpy as np; from sklearn_mer import load_model; "
        "np.save(sys.argv[2], load_model(sys.argv[1]).predict_proba(np.load(sys.argv[3])))"
    )
    there = tmp_path / "there.npy"
    subprocess.run([sys.executable, "-c", code, path, there, tmp_path / "X.npy"], check=True)
    np.testing.assert_array_equal(np.load(there), crnn.predict_proba(X))


def test_loading_leaves_the_random_generators_alone(clips, tmp_path):
    path = save_model(make("cnn").fit(*clips), tmp_path / "model.mer")
    before = torch.random.get_rng_state(), pickle.dumps(np.random.mtrand._rand)
    load_model(path)
    assert torch.equal(torch.random.get_rng_state(), before[0])
    assert pickle.dumps(np.random.mtrand._rand) == before[1]


def test_loaded_arrays_can_be_written_and_are_nobody_elses(tmp_path):
    svm = SVMBaseline(features="columns").fit(COLUMNS, LABELS)
    loaded = load_model(save_model(svm, tmp_path / "model.mer"))
    loaded.classes_[0] = "P1"
    assert svm.classes_[0] == "Q1"
    # The classifier that decides is the one that is calibrated, as after `fit`.
    assert loaded.calibrated_.calibrated_classifiers_[0].estimator is loaded.pipeline_


@pytest.mark.parametrize("name", ["svm", "autoencoder"])
def test_files_of_older_versions_are_loaded(name):
    loaded = load_model(DATA / f"{name}.mer")
    recorded = json.loads((DATA / f"{name}.json").read_text())
    X = tried(recorded["shape"])
    np.testing.assert_allclose(loaded.predict_proba(X), recorded["proba"], rtol=1e-4)
    assert loaded.predict(X).tolist() == recorded["labels"]
    assert model_info(DATA / f"{name}.mer")["card"] == recorded["card"]


def test_a_file_that_is_there_is_replaced_and_folders_are_made(tmp_path):
    path = tmp_path / "new" / "model.mer"
    svc = SVC().fit(COLUMNS, LABELS)
    assert save_model(svc, str(path)) == path
    save_model(GaussianNB().fit(COLUMNS, LABELS), path)
    assert isinstance(load_model(path), GaussianNB)
    assert os.listdir(path.parent) == ["model.mer"]


def test_an_error_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = save_model(SVC().fit(COLUMNS, LABELS), tmp_path / "model.mer")
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save_model(SVC(kernel=lambda a, b: a @ b.T).fit(COLUMNS, LABELS), path)
    monkeypatch.setattr(
        "pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    with pytest.raises(OSError, match="full"):
        save_model(GaussianNB().fit(COLUMNS, LABELS), path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["model.mer"]


class Own(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X


@pytest.mark.parametrize(
    ("make_it", "error", "message"),
    [
        (lambda: SVC(), NotFittedError, "not fitted"),
        (lambda: SVC, TypeError, "A fitted estimator is saved; got <class"),
        (lambda: "model.mer", TypeError, "A fitted estimator is saved; got 'model.mer'"),
        (
            lambda: make_pipeline(Own(), SVC()).fit(COLUMNS, LABELS),
            TypeError,
            r"steps\[0\]\[1\] is of the type .*Own, which cannot be saved",
        ),
        (
            lambda: make_pipeline(FunctionTransformer(abs), SVC()).fit(COLUMNS, LABELS),
            TypeError,
            r"steps\[0\]\[1\].func is of the type builtins.builtin_function",
        ),
        (
            lambda: _holds(np.array([1, "a", [1]], dtype=object)),
            ValueError,
            "holds more than names and numbers",
        ),
        (lambda: _holds(np.zeros(2, dtype=complex)), TypeError, "extra_ is an array of complex128"),
        (lambda: _holds_itself(), TypeError, r"features.steps\[0\]\[1\] contains itself"),
        (lambda: _holds(_endless()), TypeError, "contains itself, or is nested"),
    ],
)
def test_what_is_not_saved_is_told(make_it, error, message, tmp_path):
    estimator = make_it()
    with pytest.raises(error, match=message):
        save_model(estimator, tmp_path / "model.mer")
    assert not os.listdir(tmp_path)


def _holds(value):
    svm = SVMBaseline(features="columns").fit(COLUMNS, LABELS)
    svm.extra_ = value
    return svm


def _holds_itself():
    svm = _holds(None)
    svm.features = make_pipeline(svm)
    return svm


def _endless():
    values = []
    values.append(values)
    return values


def test_values_that_are_not_finite_are_not_saved(tmp_path):
    svm = _holds(np.array([1.0, np.nan]))
    with pytest.raises(ValueError, match=r"extra_ of .*SVMBaseline in it has values that are not"):
        save_model(svm, tmp_path / "model.mer")


def test_folders_of_this_machine_are_left_out(clips, tmp_path):
    X, y = clips
    features = SummaryFeatures(duration=2.5, cache=ClipCache(tmp_path / "secret"))
    pipeline = make_pipeline(features, SVC(), memory=str(tmp_path / "secret")).fit(X, y)
    path = save_model(pipeline, tmp_path / "model.mer")
    loaded = load_model(path)
    assert loaded.memory is None
    assert loaded[0].cache is True
    assert b"secret" not in path.read_bytes()
    assert (
        load_model(
            save_model(make_pipeline(features.set_params(cache=False), SVC()).fit(X, y), path)
        )[0].cache
        is False
    )


def test_weights_of_the_register_may_be_left_out(tmp_path, monkeypatch):
    X, y = quadrant_clips("crnn_mtat", 8)
    X = np.tile(X, (1, 2))
    known = _register.available_weights()["mtat_crnn"]
    content = Path(random_weights.weights_files()["crnn"]).read_bytes()
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / known.file).write_bytes(content)
    own = type(known)(**{**vars(known), "sha256": None, "tags": ()})
    monkeypatch.setattr(_register, "_ALL", (own,))
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    model = make_pipeline(TaggerEmbedding(duration=4.0, cache=False), SVC()).fit(X, y)
    inside = save_model(model, tmp_path / "inside.mer")
    named = save_model(model, tmp_path / "named.mer", include_weights=False)
    assert named.stat().st_size < inside.stat().st_size - 10_000
    assert_same(load_model(named), model, X)
    (tmp_path / "weights" / known.file).unlink()
    assert_same(load_model(inside), model, X)
    with pytest.raises(WeightsNotFoundError, match=r"No file mtat_crnn\.pth"):
        load_model(named)
    other = random_weights.weights_files()["wide_crnn"]
    (tmp_path / "weights" / known.file).write_bytes(Path(other).read_bytes())
    with pytest.raises(ModelFileError, match="was trained with other weights 'mtat_crnn'"):
        load_model(named)


def test_missing_files_and_folders_are_errors_of_the_system(tmp_path):
    for read in (load_model, model_info):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "model.mer")
        with pytest.raises(OSError):  # noqa: PT011
            read(tmp_path)


@pytest.mark.parametrize("front", [AudioLoader(duration=2.5), MelSpectrogram(duration=2.5)])
def test_transformers_of_clips_may_be_steps(front, clips, tmp_path):
    X, y = clips
    flat = FunctionTransformer()
    if isinstance(front, MelSpectrogram):
        front = clone(front).set_params(flatten=True)
    round_trip(make_pipeline(front, flat, GaussianNB(var_smoothing=1e-3)).fit(X, y), X, tmp_path)


def test_history_is_kept_and_training_starts_anew(clips, tmp_path):
    X, y = clips
    cnn = make("cnn").fit(X, y)
    loaded = load_model(save_model(cnn, tmp_path / "model.mer"))
    assert loaded.history_ == cnn.history_
    assert loaded.n_epochs_ == cnn.n_epochs_
    np.testing.assert_array_equal(loaded.fit(X, y).predict_proba(X), cnn.predict_proba(X))
    assert isinstance(loaded, CNNBaseline)
