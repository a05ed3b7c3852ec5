"""Kernel fusion of groups of features."""

import numbers

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import validate_data

from .._compat import BaseComposition, Interval, StrOptions, _fit_context
from .._docs import share_docs
from ..audio import Clips, check_clips, holds_audio
from ..training import draw_seed, encode_labels
from ._calibrated import PredictsCalibrated, fit_calibrated
from ._class_weight import CLASS_WEIGHT_CONSTRAINT, class_weights
from ._collections import AdaptsToCollections
from ._features import FeatureSource, is_sign_invariant
from ._mean_kernel_ridge import MeanKernelRidge


@share_docs
class Fusion(AdaptsToCollections, PredictsCalibrated, ClassifierMixin, BaseEstimator):
    """Base of the classifiers that fuse groups of features.

    `_named_sources` returns what reads or computes columns, and `_grouped` divides the columns
    into groups, by default those of one source each.
    """

    _parameter_constraints = {
        "alpha": [Interval(numbers.Real, 0, None, closed="neither")],
        "clip": [Interval(numbers.Real, 0, None, closed="neither"), None],
        "class_weight": CLASS_WEIGHT_CONSTRAINT,
        "max_exact": [Interval(numbers.Integral, 1, None, closed="left")],
        "approximation": [StrOptions({"nystroem", "fourier"})],
        "n_components": [Interval(numbers.Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y):
        """Compute the groups, train the classifier and calibrate its probabilities.

        Parameters
        ----------
        X : clips
            {clips}
            Without transformers among the groups, also features of shape (n_clips, n_features).
        y : array-like of shape (n_clips,)
            {labels}

        Returns
        -------
        self : object
            The fitted estimator.
        """
        self._check_groups()
        clips = self._check(X, reset=True)
        targets = encode_labels(self, clips, y)
        weights = class_weights(self, targets)
        named = self._named_sources(clips)
        self.sources_ = [FeatureSource(source) for _, source in named]
        described = [source.fit_transform(clips) for source in self.sources_]
        groups = self._grouped([name for name, _ in named], [d.shape[1] for d in described])
        self.group_names_ = list(groups)
        ridge = MeanKernelRidge(
            [columns for columns, _ in groups.values()],
            weights=[weight for _, weight in groups.values()],
            alpha=self.alpha,
            clip=self.clip,
            class_weight=None if weights is None else dict(enumerate(weights)),
            max_exact=self.max_exact,
            approximation=self.approximation,
            n_components=self.n_components,
            seed=draw_seed(self.random_state),
        )
        described = np.hstack(described)
        self.pipeline_, self.calibrated_ = fit_calibrated(ridge, described, targets)
        self._learn_spread(described)
        return self

    def contributions(self, X):
        """Return what each group contributes to the score of each class.

        The score of a class is a constant, which follows from its share of the training clips,
        plus the sum of these values over the groups.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, n_groups, n_classes)
            Groups in the order of ``group_names_``, classes in the order of ``classes_``.
        """
        return self.pipeline_.contributions(self._describe(X))

    def _check_groups(self):
        """Raise where the groups cannot be used, before clips are read."""

    def _check(self, X, *, reset):
        if holds_audio(X) or self._hears():
            return check_clips(self, X, reset=reset)
        values = validate_data(self, X, reset=reset, dtype=np.float64)
        names = getattr(self, "feature_names_in_", None)
        return Clips(values, pd.DataFrame(values, columns=names))

    def _sources(self):
        return self.sources_

    def _scalers(self):
        return list(zip(self.pipeline_.scalers_, self.pipeline_.groups, strict=True))

    def _grouped(self, names, widths):
        """Return {name of a group: (its columns, weight of its kernel)}."""
        columns = np.split(np.arange(sum(widths)), np.cumsum(widths)[:-1])
        return {name: (own, 1.0) for name, own in zip(names, columns, strict=True)}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        return tags


@share_docs
class KernelFusion(Fusion, BaseComposition):
    """Kernel ridge classifier on the mean of one kernel per group of features.

    Each group of features has an RBF kernel of its own, and the classifier uses their mean
    (unweighted multiple kernel learning [1]_). A group of many columns therefore does not
    outweigh a group of few.

    Parameters
    ----------
    groups : list of (str, transformer, "columns" or list of str) tuples
        Name and source of each group. A transformer: what it computes from the audio; cloned in
        `fit`. "columns": all numeric columns of X. A list: these columns of X.
    alpha : float, default=0.1
        Regularisation strength.
    clip : float or None, default=3.0
        Largest absolute value of a standardised column. A clip unlike all training clips in a
        few columns then stays comparable. None for no limit.
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    max_exact : int, default=5000
        Largest number of training clips for which the kernel is computed in full. For more, each
        group's kernel is approximated.
    approximation : {"nystroem", "fourier"}, default="nystroem"
        By the kernel's values for some of the training clips
        (:class:`~sklearn.kernel_approximation.Nystroem`), or by cosines and sines in random
        directions [3]_. "fourier" keeps no row of a clip, but needs more components: 2500.
    n_components : int, default=500
        Components of the approximation per group; of "fourier", directions.
    random_state : int, RandomState or None, default=None
        Chooses the clips or directions of the approximation. Without it nothing is random.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        {classes_}
    group_names_ : list of str
        Names of the groups.
    sources_ : list
        What reads or computes each group.
    pipeline_ : MeanKernelRidge
        The fitted scalers, kernels and coefficients.
    calibrated_ : CalibratedClassifierCV or None
        The same with its calibration; None if a class had a single clip.
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    EmotionFusion : The same with groups for music emotion recognition.
    SVMBaseline : A support vector machine on one group.

    Notes
    -----
    Within a group, columns that hardly vary among the training clips are left out (95 % of the
    clips are within a hundredth of a standard deviation of the median). The others are
    standardised with the mean and standard deviation of the training clips, or of the clips given
    to `adapt`, and clipped. The kernel is ``exp(-|x - x'|^2 / d)`` for d columns left.

    {told}

    The classifier is a kernel ridge regression of the class indicators (1 and -1), which is the
    mean of a Gaussian process with noise of variance `alpha` [2]_. The largest score decides.
    Probabilities are the softmax of the scores times a factor, which five inner folds choose.

    References
    ----------
    .. [1] Gönen and Alpaydın, "Multiple kernel learning algorithms", Journal of Machine Learning
       Research 12, 2011.
    .. [2] Rasmussen and Williams, "Gaussian processes for machine learning", chapter 6.5, 2006.
    .. [3] Rahimi and Recht, "Random features for large-scale kernel machines", NIPS 2007.

    Examples
    --------
    >>> from sklearn_mer import KernelFusion, SummaryFeatures
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> from sklearn_mer.features import EmotionFeatures
    >>> X, y = make_quadrant_clips(40, random_state=0, return_X_y=True)
    >>> rhythm = EmotionFeatures(dimensions=["rhythm"])
    >>> fusion = KernelFusion([("summary", SummaryFeatures()), ("rhythm", rhythm)])
    >>> fusion.fit(X[:30], y[:30]).predict(X[30:]).shape
    (10,)
    >>> fusion.contributions(X[30:]).shape
    (10, 2, 4)
    """

    _parameter_constraints = {**Fusion._parameter_constraints, "groups": [list, tuple]}

    def __init__(
        self,
        groups,
        *,
        alpha=0.1,
        clip=3.0,
        class_weight=None,
        max_exact=5000,
        approximation="nystroem",
        n_components=500,
        random_state=None,
    ):
        self.groups = groups
        self.alpha = alpha
        self.clip = clip
        self.class_weight = class_weight
        self.max_exact = max_exact
        self.approximation = approximation
        self.n_components = n_components
        self.random_state = random_state

    def get_params(self, deep=True):
        """Return the parameters, with those of the transformers by the names of the groups.

        Parameters
        ----------
        deep : bool, default=True
            Whether to return the transformers and their parameters too.

        Returns
        -------
        dict
            Parameters by name.
        """
        return self._get_params("groups", deep=deep)

    def set_params(self, **params):
        """Set parameters; those of a transformer as ``group__parameter``.

        Parameters
        ----------
        **params
            Parameters by name.

        Returns
        -------
        self : object
            This estimator.
        """
        self._set_params("groups", **params)
        return self

    def _named_sources(self, clips):
        return self.groups

    def _check_groups(self):
        names = [name for name, _ in self.groups]
        if not names:
            raise ValueError("groups is empty: give at least one (name, source) tuple.")
        self._validate_names(names)
        for name, source in self.groups:
            if not _is_source(source):
                raise TypeError(
                    f"The source of group {name!r} is {source!r}; it must be a transformer with "
                    "fit and transform, 'columns', or a list of names of columns."
                )

    def _hears(self):
        return not all(isinstance(source, str | list | tuple) for _, source in self.groups)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = all(is_sign_invariant(s) for _, s in self.groups)
        return tags


def _is_source(source):
    if isinstance(source, str):
        return source == "columns"
    if isinstance(source, list | tuple):
        return bool(source)
    return hasattr(source, "fit") and hasattr(source, "transform") and not isinstance(source, type)
