"""Settings of training, and the values that they may have."""

import numbers
from dataclasses import dataclass

import torch
from sklearn.utils import check_random_state

from .._compat import HasMethods, Interval, StrOptions

OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}
SCHEDULES = ("constant", "onecycle")
PRECISIONS = ("auto", "float32", "bfloat16")

NET_CONSTRAINTS = {
    "frontend": [HasMethods(["fit", "transform"]), StrOptions({"passthrough"}), None],
    "optimizer": [StrOptions(set(OPTIMIZERS))],
    "lr": [Interval(numbers.Real, 0, None, closed="neither")],
    "weight_decay": [Interval(numbers.Real, 0, None, closed="left")],
    "schedule": [StrOptions(set(SCHEDULES))],
    # Batch normalisation learns nothing from a batch of one.
    "batch_size": [Interval(numbers.Integral, 2, None, closed="left")],
    "max_epochs": [Interval(numbers.Integral, 1, None, closed="left")],
    "stop_accuracy": [Interval(numbers.Real, 0, 1, closed="right"), None],
    "precision": [StrOptions(set(PRECISIONS))],
    "device": [StrOptions({"auto", "cpu", "cuda"})],
    "n_jobs": [numbers.Integral, None],
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
    lr : float
    weight_decay : float
    schedule : {"constant", "onecycle"}
    batch_size, max_epochs : int
    stop_accuracy : float or None
        Training ends with the first epoch of at least this training accuracy.
    micro_batch : int or None
        See `MicroBatchEngine`; None for whole batches.
    device, precision : str
    seed : int
    verbose : int
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


def draw_seed(random_state):
    """Return one integer from a scikit-learn `random_state`."""
    return int(check_random_state(random_state).randint(2**31 - 1))
