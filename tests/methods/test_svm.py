"""The SVM Baseline and its search."""

import pickle
import random

import numpy as np
import optuna
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.metrics import log_loss
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import SVMBaseline
from sklearn_mer.datasets import load_4qaed
from sklearn_mer.methods._bayes_search import search_svc, svc_search
from sklearn_mer.methods._svm import make_svc_pipeline
from sklearn_mer.training import softmax


@pytest.fixture(scope="module")
def table():
    return make_classification(
        120, 10, n_informative=5, n_classes=4, n_clusters_per_class=1, random_state=0
    )


def test_it_is_a_scaled_svc(table):
    X, y = table
    expected = make_pipeline(StandardScaler(), SVC(C=2.0, gamma=0.05)).fit(X, y)
    svm = SVMBaseline(features="columns", C=2.0, gamma=0.05, clip=None).fit(X, y)
    np.testing.assert_allclose(svm.decision_function(X), expected.decision_function(X))
    np.testing.assert_array_equal(svm.predict(X), expected.predict(X))
    assert svm.best_params_ == {"kernel": "rbf", "C": 2.0, "gamma": 0.05, "degree": 3}


@pytest.mark.parametrize("kernel", ["linear", "poly", "sigmoid"])
def test_other_kernels(kernel, table):
    X, y = table
    settings = {"kernel": kernel, "degree": 2, "gamma": 0.01}
    svm = SVMBaseline(features="columns", clip=None, **settings).fit(X, y)
    expected = make_pipeline(StandardScaler(), SVC(C=5.0, **settings)).fit(X, y)
    np.testing.assert_allclose(svm.decision_function(X), expected.decision_function(X))


def test_columns_are_clipped(table):
    X, y = table
    far = X[:5].copy()
    far[:, 0] = 1e9
    svm = SVMBaseline(features="columns").fit(X, y)
    limit = X[:, 0].mean() + 3 * X[:, 0].std()
    near = np.hstack([np.full((5, 1), limit), far[:, 1:]])
    np.testing.assert_allclose(svm.decision_function(far), svm.decision_function(near))
    unlimited = SVMBaseline(features="columns", clip=None).fit(X, y)
    assert len(np.unique(unlimited.decision_function(far), axis=0)) == 1  # the kernel is 0


def test_probabilities_are_calibrated_and_keep_the_order_of_the_decision_values(table):
    X, y = table
    train, test = X[:80], X[80:]
    svm = SVMBaseline(features="columns").fit(train, y[:80])
    probabilities, decisions = svm.predict_proba(test), svm.decision_function(test)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(np.argsort(probabilities), np.argsort(decisions))
    temperature = np.diff(decisions[:, :2]) / np.diff(np.log(probabilities[:, :2]))
    np.testing.assert_allclose(temperature, np.full_like(temperature, temperature[0, 0]), rtol=1e-4)
    assert log_loss(y[80:], probabilities) < log_loss(y[80:], softmax(decisions))
    again = pickle.loads(pickle.dumps(clone(svm).fit(train, y[:80])))
    np.testing.assert_array_equal(again.predict_proba(test), probabilities)


def test_probabilities_of_two_classes(table):
    X, y = table
    two = y < 2
    svm = SVMBaseline(features="columns").fit(X[two], y[two])
    probabilities = svm.predict_proba(X)
    assert probabilities.shape == (120, 2)
    np.testing.assert_array_equal(probabilities[:, 1] > 0.5, svm.decision_function(X) > 0)


@pytest.mark.parametrize("n_clips", [2, 3])
def test_probabilities_with_few_clips_of_a_class(n_clips, table):
    X, y = table
    kept = np.append(np.flatnonzero(y != 3), np.flatnonzero(y == 3)[:n_clips])
    svm = SVMBaseline(features="columns").fit(X[kept], y[kept])
    assert svm.calibrated_.cv.n_splits == n_clips
    assert svm.predict_proba(X).shape == (120, 4)


def test_no_probabilities_with_a_single_clip_of_a_class(table):
    X, y = table
    kept = np.append(np.flatnonzero(y != 3), np.flatnonzero(y == 3)[:1])
    svm = SVMBaseline(features="columns").fit(X[kept], y[kept])
    assert svm.decision_function(X).shape == (120, 4)
    with pytest.raises(ValueError, match="at least two clips of each class in fit"):
        svm.predict_proba(X)


