"""Figures that the page and the pictures share, computed from stored cells."""

import math
from statistics import fmean, stdev

import numpy as np

# Rows are said to differ below this p, after Holm's correction.
LEVEL = 0.05


def summed_confusion(rows):
    """Return the confusion matrix of a row, summed over its folds.

    Parameters
    ----------
    rows : list of dict
        Its finished cells, at least one.

    Returns
    -------
    ndarray of shape (n_classes, n_classes), int
    """
    return np.sum([row["confusion"] for row in rows], axis=0)


def class_scores(rows):
    """Return mean and deviation over folds of the F1 of each class, in percent.

    Parameters
    ----------
    rows : list of dict
        Finished cells, at least one.

    Returns
    -------
    list of (float, float, int)
        Mean, sample deviation (NaN below two folds) and number of folds that have the class.
    """
    classes = zip(*(row["f1_per_class"] for row in rows), strict=True)
    found = [[100 * f1 for f1 in of_class if f1 is not None] for of_class in classes]
    return [(_mean(values), _deviation(values), len(values)) for values in found]


def mean_of(rows, name):
    """Return the mean of a column over the cells that have it, NaN where none has."""
    return _mean([row[name] for row in rows if row[name] is not None])


def mean_epochs(rows):
    """Return the mean number of epochs over folds as text, stage by stage."""
    found = [row["epochs"] for row in rows if row["epochs"] is not None]
    if not found:
        return ""
    if isinstance(found[0], dict):
        stages = {stage: fmean(epochs[stage] for epochs in found) for stage in found[0]}
        return ", ".join(f"{stage} {epochs:.3g}" for stage, epochs in stages.items())
    return f"{fmean(found):.3g}"


def alike_runs(names, comparisons):
    """Return the runs of rows of which no two differ.

    Parameters
    ----------
    names : sequence of str
        Rows, best first.
    comparisons : DataFrame
        From :func:`compare_rows`.

    Returns
    -------
    list of (int, int)
        First and last position of each run; at least two rows, none within another. Rows that
        were not compared, for want of folds in common, are not joined.
    """
    alike = {
        frozenset((pair.first, pair.second)): pair.p_holm >= LEVEL
        for pair in comparisons.itertuples()
    }
    runs = []
    for first in range(len(names)):
        last = first
        while last + 1 < len(names) and all(
            alike.get(frozenset((names[i], names[last + 1])), False) for i in range(first, last + 1)
        ):
            last += 1
        if last > first and not (runs and runs[-1][1] >= last):
            runs.append((first, last))
    return runs


def _mean(values):
    return fmean(values) if values else math.nan


def _deviation(values):
    return stdev(values) if len(values) > 1 else math.nan
