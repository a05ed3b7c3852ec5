"""Short searches, and what they have tried."""

from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from sklearn_mer.model_selection import BayesSearchCV

FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)
SPACE = {"C": (1e-3, 1e3, "log"), "gamma": (1e-4, 1.0, "log")}


def search(estimator=None, space=None, **params):
    given = {"n_trials": 6, "cv": FOLDS, "random_state": 0, "sampler": "tpe", **params}
    return BayesSearchCV(estimator or SVC(), space or SPACE, **given)


def tried(fitted):
    return fitted.cv_results_["params"]