@pytest.mark.parametrize("class_weight", ["balanced", {0: 5.0, 2: 0.5}])
def test_class_weights_are_those_of_the_svc(class_weight, table):
    X, y = table
    kept = np.flatnonzero((y != 1) | (np.arange(len(y)) % 3 == 0))
    svm = SVMBaseline(features="columns", gamma=0.03, clip=None, class_weight=class_weight)
    if class_weight != "balanced":
        class_weight = {0: 5.0, 1: 1.0, 2: 0.5, 3: 1.0}
        svm.set_params(class_weight=class_weight)
    svc = SVC(C=5.0, gamma=0.03, class_weight=class_weight)
    expected = make_pipeline(StandardScaler(), svc).fit(X[kept], y[kept])
    svm.fit(X[kept], np.array(list("wxyz"))[y[kept]] if class_weight == "balanced" else y[kept])
    np.testing.assert_allclose(svm.decision_function(X), expected.decision_function(X))


def search(random_state=0, n_trials=6, **params):
    return SVMBaseline(
        features="columns",
        search="bayes",
        n_trials=n_trials,
        random_state=random_state,
        **params,
    )


def test_the_search_is_repeatable_by_seed(table):
    found = [search(seed).fit(*table).best_params_ for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]
    by_jobs = search(0, n_jobs=2).fit(*table).best_params_
    assert by_jobs == found[0]


def tried(table, n_trials):
    """Return the settings that a search tries, their accuracies, and those that it chooses."""
    found = svc_search(make_svc_pipeline(), n_trials=n_trials, n_jobs=None, seed=0).fit(*table)
    return found.cv_results_["params"], found.cv_results_["mean_test_score"], found.best_params_


def test_the_search_stays_in_the_papers_space(table):
    settings, _, best = tried(table, 15)
    assert len(settings) == 15
    assert best in settings
    assert {params["svc__kernel"] for params in settings} > {"linear", "rbf"}
    for params in settings:
        assert set(params) == {"svc__kernel", "svc__C", "svc__gamma", "svc__degree"}
        assert 1e-6 <= params["svc__C"] <= 100
        assert 1e-6 <= params["svc__gamma"] <= 100
        assert params["svc__degree"] in range(1, 6)
    strengths = [params["svc__C"] for params in settings]
    assert min(strengths) < 0.01 < 1 < max(strengths)


def test_the_search_finds_what_pays(table):
    X, y = table
    poor = SVMBaseline(features="columns", gamma=10.0)  # each clip is like itself alone
    folds = {"cv": 3, "error_score": "raise"}
    assert cross_val_score(poor, X, y, **folds).mean() < 0.5
    assert cross_val_score(search(n_trials=12), X, y, **folds).mean() > 0.75


def test_more_trials_never_choose_worse(table):
    few, accuracies, best_of_few = tried(table, 4)
    many, more_accuracies, best_of_many = tried(table, 10)
    assert few == many[:4]  # the same search, gone on with
    folds = StratifiedKFold(5, shuffle=True, random_state=0)

    def accuracy(params):
        pipeline = make_svc_pipeline().set_params(**params)
        return cross_val_score(pipeline, *table, cv=folds).mean()

    assert accuracy(best_of_few) == max(accuracies) == max(accuracy(params) for params in few)
    assert accuracy(best_of_many) == max(more_accuracies) >= max(accuracies)


def test_what_the_search_finds_is_what_the_svm_uses(table):
    _, _, best = tried(table, 4)
    settings = search_svc(make_svc_pipeline(), *table, n_trials=4, n_jobs=None, seed=0)
    assert {f"svc__{name}": value for name, value in settings.items()} == best
    svc = search(n_trials=4).fit(*table)
    assert svc.pipeline_[-1].get_params()["C"] == svc.best_params_["C"]


def test_the_search_leaves_what_is_global_as_it_was(table, torch_threads):
    torch_threads(2)
    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def state():
        return (
            str(np.random.get_state()),  # noqa: NPY002 (it is the one looked at)
            random.getstate(),
            torch.get_rng_state().tolist(),
            torch.get_num_threads(),
            optuna.logging.get_verbosity(),
        )

    before = state()
    search(n_trials=12).fit(*table)
    assert state() == before


def test_the_search_prints_nothing(table, capfd):
    search().fit(*table)
    shown = capfd.readouterr()
    assert shown.out == shown.err == ""


@pytest.mark.data
@pytest.mark.parametrize("features", ["auto", "columns"])
def test_table1_on_the_published_features(features):
    X, y = load_4qaed(return_X_y=True)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=1, random_state=1)
    f1 = cross_val_score(
        SVMBaseline(features=features), X, y, cv=folds, scoring="f1_macro", error_score="raise"
    )
    assert 0.74 < f1.mean() < 0.78
