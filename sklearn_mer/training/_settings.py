"""Settings of training and their constraints."""

import numbers
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.utils import check_random_state

from .._compat import N_JOBS, HasMethods, Interval, StrOptions

# By their names in torch, which is not loaded for settings.
OPTIMIZERS = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}
SCHEDULES = ("constant", "onecycle")
PRECISIONS = ("auto", "float32", "bfloat16")

NET_CONSTRAINTS = {
    "frontend": [HasMethods(["fit", "transform"]), StrOptions({"passthrough"}), None],
    "optimizer": [StrOptions(set(OPTIMIZERS))],
    "lr": [Interval(numbers.Real, 0, None, closed="neither")],
    "weight_decay": [Interval(numbers.Real, 0, None, closed="left")],
    "schedule": [StrOptions(set(SCHEDULES))],
    # Batch normalisation needs at least two samples.
    "batch_size": [Interval(numbers.Integral, 2, None, closed="left")],
    "max_epochs": [Interval(numbers.Integral, 1, None, closed="left")],
    "stop_accuracy": [Interval(numbers.Real, 0, 1, closed="right"), None],
    "precision": [StrOptions(set(PRECISIONS))],
    "device": [StrOptions({"auto", "cpu", "cuda"})],
    "n_jobs": N_JOBS,
    "random_state": ["random_state"],
    "verbose": ["verbose"],
}

SEGMENT_CONSTRAINTS = {
    "segment_length": [Interval(numbers.Integral, 1, None, closed="left")],
    "segments_per_epoch": [Interval(numbers.Integral, 1, None, closed="left"), None],
}


@dataclass(frozen=True)
class Settings:
    """How one network is trained.

    Parameters
    ----------
    optimizer : {"adam", "adamw", "sgd"}
        The optimiser.
    lr : float
        Learning rate; for "onecycle" the highest one.
    weight_decay : float
        Weight decay of the optimiser.
    schedule : {"constant", "onecycle"}
        Learning rate over time.
    batch_size : int
        Number of samples per batch.
    max_epochs : int
        Largest number of epochs.
    micro_batch : int or None
        Number of clips per micro-batch on a CPU (see `MicroBatchEngine`); None for whole batches.
    device : {"auto", "cpu", "cuda"}
        Device of training.
    precision : {"auto", "float32", "bfloat16"}
        Numeric precision of training.
    seed : int
        Seed of initial weights, shuffling and dropout.
    verbose : int
        Show progress if positive.
    stop_accuracy : float or None, default=None
        Training of a classifier ends with the first epoch of at least this training accuracy.
    """

    optimizer: str
    lr: float
    weight_decay: float
    schedule: str
    batch_size: int
    max_epochs: int
    micro_batch: int | None
    device: str
    precision: str
    seed: int
    verbose: int
    stop_accuracy: float | None = None

    def __post_init__(self):
        for name, value in asdict(self).items():
            object.__setattr__(self, name, plain_values(value))


def plain_values(value):
    """Replace numpy's numbers by Python's own, also in lists, tuples and dicts of numbers.

    torch takes numpy's for some parameters and refuses them for others.

    Parameters
    ----------
    value : object
        A number, a list, tuple or dict of numbers, or anything else, which stays as it is.

    Returns
    -------
    object
        The same with numbers of Python.
    """
    if isinstance(value, dict):
        return {name: plain_values(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return (tuple if isinstance(value, tuple) else list)(map(plain_values, value))
    return value.item() if isinstance(value, np.generic) else value


def check_filters(n_filters):
    """Raise an error if the parameter `n_filters` does not hold positive integers.

    Parameters
    ----------
    n_filters : array-like of int
        Number of filters of each convolution.

    Raises
    ------
    ValueError
        If it does not.
    """
    whole = all(isinstance(n, numbers.Integral) and n > 0 for n in n_filters)
    if not len(n_filters) or not whole:
        raise ValueError(
            f"n_filters={n_filters!r} must be positive integers, one for each convolution."
        )


def draw_seed(random_state):
    """Draw a seed.

    Parameters
    ----------
    random_state : int, RandomState instance or None
        As in scikit-learn.

    Returns
    -------
    int
        The seed.
    """
    return int(check_random_state(random_state).randint(2**31 - 1))
