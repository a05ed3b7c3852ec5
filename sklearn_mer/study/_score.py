"""Fit and score one cell, in whatever process it was sent to."""

import math
import numbers
import pickle
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from .._compat import _safe_indexing
from .._memory import peak_memory_mb, reset_peak_memory
from .._text import error_line, portable_traceback
from ..audio import name_short_clips
from ..plotting import find_history
from ._keys import canonical_value, code_digest


@dataclass(frozen=True)
class CellResult:
    """Scores and costs of one cell, or why it failed; what does not apply is None."""

    status: str  # "done" or "failed"
    f1_macro: float | None = None  # from 0 to 1, as accuracy
    accuracy: float | None = None
    f1_per_class: list | None = None  # None in it: a class neither present nor predicted
    confusion: list | None = None  # rows are true classes, in the order of labels
    labels: list | None = None  # all classes of the data set
    fit_seconds: float | None = None  # wall-clock time
    score_seconds: float | None = None
    epochs: int | dict | None = None  # n_epochs_ of the estimator, perhaps by stage
    best_params: dict | None = None  # what a search inside the training clips chose
    history: list | dict | None = None  # numbers by epoch, perhaps by stage
    peak_memory_mb: float | None = None  # MiB
    device: str = ""  # empty for a method without a device
    traceback: str | None = None  # with file names shortened
    code: str = ""  # digest of the library's sources

    @property
    def seconds(self):
        """Wall-clock time of the whole cell."""
        return (self.fit_seconds or 0.0) + (self.score_seconds or 0.0)

    @property
    def error(self):
        """The error at the end of the traceback, empty for a finished cell."""
        return error_line(self.traceback) if self.traceback else ""


def score_cell(task, X, y, states=None):
    """Fit a method on the training clips of a fold and score it on the test clips."""
    try:
        task = pickle.loads(task) if isinstance(task, bytes) else task  # from `packed`
        with name_short_clips("once"):  # they are the same in many cells
            return _scored(*task, X, y, states)
    except Exception as error:  # whatever a method raises, the other cells go on
        return CellResult("failed", traceback=portable_traceback(error), code=code_digest())


def _scored(estimator, seed, train, test, X, y, states):
    estimator = seeded(estimator, seed)
    reset_peak_memory()
    begun = time.perf_counter()
    with _resumable(states) as found:
        estimator.fit(_safe_indexing(X, train), y[train])
    fitted = time.perf_counter()
    chosen = getattr(estimator, "best_params_", None)
    predicted = estimator.predict(_safe_indexing(X, test))
    ended = time.perf_counter()
    return CellResult(
        "done",
        **scores(y[test], predicted, np.unique(y)),
        fit_seconds=fitted - begun + (found.seconds_found if found else 0.0),
        score_seconds=ended - fitted,
        epochs=_epochs(estimator),
        best_params=chosen and {name: canonical_value(value) for name, value in chosen.items()},
        history=portable_history(find_history(estimator)),
        peak_memory_mb=peak_memory_mb(),
        device=_device(estimator),
        code=code_digest(),
    )


def seeded(estimator, seed):
    """Clone an estimator and give it a seed, or its parts if it has no ``random_state``."""
    estimator = clone(estimator)
    params = estimator.get_params(deep=True)
    if "random_state" in params:
        # Not its parts: what they cache per clip stays valid from fold to fold.
        return estimator.set_params(random_state=seed)
    unset = [name for name in params if name.endswith("__random_state") and params[name] is None]
    return estimator.set_params(**dict.fromkeys(unset, seed))


def _resumable(states):
    # Torch takes seconds to load, and a method that trains networks has loaded it by now.
    if states is None or "torch" not in sys.modules:
        return nullcontext()
    from ..training import resumable_training

    return resumable_training(states)


def scores(true, predicted, labels):
    """Return the scores of a fold's predictions, in JSON's types."""
    # A class that is neither present nor predicted has no F1, as in scikit-learn's scorer,
    # which grouped folds can bring about.
    per_class = f1_score(true, predicted, labels=labels, average=None, zero_division=np.nan)
    return {
        "f1_macro": float(np.nanmean(per_class)),
        "accuracy": float(accuracy_score(true, predicted)),
        "f1_per_class": [None if np.isnan(f1) else float(f1) for f1 in per_class],
        "confusion": confusion_matrix(true, predicted, labels=labels).tolist(),
        "labels": labels.tolist(),
    }


def portable_history(history):
    """Return the finite numbers of a history, to six digits, in JSON's own types."""
    if isinstance(history, dict):
        return {str(stage): portable_history(epochs) for stage, epochs in history.items()}
    return history and [
        {
            name: int(value) if isinstance(value, numbers.Integral) else float(f"{value:.6g}")
            for name, value in epoch.items()
            if isinstance(value, numbers.Real) and math.isfinite(value)
        }
        for epoch in history
    ]


def _epochs(estimator):
    epochs = getattr(estimator, "n_epochs_", None)
    if isinstance(epochs, dict):
        return {str(stage): int(number) for stage, number in epochs.items()}
    return None if epochs is None else int(epochs)


def _device(estimator):
    device = estimator.get_params(deep=False).get("device")
    if device != "auto":
        return str(device or "")
    torch = sys.modules.get("torch")  # loaded already if the method used it
    return "cuda" if torch is not None and torch.cuda.is_available() else "cpu"
