import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer.model_selection import BayesSearchCV, RepeatedStratifiedGroupKFold

from .searches import FOLDS, search, tried


@parametrize_with_checks(
    [
        BayesSearchCV(Pipeline([("svc", SVC())]), {"svc__C": (0.1, 10.0)}, n_trials=2, cv=2),
        BayesSearchCV(
            DecisionTreeClassifier(random_state=0),
            {"max_depth": (3, 6)},
            n_trials=2,
            cv=2,
            sampler="tpe",
        ),
        BayesSearchCV(
            PCA(random_state=0), {"whiten": [True, False]}, n_trials=2, cv=2, sampler="random"
        ),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_it_has_what_grid_search_has(table):
    X, y = table
    grid = GridSearchCV(SVC(), {"C": [1.0], "gamma": [0.1]}, cv=FOLDS).fit(X, y)
    ours = search().fit(X, y)
    public = {name for name in dir(grid) if not name.startswith("_")} - {"param_grid"}
    assert "decision_function" in public
    assert public <= set(dir(ours))
    assert set(grid.cv_results_) == set(ours.cv_results_)
    assert {name for name in vars(grid) if name.endswith("_")} <= set(vars(ours))


def test_scores_are_those_of_a_plain_cross_validation(table):
    X, y = table
    fitted = search(scoring="f1_macro").fit(X, y)
    means = [
        cross_val_score(SVC(**params), X, y, cv=FOLDS, scoring="f1_macro").mean()
        for params in tried(fitted)
    ]
    np.testing.assert_allclose(fitted.cv_results_["mean_test_score"], means, rtol=1e-12)
    assert fitted.best_index_ == np.argmax(means)
    assert fitted.best_score_ == max(fitted.cv_results_["mean_test_score"])
    assert fitted.best_params_ == tried(fitted)[fitted.best_index_]
    expected = SVC(**fitted.best_params_).fit(X, y)
    np.testing.assert_array_equal(fitted.decision_function(X), expected.decision_function(X))
    np.testing.assert_array_equal(fitted.predict(X), expected.predict(X))
    assert fitted.score(X, y) == sklearn.metrics.f1_score(y, expected.predict(X), average="macro")
    assert fitted.n_splits_ == 3
    assert fitted.refit_time_ > 0


# The first ten candidates of the Gaussian process are random.
@pytest.mark.parametrize(("sampler", "n_trials"), [("gp", 11), ("tpe", 12)])
def test_the_seed_decides_and_the_number_of_jobs_does_not(sampler, n_trials, table):
    settings = {"sampler": sampler, "n_trials": n_trials}
    first = search(**settings).fit(*table)
    again = clone(first).set_params(n_jobs=2).fit(*table)
    assert tried(first) == tried(again)
    for name in ("mean_test_score", "split1_test_score"):
        np.testing.assert_array_equal(first.cv_results_[name], again.cv_results_[name])
    other = search(sampler=sampler, n_trials=2, random_state=1).fit(*table)
    assert tried(first)[:2] != tried(other)


def test_a_generator_as_seed(table):
    states = [np.random.RandomState(3), np.random.RandomState(3)]
    first, second = (search(random_state=state, n_trials=2).fit(*table) for state in states)
    assert tried(first) == tried(second)
    assert tried(clone(first).set_params(random_state=states[0]).fit(*table)) != tried(first)


class Hill(ClassifierMixin, BaseEstimator):
    """Scores best where `x` is 0.7 and `choice` is "right"."""

    def __init__(self, x=0.0, choice="left"):
        self.x = x
        self.choice = choice

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def score(self, X, y):
        return (self.choice == "right") - abs(self.x - 0.7)


def test_it_learns_from_what_it_has_tried(table):
    space = {"x": (0.0, 1.0), "choice": ["left", "right"]}
    fitted = search(Hill(), space, sampler="gp", n_trials=15, refit=False).fit(*table)
    scores = fitted.cv_results_["mean_test_score"]
    assert scores[10:].mean() > scores[:10].mean() + 0.3
    assert fitted.best_params_["choice"] == "right"
    assert abs(fitted.best_params_["x"] - 0.7) < 0.02


@pytest.mark.parametrize("wrong", [{"n_trials": 0}, {"sampler": "grid"}, {"cv": "all"}])
def test_parameters_out_of_range(wrong, table):
    with pytest.raises(ValueError, match=f"'{next(iter(wrong))}' parameter of BayesSearchCV"):
        search(**wrong).fit(*table)


class Fragile(DummyClassifier):
    """Raises an error in `fit` for some strengths."""

    def __init__(self, strength=0.0):
        super().__init__()
        self.strength = strength

    def fit(self, X, y):
        if self.strength > 0.5:
            raise ArithmeticError("too strong")
        return super().fit(X, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
def test_candidates_that_fail(table):
    fragile = search(Fragile(), {"strength": (0.0, 1.0)}, n_trials=10)
    fitted = fragile.fit(*table)
    assert 0 < len(tried(fitted)) < 10
    assert all(params["strength"] <= 0.5 for params in tried(fitted))
    with pytest.raises(ArithmeticError, match="too strong"):
        clone(fragile).set_params(error_score="raise").fit(*table)
    hopeless = search(Fragile(), {"strength": (0.6, 1.0)}, n_trials=3)
    with pytest.raises(ValueError, match="All the 3 fits failed"):
        hopeless.fit(*table)


def test_several_metrics(table):
    both = ["accuracy", "f1_macro"]
    fitted = search(scoring=both, refit="f1_macro").fit(*table)
    assert fitted.multimetric_
    assert fitted.best_index_ == np.argmax(fitted.cv_results_["mean_test_f1_macro"])
    # The candidates are those of a search for this metric only.
    assert tried(fitted) == tried(search(scoring="f1_macro").fit(*table))
    with pytest.raises(ValueError, match=r"refit=False .* \['accuracy', 'f1_macro'\]"):
        search(scoring=both, refit=False).fit(*table)


def test_a_callable_refit_chooses(table):
    fitted = search(refit=lambda results: 2).fit(*table)
    assert fitted.best_index_ == 2
    assert fitted.best_params_ == tried(fitted)[2]


def test_without_refit_there_is_no_best_estimator(table):
    fitted = search(refit=False).fit(*table)
    assert fitted.best_score_ > 0.4
    assert not hasattr(fitted, "best_estimator_")
    assert not hasattr(fitted, "predict")


def test_what_it_delegates_is_what_the_estimator_has(table):
    X, y = table
    assert not hasattr(search(), "transform")
    assert not hasattr(search(), "fit_transform")
    assert not hasattr(search(), "predict_proba")
    proba = search(LogisticRegression(), {"C": (0.1, 10.0)}, n_trials=2).fit(X, y)
    assert proba.predict_proba(X).shape == (90, 3)
    assert proba.classes_.tolist() == [0, 1, 2]
    assert proba.n_features_in_ == 6
    pca = search(PCA(), {"n_components": (1, 3)}, n_trials=3, cv=3).fit(X)
    assert (
        pca.fit_transform(X).shape
        == pca.transform(X).shape
        == (90, pca.best_params_["n_components"])
    )
    means = search(KMeans(n_init=1, random_state=0), {"n_clusters": (2, 4)}, cv=3).fit(X)
    assert means.predict(X).max() == means.best_params_["n_clusters"] - 1


def test_a_fitted_search_pickles_and_a_clone_is_unfitted(table):
    fitted = search().fit(*table)
    loaded = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(loaded.predict(table[0]), fitted.predict(table[0]))
    assert tried(loaded) == tried(fitted)
    assert not hasattr(clone(fitted), "cv_results_")
    assert "BayesSearchCV" in fitted._repr_html_()


def test_groups_reach_the_splitter(table):
    X, y = table
    groups = np.repeat(np.arange(30), 3)
    fitted = search(cv=GroupKFold(3)).fit(X, y, groups=groups)
    assert fitted.n_splits_ == 3
    with pytest.raises(ValueError, match="'groups' parameter should not be None"):
        search(cv=GroupKFold(3)).fit(X, y)


class NotingWeights(DummyClassifier):
    """Stores the number of weights passed to `fit`."""

    seen = []

    def fit(self, X, y, sample_weight=None):
        self.seen.append(None if sample_weight is None else len(sample_weight))
        return super().fit(X, y, sample_weight)


@pytest.fixture
def noted():
    NotingWeights.seen.clear()
    return NotingWeights.seen


def test_metadata_is_routed(table, noted):
    X, y = table
    groups, weights = np.repeat(np.arange(30), 3), np.ones(90)
    space = {"strategy": ["prior", "stratified"]}
    with sklearn.config_context(enable_metadata_routing=True):
        estimator = NotingWeights().set_fit_request(sample_weight=True)
        estimator.set_score_request(sample_weight=False)
        cv = RepeatedStratifiedGroupKFold(3, n_repeats=1, random_state=0)
        routed = search(estimator, space, n_trials=2, cv=cv)
        routed.fit(X, y, groups=groups, sample_weight=weights)
        assert noted == [60] * 6 + [90]
        nested = cross_val_score(
            routed, X, y, cv=cv, params={"groups": groups, "sample_weight": weights}
        )
        assert nested.shape == (3,)
        with pytest.raises(TypeError, match="colour"):
            routed.fit(X, y, colour=groups)
