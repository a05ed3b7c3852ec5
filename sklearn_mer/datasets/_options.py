"""Checks of the parameters that the loaders share."""

import os

from .._compat import N_JOBS, StrOptions, validate_params

_CONSTRAINTS = {
    "data_home": [str, os.PathLike, None],
    "return_X_y": ["boolean"],
    "as_frame": ["boolean"],
    "on_error": [StrOptions({"raise", "skip"})],
    "n_jobs": N_JOBS,
    "verbose": ["verbose"],
}


def checks_options(**constraints):
    """Return a decorator of a loader that checks its parameters as scikit-learn does.

    Parameters
    ----------
    **constraints : list
        What each parameter may be that not all loaders have.

    Returns
    -------
    callable
        The decorator.
    """
    # A loader without a data home has no such parameter, and what it lacks is not checked.
    return validate_params(_CONSTRAINTS | constraints, prefer_skip_nested_validation=True)
