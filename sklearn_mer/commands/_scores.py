"""Scores of predictions."""

import numpy as np

_N_BINS, _N_DRAWS = 10, 2000


def calibration_error(true, proba):
    """Return the expected calibration error of the most probable class, in ten bins."""
    sure, right = proba.max(axis=1), proba.argmax(axis=1) == true
    bins = np.minimum((sure * _N_BINS).astype(int), _N_BINS - 1)
    differences = [np.sum(right[bins == i] - sure[bins == i]) for i in range(_N_BINS)]
    return float(np.abs(differences).sum() / len(true))


def confusion(true, predicted, n_classes, weights=None):
    """Return how often each class, a row, is taken for each, a column."""
    cells = np.bincount(true * n_classes + predicted, weights, minlength=n_classes**2)
    return cells.reshape(n_classes, n_classes)


def class_f1(matrix):
    """Return the F1 of each class of a confusion matrix; NaN for classes that are not there."""
    n_true = matrix.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = 2 * matrix.diagonal() / (n_true + matrix.sum(axis=0))
    return np.where(n_true > 0, f1, np.nan)


def macro_f1_interval(true, predicted, n_classes, groups=None):
    """Return a 95 % interval of the macro F1 by bootstrap: clips, or groups of them, are drawn.

    Parameters
    ----------
    true, predicted : ndarray of shape (n_clips,), int
        Numbers of classes.
    n_classes : int
        Number of classes.
    groups : array-like of shape (n_clips,) or None, default=None
        Clips that are drawn together, such as those of an artist.

    Returns
    -------
    ndarray of shape (2,)
        Its ends.
    """
    units = np.arange(len(true)) if groups is None else np.unique(groups, return_inverse=True)[1]
    rng, n_units = np.random.default_rng(0), units.max() + 1
    scores = []
    for _ in range(_N_DRAWS):
        drawn = np.bincount(rng.integers(n_units, size=n_units), minlength=n_units)
        matrix = confusion(true, predicted, n_classes, drawn[units])
        scores.append(np.nanmean(class_f1(matrix)))
    return np.percentile(scores, [2.5, 97.5])
