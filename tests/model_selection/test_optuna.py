import sys

import numpy as np
import optuna
import pytest
from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from sklearn_mer.model_selection import BayesSearchCV

from .searches import search, tried


def test_the_forms_of_a_distribution(table):
    space = {
        "scaler": [StandardScaler(), MinMaxScaler(), "passthrough"],
        "pca__n_components": (2, 4),
        "svc__C": (1.0, 3.0),
        "svc__gamma": optuna.distributions.FloatDistribution(0.01, 0.05, step=0.02),
        "svc__coef0": np.array([0.5, 1.5]),
        "svc__degree": (2, 64, "log"),
    }
    pipeline = Pipeline([("scaler", None), ("pca", PCA()), ("svc", SVC(kernel="poly"))])
    fitted = search(pipeline, space, n_trials=25, sampler="random").fit(*table)
    assert list(tried(fitted)[0]) == list(space)
    values = {name: [params[name] for params in tried(fitted)] for name in space}
    assert {type(value).__name__ for value in values["scaler"]} == {
        "StandardScaler",
        "MinMaxScaler",
        "str",
    }
    assert set(values["pca__n_components"]) == {2, 3, 4}
    assert 1.0 <= min(values["svc__C"]) < max(values["svc__C"]) <= 3.0
    assert {round(value, 4) for value in values["svc__gamma"]} == {0.01, 0.03, 0.05}
    assert set(values["svc__coef0"]) == {0.5, 1.5}
    assert all(isinstance(value, int) and 2 <= value <= 64 for value in values["svc__degree"])
    assert sum(value < 12 for value in values["svc__degree"]) > 8  # a third of them, if not log


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "param_distributions is empty"),
        ({"C": 3}, "Parameter 'C' has an invalid distribution 3; give"),
        ({"C": (1.0,)}, "Parameter 'C' has"),
        ({"C": (1.0, 2.0, "lin")}, "Parameter 'C' has"),
        ({"C": ("a", "b")}, "ends of a range must be numbers"),
        ({"C": (2.0, 1.0)}, "Parameter 'C': .*low.*high"),
        ({"C": (0.0, 1.0, "log")}, "Parameter 'C'"),
        ({"C": []}, "Parameter 'C'"),
        ({"strength": (1.0, 2.0)}, "Invalid parameter 'strength' for estimator SVC"),
    ],
)
def test_spaces_that_cannot_be_searched(given, message, table):
    with pytest.raises(ValueError, match=message):
        BayesSearchCV(SVC(), given).fit(*table)


def test_optuna_is_as_quiet_as_it_was_before(table, capfd):
    optuna.logging.set_verbosity(optuna.logging.INFO)
    try:
        search(n_trials=2).fit(*table)
        assert optuna.logging.get_verbosity() == optuna.logging.INFO
    finally:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
    assert capfd.readouterr().err == ""


def test_without_optuna_it_says_what_to_install(table, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ImportError, match=r'BayesSearchCV needs optuna.*"sklearn-mer\[search\]"'):
        search().fit(*table)
