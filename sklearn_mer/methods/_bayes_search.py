"""Bayesian optimisation of a support vector machine, over the paper's space."""

from sklearn.model_selection import StratifiedKFold

from ..model_selection import BayesSearchCV

# Of the settings of an SVC.
SPACE = {
    "kernel": ["linear", "poly", "rbf", "sigmoid"],
    "C": (1e-6, 100.0, "log"),
    "gamma": (1e-6, 100.0, "log"),
    "degree": (1, 5),
}
_N_FOLDS = 5


def svc_search(pipeline, *, n_trials, n_jobs, seed):
    """Return the search for the SVC settings of the best inner accuracy, unfitted.

    Parameters
    ----------
    pipeline : Pipeline
        Unfitted, with a step ``svc``.
    n_trials : int
    n_jobs : int or None
        Inner folds at once.
    seed : int

    Returns
    -------
    BayesSearchCV
        Its parameters are those of the pipeline; it does not refit.
    """
    return BayesSearchCV(
        pipeline,
        {f"svc__{name}": given for name, given in SPACE.items()},
        n_trials=n_trials,
        n_jobs=n_jobs,
        refit=False,
        cv=StratifiedKFold(_N_FOLDS, shuffle=True, random_state=seed),
        error_score="raise",
        random_state=seed,
    )


def search_svc(pipeline, X, y, **settings):
    """Return the SVC settings of the best inner cross-validation accuracy.

    Parameters
    ----------
    pipeline : Pipeline
    X : ndarray of shape (n_clips, n_features)
        Descriptors of the training fold.
    y : ndarray of shape (n_clips,)
    **settings
        Of :func:`svc_search`.

    Returns
    -------
    dict
        ``kernel``, ``C``, ``gamma`` and ``degree``.
    """
    search = svc_search(pipeline, **settings).fit(X, y)
    return {name.removeprefix("svc__"): value for name, value in search.best_params_.items()}
