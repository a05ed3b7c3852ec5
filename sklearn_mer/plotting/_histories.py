"""Histories of training: where estimators keep them, and the forms they have."""

from sklearn.pipeline import Pipeline


def find_history(estimator):
    """Return the ``history_`` of a fitted estimator, or of the part of it that has one.

    Parameters
    ----------
    estimator : fitted estimator
        A pipeline is asked for its last step, another estimator without a history for its
        fitted parts.

    Returns
    -------
    list of dict, dict of list of dict, or None
        None where nothing has a history.

    Examples
    --------
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.plotting import find_history
    >>> find_history(SVC().fit([[0], [1]], ["Q1", "Q3"])) is None  # trains without epochs
    True
    """
    if isinstance(estimator, Pipeline):
        return find_history(estimator.steps[-1][1])
    if hasattr(estimator, "history_"):
        return estimator.history_
    parts = [value for name, value in vars(estimator).items() if name.endswith("_")]
    return next((part.history_ for part in parts if hasattr(part, "history_")), None)


def split_stages(history):
    """Return a history as a dict of stages, which has the name "" where there is only one.

    Parameters
    ----------
    history : list of dict, or dict of list of dict
        An epoch an entry, as in ``history_``.

    Returns
    -------
    dict of list of dict

    Raises
    ------
    ValueError
        If it is neither.
    """
    stages = history if isinstance(history, dict) else {"": history}
    well = all(isinstance(epochs, list | tuple) for epochs in stages.values()) and all(
        isinstance(epoch, dict) for epochs in stages.values() for epoch in epochs
    )
    if not well or not any(stages.values()):
        raise ValueError(
            "A history is a list of one dict an epoch, as `history_` of CNNBaseline, or a dict of "
            f"such lists, one a stage, as that of HybridMER; got {_short(history)}."
        )
    return stages


def split_folds(histories):
    """Return one history or several as a list of dicts of stages.

    Parameters
    ----------
    histories : history or list of history

    Returns
    -------
    list of dict of list of dict

    Raises
    ------
    ValueError
        If one of them is no history, or they differ in their stages.
    """
    several = isinstance(histories, list | tuple) and all(
        isinstance(one, list | tuple) or _has_stages(one) for one in histories
    )
    folds = [split_stages(one) for one in (histories if several and histories else [histories])]
    if len({tuple(stages) for stages in folds}) > 1:
        stages = [list(stages) for stages in folds]
        raise ValueError(f"Histories that are drawn together have the same stages, got {stages}.")
    return folds


def _has_stages(one):
    return isinstance(one, dict) and all(isinstance(part, list | tuple) for part in one.values())


def _short(value, length=80):
    text = repr(value)
    return text if len(text) <= length else f"{text[:length]}..."
