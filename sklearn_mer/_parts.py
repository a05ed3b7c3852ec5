"""Estimators that are parameters of others."""

from sklearn.base import clone


def clone_part(part, name):
    """Return a clone of an estimator that is a parameter of another one.

    Parameters
    ----------
    part : estimator
        What was given.
    name : str
        Name of the parameter, for the messages.

    Returns
    -------
    estimator
        The clone, unfitted.

    Raises
    ------
    TypeError
        If it is a class, or cannot be cloned.
    """
    if isinstance(part, type):
        raise TypeError(f"{name}={part.__name__} is a class; give an instance, {part.__name__}().")
    if not hasattr(part, "get_params"):
        raise TypeError(
            f"{name}={part!r} has no get_params and cannot be cloned; derive its class from "
            "sklearn.base.BaseEstimator."
        )
    return clone(part)
