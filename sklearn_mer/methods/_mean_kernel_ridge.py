"""Ridge regression of the classes on the mean of one kernel per group of columns."""

from functools import lru_cache

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.utils.class_weight import compute_sample_weight

from .._saved import saved_as
from ._scaler import ClippedScaler

# Values of the directions of one group, 32 MiB, so that a file cannot ask for any memory.
_MAX_DIRECTIONS = 2**23


@saved_as("MeanKernelRidge")
class MeanKernelRidge(ClassifierMixin, BaseEstimator):
    """Kernel ridge regression of class indicators on the mean of one RBF kernel per group.

    Within a group, columns that hardly vary are left out, the others are standardised and clipped
    (`ClippedScaler`), and the kernel is ``exp(-|x - x'|^2 / d)`` for the d columns left. The score
    of a class is the mean of a Gaussian process on its indicator: 1 for clips of it, else -1.

    Parameters
    ----------
    groups : list of ndarray of int
        Columns of each group.
    weights : list of float
        Weight of each group's kernel in the mean.
    alpha : float
        Regularisation strength: the variance of the noise of the Gaussian process.
    clip : float or None
        Largest absolute value of a standardised column.
    class_weight : dict or None
        Weight of each class.
    max_exact : int
        Largest number of training clips for which the kernel is computed in full. For more, it
        is approximated.
    n_components : int
        Number of components of the approximation per group.
    seed : int
        Chooses the clips, or the directions, of the approximation.
    approximation : {"nystroem", "fourier"}
        Keeps rows of clips, or none.
    """

    def __init__(
        self,
        groups,
        *,
        weights,
        alpha,
        clip,
        class_weight,
        max_exact,
        n_components,
        seed,
        approximation="nystroem",
    ):
        self.groups = groups
        self.weights = weights
        self.alpha = alpha
        self.clip = clip
        self.class_weight = class_weight
        self.max_exact = max_exact
        self.n_components = n_components
        self.seed = seed
        self.approximation = approximation

    def fit(self, X, y):
        """Train on X of shape (n_clips, n_columns) and labels of shape (n_clips,)."""
        self.classes_ = np.unique(y)
        self.n_features_in_ = X.shape[1]
        self.is_exact_ = len(X) <= self.max_exact
        self.scalers_ = [ClippedScaler(self.clip).fit(X[:, group]) for group in self.groups]
        self.maps_ = [self._new_map(i).fit(group) for i, group in enumerate(self._scaled(X))]
        indicators = np.where(y[:, np.newaxis] == self.classes_, 1.0, -1.0)
        weights = compute_sample_weight(self.class_weight, y)
        self.means_ = np.average(indicators, axis=0, weights=weights)
        self.coefficients_ = self._solve(self._parts(X), indicators - self.means_, weights)
        return self

    def _solve(self, parts, targets, weights):
        """Return the coefficients of each group's part."""
        if self.is_exact_:
            ridge = KernelRidge(alpha=self.alpha, kernel="precomputed")
            ridge.fit(np.sum(parts, axis=0), targets, sample_weight=weights)
            return [ridge.dual_coef_] * len(parts)
        ridge = Ridge(alpha=self.alpha, fit_intercept=False)
        ridge.fit(np.hstack(parts), targets, sample_weight=weights)
        return np.split(ridge.coef_.T, np.cumsum([part.shape[1] for part in parts])[:-1])

    def predict(self, X):
        """Return the class of the largest score."""
        return self.classes_[self._scores(X).argmax(axis=1)]

    def decision_function(self, X):
        """Return the scores, (n_clips, n_classes), or for two classes those of the second."""
        scores = self._scores(X)
        return scores[:, 1] if len(self.classes_) == 2 else scores

    def contributions(self, X):
        """Return the part of each group in the scores, (n_clips, n_groups, n_classes).

        With ``means_``, they add up to the scores.
        """
        pairs = zip(self._parts(X), self.coefficients_, strict=True)
        return np.stack([part @ coefficients for part, coefficients in pairs], axis=1)

    def _scores(self, X):
        return self.contributions(X).sum(axis=1) + self.means_

    def _scaled(self, X):
        """Return the scaled groups; squared distances of their rows are means over columns."""
        steps = zip(self.scalers_, self.groups, strict=True)
        return [s.transform(X[:, g]) / np.sqrt(max(1, s.kept_.sum())) for s, g in steps]

    def _new_map(self, position):
        if self.is_exact_:
            return _RBF()
        if self.approximation == "fourier":
            return RandomFourier(self.n_components, self.seed, position)
        return Nystroem(gamma=1.0, n_components=self.n_components, random_state=self.seed)

    def _parts(self, X):
        """Return the kernel's part of each group: values to add, or components to join."""
        shares = np.divide(self.weights, np.sum(self.weights))
        shares = shares if self.is_exact_ else np.sqrt(shares)
        # Numbers of Python leave float32 as it is.
        steps = zip(shares.tolist(), self.maps_, self._scaled(X), strict=True)
        return [share * maps.transform(group) for share, maps, group in steps]


@saved_as("RBF")
class _RBF(TransformerMixin, BaseEstimator):
    """Kernel values between the rows of X and the training rows."""

    def fit(self, X, y=None):
        self.rows_ = X
        return self

    def transform(self, X):
        return rbf_kernel(X, self.rows_, gamma=1.0)


@saved_as("RandomFourier")
class RandomFourier(TransformerMixin, BaseEstimator):
    """Cosines and sines in random directions, whose products approximate ``exp(-|x - x'|^2)``.

    Nothing of the training rows is kept but their number of columns: the directions are drawn
    again from the seed. Values are float32.

    Parameters
    ----------
    n_components : int
        Number of directions; each gives a cosine and a sine.
    seed, position : int
        Together the seed: no two groups have the same directions.
    """

    def __init__(self, n_components, seed, position):
        self.n_components = n_components
        self.seed = seed
        self.position = position

    def fit(self, X, y=None):
        self.n_features_in_ = X.shape[1]
        most = _MAX_DIRECTIONS // max(1, X.shape[1])
        if self.n_components > most:
            raise ValueError(
                f"n_components={self.n_components} is too many for a group of {X.shape[1]} columns "
                f"with approximation='fourier'; at most {most} are possible. Give fewer, or "
                "divide the group."
            )
        return self

    def transform(self, X):
        shape = self.n_features_in_, self.n_components
        phases = X.astype(np.float32) @ _directions(*shape, self.seed, self.position)
        return np.hstack([np.cos(phases), np.sin(phases)]) * np.float32(self.n_components**-0.5)


@lru_cache(maxsize=16)
def _directions(n_columns, n_components, seed, position):
    """Return columns drawn from a normal distribution of variance 2 per entry."""
    if n_columns * n_components > _MAX_DIRECTIONS:
        raise ValueError(f"{n_components} directions in {n_columns} columns are too many")
    random = np.random.RandomState([seed, position])  # draws the same with every version
    drawn = np.empty((n_columns, n_components), np.float32)
    for row in drawn:
        row[:] = random.standard_normal(n_components) * np.sqrt(2)
    drawn.setflags(write=False)
    return drawn
