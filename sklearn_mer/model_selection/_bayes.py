"""Bayesian search over the parameters of any estimator."""

import math
import numbers
from copy import deepcopy

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state, get_tags
from sklearn.utils.metaestimators import available_if

from .._compat import BaseSearchCV, Interval, StrOptions
from ._optuna import SAMPLERS, Space, new_study, tell


def _transforms(search):
    return search.refit and hasattr(search.estimator, "transform")


class BayesSearchCV(BaseSearchCV):
    """Search over parameters that learns from the candidates it has tried.

    As :class:`~sklearn.model_selection.GridSearchCV` in all but the choice of candidates: each
    is proposed, by optuna, from the cross-validated scores of those before it.

    Parameters
    ----------
    estimator : estimator
        Cloned for each fit.
    param_distributions : dict of str to (tuple, list or optuna distribution)
        Where to look, a parameter: ``(low, high)`` or ``(low, high, "log")`` for a range with
        both ends included, of integers where both ends are integers; a list of choices, of any
        type; or one of ``optuna.distributions``.
    n_trials : int, default=50
        Candidates that are tried.
    sampler : {"gp", "tpe", "random"}, default="gp"
        What proposes candidates: a Gaussian process, a tree of Parzen estimators, or chance.
    scoring : str, callable, list, tuple, dict or None, default=None
        As in GridSearchCV. With several metrics, `refit` names the one that is searched for.
    n_jobs : int or None, default=None
        Folds of a candidate that are fitted at once. Candidates come one after the other, so
        more jobs than folds gain nothing, and the result is the same for any number.
    refit : bool, str or callable, default=True
        As in GridSearchCV.
    cv : int, splitter, iterable or None, default=None
        As in GridSearchCV. A splitter that draws other folds at every call makes candidates
        differ by their folds, too: give it an int as its ``random_state``.
    verbose : int, default=0
    pre_dispatch : int or str, default="2*n_jobs"
    error_score : "raise" or numeric, default=nan
        Score of a fold whose fit fails. A candidate without a finite mean teaches the search
        nothing; one whose fits fail in all folds has no row in ``cv_results_`` either.
    return_train_score : bool, default=False
    random_state : int, RandomState or None, default=None
        Of the proposals; not of the estimator nor of `cv`.

    Attributes
    ----------
    cv_results_ : dict of str to ndarray
        As in GridSearchCV, candidates in the order in which they were tried.
    best_estimator_ : estimator
        Refitted on all data, where `refit` is not False.
    best_params_ : dict
    best_score_ : float
        Mean score of the best candidate.
    best_index_ : int
        Its row in ``cv_results_``.
    scorer_ : callable or dict of callable
    n_splits_ : int
        Folds.
    refit_time_ : float
        Seconds that the last fit took.
    multimetric_ : bool
    classes_ : ndarray of shape (n_classes,)
        Those of ``best_estimator_``.
    n_features_in_ : int
        That of ``best_estimator_``.
    feature_names_in_ : ndarray of str
        That of ``best_estimator_``, where it has one.

    Raises
    ------
    ImportError
        From `fit`, if optuna (extra ``search``) is not installed.
    ValueError
        From `fit`, for something that is no distribution, for a parameter that the estimator
        does not have, or if no candidate could be fitted.

    See Also
    --------
    sklearn.model_selection.GridSearchCV : Tries every combination.
    sklearn.model_selection.RandomizedSearchCV : Draws combinations.
    sklearn_mer.SVMBaseline : Searches inside its own `fit` with ``search="bayes"``.

    Notes
    -----
    ``best_score_`` is the best of many and so too high; cross-validate the search itself to
    know what it is worth.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.model_selection import BayesSearchCV
    >>> X, y = load_iris(return_X_y=True)
    >>> space = {"C": (1e-3, 1e3, "log"), "kernel": ["linear", "rbf"]}
    >>> search = BayesSearchCV(SVC(), space, n_trials=8, cv=3, random_state=0).fit(X, y)
    >>> search.best_params_["kernel"], len(search.cv_results_["params"])
    ('linear', 8)
    """

    # BaseSearchCV is private, but its hook for searches of others, `_run_search`, is described
    # in its source for them. Routing, delegation and cv_results_ then are scikit-learn's own,
    # some six hundred lines that would be copied otherwise.

    _parameter_constraints = {
        **BaseSearchCV._parameter_constraints,
        "param_distributions": [dict],
        "n_trials": [Interval(numbers.Integral, 1, None, closed="left")],
        "sampler": [StrOptions(set(SAMPLERS))],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator,
        param_distributions,
        *,
        n_trials=50,
        sampler="gp",
        scoring=None,
        n_jobs=None,
        refit=True,
        cv=None,
        verbose=0,
        pre_dispatch="2*n_jobs",
        error_score=np.nan,
        return_train_score=False,
        random_state=None,
    ):
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_distributions = param_distributions
        self.n_trials = n_trials
        self.sampler = sampler
        self.random_state = random_state

    @property
    def n_features_in_(self):
        """That of ``best_estimator_``."""  # the base's words link to scikit-learn's glossary
        return super().n_features_in_

    @available_if(_transforms)
    def fit_transform(self, X, y=None, **params):
        """Search, then transform the data that was searched on.

        Only there where `estimator` transforms and `refit` is not False.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,) or None, default=None
        **params : dict
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_samples, n_features_new)
        """
        return self.fit(X, y, **params).transform(X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # Data go to the estimator as they come; the base takes over some of its tags only.
        of_estimator = deepcopy(get_tags(self.estimator))
        tags.input_tags = of_estimator.input_tags
        tags.target_tags = of_estimator.target_tags
        tags.transformer_tags = of_estimator.transformer_tags
        tags.target_tags.required = False  # a y that lacks is found by the estimator's fits
        return tags

    def _run_search(self, evaluate_candidates):
        space = Space(self.param_distributions)
        seed = self.random_state
        if not isinstance(seed, numbers.Integral):
            seed = int(check_random_state(seed).randint(2**31 - 1))
        failure, n_fitted = None, 0
        with new_study(self.sampler, seed) as study:
            for _ in range(self.n_trials):
                trial, params = space.ask(study)
                # An unknown parameter is nobody's failed fit: it ends the search at once.
                clone(self.estimator).set_params(**clone(params, safe=False))
                try:
                    results = evaluate_candidates([params])
                except ValueError as error:  # every fit of this candidate failed
                    if self.error_score == "raise":
                        raise
                    failure, score = error, math.nan
                else:
                    n_fitted += 1
                    score = results[self._searched_metric(results)][-1]
                tell(study, trial, score)
        if not n_fitted:
            raise failure

    def _searched_metric(self, results):
        named = f"mean_test_{self.refit}"
        name = named if isinstance(self.refit, str) and named in results else "mean_test_score"
        if name not in results:
            metrics = sorted(key[10:] for key in results if key.startswith("mean_test_"))
            raise ValueError(
                f"refit={self.refit!r} does not say which of several metrics is searched for. "
                f"Give it the name of one of {metrics}."
            )
        return name
