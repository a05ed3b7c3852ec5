"""Fit and score one cell, in whatever process it was sent to."""

import sys
import time
import traceback
from contextlib import nullcontext
from pathlib import Path, PurePath

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from ...plotting import find_history
from ...training import resumable_training
from ._code import code_digest
from ._digest import canonical_value
from ._history import portable_history
from ._resources import peak_memory_mb, reset_peak_memory
from ._result import CellResult


def score_cell(cell, X, y, unfinished=None):
    """Fit a cell's method on its training clips and score it on its test clips.

    Parameters
    ----------
    cell : Cell
    X : table, array of waveforms, or array of paths
        All clips of the data set.
    y : ndarray of shape (n_clips,)
        All labels.
    unfinished : path-like or None, default=None
        Folder for half-way states of networks, so that a cell that was killed goes on from there
        (:func:`sklearn_mer.methods.resumable_training`); its seconds count.

    Returns
    -------
    CellResult
        A method's error is a result like any other.
    """
    try:
        return _scored(cell, X, y, unfinished)
    except Exception as error:  # whatever a method raises, the other cells go on
        return CellResult("failed", traceback=_portable_traceback(error))


def _scored(cell, X, y, unfinished):
    estimator = cell.estimator()
    reset_peak_memory()
    start = time.perf_counter()
    with _resumable(cell, unfinished) as states:
        estimator.fit(take(X, cell.train), y[cell.train])
    fitted = time.perf_counter()
    predicted = estimator.predict(take(X, cell.test))
    ended = time.perf_counter()
    return CellResult(
        "done",
        **_scores(y[cell.test], predicted, np.unique(y)),
        fit_seconds=fitted - start + (states.seconds_found if states else 0.0),
        score_seconds=ended - fitted,
        epochs=_epochs(estimator),
        best_params=_best_params(estimator),
        history=portable_history(find_history(estimator)),
        peak_memory_mb=peak_memory_mb(),
        device=_device(estimator),
    )


def _resumable(cell, unfinished):
    if unfinished is None:
        return nullcontext()
    # Of the code that runs here: other code need not come to the same state.
    return resumable_training(Path(unfinished) / f"{cell.key}-{code_digest()[:16]}")


def take(X, indices):
    """Return some of the clips, in the form they have.

    Parameters
    ----------
    X : table or ndarray
    indices : ndarray of int

    Returns
    -------
    table or ndarray
    """
    return X.iloc[indices] if hasattr(X, "iloc") else X[indices]


def _scores(true, predicted, labels):
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


def _epochs(estimator):
    epochs = getattr(estimator, "n_epochs_", None)
    if isinstance(epochs, dict):
        return {str(stage): int(number) for stage, number in epochs.items()}
    return None if epochs is None else int(epochs)


def _best_params(estimator):
    chosen = getattr(estimator, "best_params_", None)
    return None if chosen is None else {n: canonical_value(v) for n, v in chosen.items()}


def _device(estimator):
    device = estimator.get_params(deep=False).get("device")
    if device != "auto":
        return str(device or "")
    torch = sys.modules.get("torch")  # loaded already if the method used it
    return "cuda" if torch is not None and torch.cuda.is_available() else "cpu"


def _portable_traceback(error):
    # Stores are shared: a frame is named by package and file, not by somebody's folders.
    report = traceback.TracebackException.from_exception(error)
    for frame in report.stack:
        frame.filename = "/".join(PurePath(frame.filename).parts[-3:])
    return "".join(report.format())
