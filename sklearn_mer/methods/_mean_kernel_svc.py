"""A support vector machine on the mean of one kernel per group of columns."""

from itertools import combinations

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.kernel_approximation import Nystroem
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import SVC

from .._saved import saved_as
from ._scaler import ClippedScaler


@saved_as("MeanKernelSVC")
class MeanKernelSVC(ClassifierMixin, BaseEstimator):
    """SVC on the mean of one RBF kernel per group of columns.

    Within a group, columns that hardly vary are left out, the others are standardised and clipped
    (`ClippedScaler`), and the kernel is ``exp(-|x - x'|^2 / d)`` for the d columns left.

    Parameters
    ----------
    widths : list of int
        Number of columns of each group; the groups stand side by side in X.
    C : float
        Inverse of the regularisation strength.
    clip : float or None
        Largest absolute value of a standardised column.
    class_weight : dict or None
        Weight of each class.
    max_exact : int
        Largest number of training clips for which the kernel is computed in full. For more, it
        is approximated (Nystroem).
    n_components : int
        Number of components of the approximation per group.
    seed : int
        Chooses the clips of the approximation.
    """

    def __init__(self, widths, *, C, clip, class_weight, max_exact, n_components, seed):
        self.widths = widths
        self.C = C
        self.clip = clip
        self.class_weight = class_weight
        self.max_exact = max_exact
        self.n_components = n_components
        self.seed = seed

    def fit(self, X, y):
        """Train on X of shape (n_clips, n_columns) and labels of shape (n_clips,)."""
        self.classes_ = np.unique(y)
        self.is_exact_ = len(X) <= self.max_exact
        groups = self._split(X)
        self.scalers_ = [ClippedScaler(self.clip).fit(group) for group in groups]
        self.maps_ = [self._new_map().fit(group) for group in self._scaled(X)]
        # Without a seed, the SVC draws one that it does not use from the global generator.
        self.svc_ = SVC(
            C=self.C,
            kernel="precomputed" if self.is_exact_ else "linear",
            class_weight=self.class_weight,
            random_state=0,
        ).fit(self._joined(X), y)
        return self

    def predict(self, X):
        """Return the class that wins most of the votes over pairs of classes."""
        return self.svc_.predict(self._joined(X))

    def decision_function(self, X):
        """Return the decision values of the SVC, of shape (n_clips, n_classes) or (n_clips,)."""
        return self.svc_.decision_function(self._joined(X))

    def contributions(self, X):
        """Return the part of each group in the margins of each class against all others.

        Of shape (n_clips, n_groups, n_classes). The margins are linear in the kernel, and the
        kernel is a mean over the groups, so that they are a sum over the groups and a constant.
        """
        coefficients = self._pair_coefficients()
        parts = self._parts(X)
        if not self.is_exact_:
            ends = np.cumsum([part.shape[1] for part in parts])[:-1]
            split = np.split(coefficients, ends, axis=1)
        else:
            split = [coefficients] * len(parts)
        margins = [part @ own.T for part, own in zip(parts, split, strict=True)]
        return self._of_classes(np.stack(margins, axis=1))

    def _split(self, X):
        return np.split(X, np.cumsum(self.widths)[:-1], axis=1)

    def _scaled(self, X):
        """Return the scaled groups; squared distances of their rows are means over columns."""
        steps = zip(self.scalers_, self._split(X), strict=True)
        return [s.transform(group) / np.sqrt(max(1, s.kept_.sum())) for s, group in steps]

    def _new_map(self):
        if self.is_exact_:
            return _RBF()
        return Nystroem(gamma=1.0, n_components=self.n_components, random_state=self.seed)

    def _parts(self, X):
        """Return the kernel's part of each group: values to add, or components to join."""
        steps = zip(self.maps_, self._scaled(X), strict=True)
        parts = [maps.transform(group) for maps, group in steps]
        share = 1 / len(parts) if self.is_exact_ else 1 / np.sqrt(len(parts))
        return [share * part for part in parts]

    def _joined(self, X):
        parts = self._parts(X)
        return np.sum(parts, axis=0) if self.is_exact_ else np.hstack(parts)

    def _pair_coefficients(self):
        """Return the coefficients of the margins over pairs of classes, (n_pairs, n_values)."""
        svc, n_classes = self.svc_, len(self.classes_)
        if not self.is_exact_:
            return svc.coef_
        dual = np.zeros((n_classes - 1, svc.shape_fit_[0]))
        dual[:, svc.support_] = svc.dual_coef_
        if n_classes == 2:
            return dual
        ends = np.cumsum(svc.n_support_)[:-1]
        own = np.zeros((n_classes, dual.shape[1]), dtype=bool)  # support vectors of each class
        for mine, support in zip(own, np.split(svc.support_, ends), strict=True):
            mine[support] = True
        # libsvm keeps the coefficients of class i against class j in row j - 1, or j if j < i.
        return np.stack(
            [own[i] * dual[j - 1] + own[j] * dual[i] for i, j in combinations(range(n_classes), 2)]
        )

    def _of_classes(self, margins):
        """Return the sum of the margins of each class; the last axis of `margins` are pairs."""
        n_classes = len(self.classes_)
        if n_classes == 2:  # a positive margin speaks for the second class
            return np.concatenate([-margins, margins], axis=-1)
        sums = np.zeros((*margins.shape[:-1], n_classes))
        for pair, (i, j) in enumerate(combinations(range(n_classes), 2)):
            sums[..., i] += margins[..., pair]
            sums[..., j] -= margins[..., pair]
        return sums


@saved_as("RBF")
class _RBF(TransformerMixin, BaseEstimator):
    """Kernel values between the rows of X and the training rows."""

    def fit(self, X, y=None):
        self.rows_ = X
        return self

    def transform(self, X):
        return rbf_kernel(X, self.rows_, gamma=1.0)
