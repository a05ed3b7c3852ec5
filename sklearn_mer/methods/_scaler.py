"""Standardisation of descriptors that a classifier of another collection survives."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from .._saved import saved_as

# Of clips, that are so near to the median of a column, the column says nothing.
_NEAR = 0.01  # of the standard deviation
_SHARE = 0.95
# A column whose deviation is a smaller share of its largest value holds rounding errors only.
_ROUNDING = 1e-6


@saved_as("ClippedScaler")
class ClippedScaler(TransformerMixin, BaseEstimator):
    """Standardises and clips columns; those that hardly vary become zero.

    A column hardly varies if more than 95 % of its values are within a hundredth of a standard
    deviation of the median: the deviation is then that of a few clips, and the others are nowhere
    as soon as the column moves a little.

    Parameters
    ----------
    clip : float or None
        Largest absolute value of a standardised column, None for no limit.

    Attributes
    ----------
    kept_ : ndarray of shape (n_columns,), bool
        The columns that vary among the clips of `fit`.
    used_ : ndarray of shape (n_columns,), bool
        Those of them that vary among the clips of `adapt` too; the others become zero.
    mean_, deviation_ : ndarray of shape (n_columns,)
        Of the clips of `fit`, or of `adapt`.
    """

    def __init__(self, clip):
        self.clip = clip

    def fit(self, X, y=None):
        """Learn mean and deviation of each column of X."""
        self.kept_ = _varies(X)
        return self.adapt(X)

    def adapt(self, X):
        """Take mean and deviation of the kept columns from X instead."""
        self.used_ = self.kept_ & _varies(X)
        self.mean_, self.deviation_ = X.mean(axis=0), np.where(self.used_, X.std(axis=0), 1.0)
        return self

    def transform(self, X):
        """Return the scaled columns."""
        scaled = np.where(self.used_, (X - self.mean_) / self.deviation_, 0.0)
        return scaled if self.clip is None else scaled.clip(-self.clip, self.clip)


def _varies(X):
    deviation = X.std(axis=0)
    near = np.abs(X - np.median(X, axis=0)) <= _NEAR * deviation
    return (near.mean(axis=0) <= _SHARE) & (deviation > _ROUNDING * np.abs(X).max(axis=0))
