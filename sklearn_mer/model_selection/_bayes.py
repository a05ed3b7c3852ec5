"""Bayesian search of hyper-parameters."""

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
    """Bayesian search of hyper-parameters with cross-validation.

    Like :class:`~sklearn.model_selection.GridSearchCV`, except that optuna proposes each candidate
    from the cross-validated scores of the previous ones.

    Parameters
    ----------
    estimator : estimator
        Estimator to tune. It is cloned for each fit.
    param_distributions : dict of str to (tuple, list or optuna distribution)
        Distribution of each parameter: ``(low, high)`` or ``(low, high, "log")`` for a range that
        includes both ends, of integers if both ends are integers; a list of choices of any type;
        or one of ``optuna.distributions``.
    n_trials : int, default=50
        Number of candidates to evaluate.
    sampler : {"gp", "tpe", "random"}, default="gp"
        Algorithm that proposes candidates: a Gaussian process, a tree of Parzen estimators, or
        random search.
    scoring : str, callable, list, tuple, dict or None, default=None
        As in GridSearchCV. With several metrics, `refit` names the metric to optimise.
    n_jobs : int or None, default=None
        Number of folds of a candidate to fit in parallel. Candidates are evaluated one after the
        other, so that more jobs than folds have no effect. The result does not depend on it.
    refit : bool, str or callable, default=True
        As in GridSearchCV.
    cv : int, splitter, iterable or None, default=None
        As in GridSearchCV. Give splitters an int as ``random_state``, so that all candidates are
        evaluated on the same folds.
    verbose : int, default=0
        As in GridSearchCV.
    pre_dispatch : int or str, default="2*n_jobs"
        As in GridSearchCV.
    error_score : "raise" or numeric, default=nan
        Score of a fold whose fit fails. Candidates whose mean score is not finite are ignored by
        the sampler. Candidates whose fits fail in all folds have no row in ``cv_results_``.
    return_train_score : bool, default=False
        As in GridSearchCV.
    random_state : int, RandomState instance or None, default=None
        Controls the proposed candidates, but neither the estimator nor `cv`.

    Attributes
    ----------
    cv_results_ : dict of str to ndarray
        As in GridSearchCV, with the candidates in the order of evaluation.
    best_estimator_ : estimator
        Estimator fitted on all data with the best parameters. Only present if `refit` is not
        False.
    best_params_ : dict
        Parameters of the best candidate.
    best_score_ : float
        Mean cross-validated score of the best candidate.
    best_index_ : int
        Row of the best candidate in ``cv_results_``.
    scorer_ : callable or dict of callable
        Scorer of the metric, or scorers by name.
    n_splits_ : int
        Number of folds.
    refit_time_ : float
        Duration of the last fit in seconds.
    multimetric_ : bool
        Whether several metrics were computed.
    classes_ : ndarray of shape (n_classes,)
        Class labels of ``best_estimator_``.
    n_features_in_ : int
        Number of features seen by ``best_estimator_``.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the features seen by ``best_estimator_``, if it has them.

    Raises
    ------
    ImportError
        In `fit`, if optuna is not installed (extra ``search``).
    ValueError
        In `fit`, if a distribution is invalid, if the estimator does not have a parameter, or if
        no candidate could be fitted.

    See Also
    --------
    sklearn.model_selection.GridSearchCV : Evaluate all combinations.
    sklearn.model_selection.RandomizedSearchCV : Evaluate random combinations.
    sklearn_mer.methods.SVMBaseline : Runs this search in `fit` with ``search="bayes"``.

    Notes
    -----
    ``best_score_`` is the maximum of many scores and thus optimistic. Cross-validate the search
    itself for an unbiased estimate (nested cross-validation).

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

    # BaseSearchCV is private, but its hook `_run_search` is documented in its source for such
    # subclasses. Without it, some 600 lines would have to be copied.

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
        """Number of features seen by ``best_estimator_``."""
        return super().n_features_in_

    @available_if(_transforms)
    def fit_transform(self, X, y=None, **params):
        """Fit, then transform the same data with the best estimator.

        Only available if `estimator` has `transform` and `refit` is not False.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Training data.
        y : array-like of shape (n_samples,) or None, default=None
            Target values.
        **params : dict
            Parameters passed to `fit`.

        Returns
        -------
        X_new : ndarray of shape (n_samples, n_features_new)
            Transformed data.
        """
        return self.fit(X, y, **params).transform(X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # The base class copies only some tags, but the estimator gets the data unchanged.
        estimator_tags = deepcopy(get_tags(self.estimator))
        tags.input_tags = estimator_tags.input_tags
        tags.target_tags = estimator_tags.target_tags
        tags.transformer_tags = estimator_tags.transformer_tags
        tags.target_tags.required = False  # the estimator raises an error if y is missing
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
                # An unknown parameter is an error, and not a failed fit.
                clone(self.estimator).set_params(**clone(params, safe=False))
                try:
                    results = evaluate_candidates([params])
                except ValueError as error:  # all fits of this candidate failed
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
        refit_name = f"mean_test_{self.refit}"
        use_refit = isinstance(self.refit, str) and refit_name in results
        name = refit_name if use_refit else "mean_test_score"
        if name not in results:
            metrics = sorted(key[10:] for key in results if key.startswith("mean_test_"))
            raise ValueError(
                f"refit={self.refit!r} does not name the metric to optimise; set it to one of "
                f"{metrics}."
            )
        return name
