"""Parameters of a row that a file changes."""

from dataclasses import replace

from sklearn.base import clone

from ..._compat import validate_parameter_constraints


def with_params(method, params, *, title=None):
    """Return a row of the table with some parameters of its estimator changed."""
    estimator = clone(method.estimator).set_params(**params)
    return replace(method, estimator=estimator, title=title or method.title)


def check_value(file, name, value, estimator):
    """Check a parameter's value as the estimator's own `fit` would.

    Raises
    ------
    ValueError
        If it is not allowed; the message names file, parameter and what is.
    """
    part, _, leaf = name.rpartition("__")
    try:
        changed = clone(estimator).set_params(**{name: value})
        owner = changed.get_params()[part] if part else changed
        constraints = getattr(owner, "_parameter_constraints", {})
        validate_parameter_constraints(constraints, {leaf: value}, type(owner).__name__)
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(f"{file}: {name!r} cannot be {value!r}. {error}") from error
