"""Bayesian optimisation of a support vector machine, over the paper's space."""

from sklearn.model_selection import StratifiedKFold, cross_val_score

_KERNELS = ("linear", "poly", "rbf", "sigmoid")
_RANGE = (1e-6, 100.0)
_N_FOLDS = 5


def search_svc(make_pipeline, X, y, *, n_trials, n_jobs, seed):
    """Return the SVC settings of the best inner cross-validation accuracy.

    Parameters
    ----------
    make_pipeline : callable
        Takes the settings, returns an unfitted classifier.
    X : ndarray of shape (n_clips, n_features)
        Descriptors of the training fold.
    y : ndarray of shape (n_clips,)
    n_trials : int
    n_jobs : int or None
        Inner folds at once.
    seed : int

    Returns
    -------
    dict
        ``kernel``, ``C``, ``gamma`` and ``degree``.
    """
    optuna = import_optuna()
    folds = StratifiedKFold(_N_FOLDS, shuffle=True, random_state=seed)

    def accuracy(trial):
        pipeline = make_pipeline(_suggest(trial))
        return cross_val_score(pipeline, X, y, cv=folds, n_jobs=n_jobs, error_score="raise").mean()

    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study(
            direction="maximize", sampler=optuna.samplers.GPSampler(seed=seed)
        )
        study.optimize(accuracy, n_trials=n_trials)
    finally:
        optuna.logging.set_verbosity(verbosity)
    return dict(study.best_params)


def _suggest(trial):
    low, high = _RANGE
    return {
        "kernel": trial.suggest_categorical("kernel", _KERNELS),
        "C": trial.suggest_float("C", low, high, log=True),
        "gamma": trial.suggest_float("gamma", low, high, log=True),
        "degree": trial.suggest_int("degree", 1, 5),
    }


def import_optuna():
    """Return the module, or say how to get it."""
    try:
        import optuna
    except ImportError as error:
        raise ImportError(
            "search='bayes' needs optuna, which is not installed: "
            'pip install "sklearn-mer[search]"'
        ) from error
    return optuna
