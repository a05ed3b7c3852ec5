"""Training histories of estimators, and their formats."""

from sklearn.pipeline import Pipeline


def find_history(estimator):
    """Return the ``history_`` of a fitted estimator.

    Parameters
    ----------
    estimator : fitted estimator
        For a pipeline, the last step is searched. For another estimator without ``history_``, its
        fitted attributes are.

    Returns
    -------
    list of dict, dict of list of dict, or None
        The history, or None if there is none.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.plotting import find_history
    >>> find_history(SVC().fit([[0], [1]], ["Q1", "Q3"])) is None  # trains without epochs
    True
    """
    if isinstance(estimator, Pipeline):
        found = (find_history(step) for _, step in reversed(estimator.steps))
        return next((history for history in found if history is not None), None)
    if hasattr(estimator, "history_"):
        return estimator.history_
    parts = [value for name, value in vars(estimator).items() if name.endswith("_")]
    return next((part.history_ for part in parts if hasattr(part, "history_")), None)


def split_stages(history):
    """Return a history as a dict of stages; a list of epochs becomes the stage "".

    Parameters
    ----------
    history : list of dict, or dict of list of dict
        Training history with one dict per epoch.

    Returns
    -------
    dict of list of dict
        Epochs by stage.

    Raises
    ------
    ValueError
        If `history` is not a training history.
    """
    stages = history if isinstance(history, dict) else {"": history}
    valid = all(isinstance(epochs, list | tuple) for epochs in stages.values()) and all(
        isinstance(epoch, dict) for epochs in stages.values() for epoch in epochs
    )
    if not valid or not any(stages.values()):
        raise ValueError(
            "A history must be a list with one dict per epoch (`history_` of CNNBaseline), or a "
            f"dict with one such list per stage (that of HybridMER); got {_shorten(history)}."
        )
    return stages


def split_folds(histories):
    """Return one or several histories as a list of dicts of stages.

    Parameters
    ----------
    histories : history or list of history
        One history, or one per fold.

    Returns
    -------
    list of dict of list of dict
        Epochs by fold and stage.

    Raises
    ------
    ValueError
        If one of them is not a history, or if their stages differ.
    """
    several = isinstance(histories, list | tuple) and all(
        isinstance(one, list | tuple) or _has_stages(one) for one in histories
    )
    folds = [split_stages(one) for one in (histories if several and histories else [histories])]
    if len({tuple(stages) for stages in folds}) > 1:
        stages = [list(stages) for stages in folds]
        raise ValueError(f"Histories of folds must have the same stages, got {stages}.")
    return folds


def _has_stages(one):
    return isinstance(one, dict) and all(isinstance(part, list | tuple) for part in one.values())


def _shorten(value, length=80):
    text = repr(value)
    return text if len(text) <= length else f"{text[:length]}..."
