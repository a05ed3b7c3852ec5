"""Random numbers that belong to one copy of one clip."""

import numbers

import numpy as np
from sklearn.utils import check_random_state

from ..audio import digest_of


def seed_of(random_state):
    """Return the integer seed that `random_state` stands for (drawn, unless it is an int)."""
    if isinstance(random_state, numbers.Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def copy_generator(waveform, settings, seed, copy):
    """Return the generator of one copy: the same wherever and whenever the copy is made.

    It depends on the samples, not on their place in X, so that folds, neighbours and the
    number of threads cannot matter.
    """
    content = digest_of(memoryview(np.ascontiguousarray(waveform)).cast("B"))
    return np.random.default_rng(int(digest_of([content, settings, seed, copy]), 16))


def choose(rng, values, name, *, positive=False):
    """Draw one of `values`, each with the same probability.

    Parameters
    ----------
    rng : numpy.random.Generator
    values : array-like of float
    name : str
        The parameter's name, for the error.
    positive : bool, default=False
        Whether all values must be greater than 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If there is nothing to choose from, or a value is no finite number, or not positive.
    """
    array = np.asarray(values)
    if array.ndim != 1 or not array.size or array.dtype.kind not in "iuf":
        raise ValueError(f"{name}={values!r} must be a non-empty sequence of numbers.")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}={values!r} holds values that are not finite.")
    if positive and array.min() <= 0:
        raise ValueError(f"{name}={values!r} must all be greater than 0.")
    return float(array[rng.integers(array.size)])


def draw_between(rng, values, name, **limits):
    """Draw a number between two, uniformly.

    Parameters
    ----------
    rng : numpy.random.Generator
    values, name, **limits
        See `check_range`.

    Returns
    -------
    float
    """
    return float(rng.uniform(*check_range(values, name, **limits)))


def check_range(values, name, *, at_least=-np.inf, at_most=np.inf):
    """Return the ends of a range as numbers.

    Parameters
    ----------
    values : array-like of 2 floats
        The least and the greatest.
    name : str
        The parameter's name, for the error.
    at_least, at_most : float
        What `values` must lie within.

    Returns
    -------
    tuple of 2 floats

    Raises
    ------
    ValueError
        If `values` are not two finite numbers, in order and within the limits.
    """
    array = np.asarray(values)
    if array.shape != (2,) or array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise ValueError(f"{name}={values!r} must be two finite numbers, the least first.")
    low, high = array.astype(float).tolist()
    if not at_least <= low <= high <= at_most:
        raise ValueError(
            f"{name}={values!r} must be two numbers in order, from {at_least} to {at_most}."
        )
    return low, high


def as_json(value):
    """Return a parameter as plain JSON; equal numbers are the same, whatever their type."""
    array = np.asarray(value)
    return array.astype(float).tolist() if array.dtype.kind in "iuf" else array.tolist()
