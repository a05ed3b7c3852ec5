"""Random draws, and the ranges that they are drawn from."""

import numbers

import numpy as np
from sklearn.utils import check_random_state

from ..audio import digest_of


def seed_of(random_state):
    """Return `random_state` if it is an int, else a seed drawn from it."""
    if isinstance(random_state, numbers.Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def copy_generator(waveform, settings, seed, copy):
    """Return the random generator of one copy.

    Its seed depends on the samples of the waveform and not on its row in X, so that folds, other
    clips and the number of threads do not change the copy.
    """
    content = digest_of(memoryview(np.ascontiguousarray(waveform)).cast("B"))
    return np.random.default_rng(int(digest_of([content, settings, seed, copy]), 16))


def choose(rng, values):
    """Draw one of `values`, all with the same probability."""
    return float(np.asarray(values)[rng.integers(len(values))])


def check_choices(values, name, *, at_least, at_most):
    """Check a sequence of numbers to choose from.

    Raises
    ------
    ValueError
        If `values` is not a non-empty sequence of numbers within the limits. The message names the
        parameter `name`.
    """
    array = _as_array(values)
    if array.ndim != 1 or not array.size or array.dtype.kind not in "iuf":
        raise ValueError(f"{name}={values!r} must be a non-empty sequence of numbers.")
    if not ((at_least <= array) & (array <= at_most)).all():
        raise ValueError(f"{name}={values!r} must be numbers from {at_least} to {at_most}.")


def _as_array(values):
    try:
        return np.asarray(values)
    except ValueError:  # sequences of different length
        return np.empty(0)


def draw_between(rng, values):
    """Draw a number uniformly from the range `values`."""
    low, high = values
    return float(rng.uniform(float(low), float(high)))


def check_range(values, name, *, at_least, at_most, note=""):
    """Return the ends of the range `values` as floats.

    Raises
    ------
    ValueError
        If `values` are not two finite numbers in ascending order and within the limits. The message
        names the parameter `name` and ends with `note`.
    """
    array = _as_array(values)
    if array.shape != (2,) or array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise ValueError(f"{name}={values!r} must be two finite numbers, the lower one first.")
    low, high = array.astype(float).tolist()
    if not at_least <= low <= high <= at_most:
        raise ValueError(
            f"{name}={values!r} must be two numbers in ascending order, from {at_least} to "
            f"{at_most}{note}."
        )
    return low, high


def as_json(value):
    """Return a parameter as JSON; equal numbers of different types give the same JSON."""
    array = np.asarray(value)
    return array.astype(float).tolist() if array.dtype.kind in "iuf" else array.tolist()
