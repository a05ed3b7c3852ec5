"""Stratified k-fold with groups: repeated, and with groups known by row labels."""

from numbers import Integral

from sklearn.model_selection import BaseCrossValidator, StratifiedGroupKFold
from sklearn.utils import check_random_state


class RepeatedStratifiedGroupKFold(BaseCrossValidator):
    """Repeated stratified k-fold with non-overlapping groups.

    Each repetition is a :class:`~sklearn.model_selection.StratifiedGroupKFold` with another
    shuffle of the groups. With the artist of each clip as its group, the score estimates the
    performance on unseen artists.

    Parameters
    ----------
    n_splits : int, default=5
        Number of folds per repetition, at least 2 and at most the number of groups.
    n_repeats : int, default=10
        Number of repetitions, at least 1.
    random_state : int, RandomState instance or None, default=None
        Controls the shuffling. Pass an int for the same splits in every call.

    Raises
    ------
    ValueError
        If `n_splits` or `n_repeats` is not an int or out of range; in `split`, if `groups` is
        missing or all classes have fewer members than there are folds.

    See Also
    --------
    sklearn.model_selection.RepeatedStratifiedKFold : Repeated stratified k-fold without groups.
    sklearn.model_selection.StratifiedGroupKFold : One repetition.

    Notes
    -----
    Groups are assigned to folds as a whole, those with the most uneven classes first, so that the
    class distribution is preserved as far as the groups allow. If groups have at most a tenth of
    the size of a fold, the share of each class in a test fold is within 5 percentage points of its
    share in the data. There is no such bound if a group is larger than a fold.

    With metadata routing enabled, `groups` is requested by default.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.model_selection import RepeatedStratifiedGroupKFold
    >>> y = np.tile(["Q1", "Q2", "Q3", "Q4"], 6)
    >>> artists = np.repeat(np.arange(12), 2)
    >>> cv = RepeatedStratifiedGroupKFold(n_splits=3, n_repeats=2, random_state=1)
    >>> cv.get_n_splits()
    6
    >>> all(
    ...     set(artists[train]).isdisjoint(artists[test])
    ...     for train, test in cv.split(y, y, groups=artists)
    ... )
    True
    """

    # The documented way to request groups by default, as GroupKFold does.
    __metadata_request__split = {"groups": True}

    def __init__(self, n_splits=5, *, n_repeats=10, random_state=None):
        _check_count("n_splits", n_splits, at_least=2)
        _check_count("n_repeats", n_repeats, at_least=1)
        self.n_splits = n_splits
        self.n_repeats = n_repeats
        self.random_state = random_state

    def split(self, X, y, groups=None):
        """Generate indices to split data into training and test set.

        Parameters
        ----------
        X : array-like of shape (n_samples, ...)
            Data to split. Only the length is used.
        y : array-like of shape (n_samples,)
            Class labels.
        groups : array-like of shape (n_samples,)
            Group of each sample.

        Yields
        ------
        train : ndarray of shape (n_train,)
            Indices of the training set.
        test : ndarray of shape (n_test,)
            Indices of the test set.
        """
        if groups is None:  # scikit-learn 1.8 raises a less helpful error
            raise ValueError(
                "The groups parameter should not be None: give the group of each clip, such as its "
                "artist, in split(X, y, groups) or cross_validate(..., params={'groups': groups})."
            )
        _check_groups(groups, y, self.n_splits)
        rng = check_random_state(self.random_state)
        for _ in range(self.n_repeats):
            folds = StratifiedGroupKFold(self.n_splits, shuffle=True, random_state=rng)
            yield from folds.split(X, y, groups)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of splits.

        Parameters
        ----------
        X, y, groups : object
            Always ignored, exist for API compatibility.

        Returns
        -------
        n_splits : int
            Number of folds times number of repetitions.
        """
        return self.n_splits * self.n_repeats


class LabelledGroupKFold(BaseCrossValidator):
    """Stratified k-fold with non-overlapping groups, looked up by the row labels of a table.

    For a search inside another cross-validation: `groups` does not reach the inner splits, but
    the rows of a table keep their labels.

    Parameters
    ----------
    groups : dict of str to str
        Group of each row label.
    n_splits : int, default=5
        Number of folds, at least 2 and at most the number of groups.
    random_state : int, RandomState instance or None, default=None
        Controls the shuffling. Pass an int for the same splits in every call.

    Raises
    ------
    ValueError
        If `n_splits` is not an int of at least 2; in `split`, if `X` is not a table or one of its
        labels has no group.

    See Also
    --------
    sklearn.model_selection.StratifiedGroupKFold : The same with groups given to `split`.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_mer.model_selection import LabelledGroupKFold
    >>> X = pd.DataFrame({"tempo": [90, 120, 60, 75]}, index=["a", "b", "c", "d"])
    >>> cv = LabelledGroupKFold({"a": "x", "b": "y", "c": "x", "d": "y"}, 2, random_state=0)
    >>> [sorted(X.index[test]) for _, test in cv.split(X, [0, 0, 1, 1])]
    [['b', 'd'], ['a', 'c']]
    """

    def __init__(self, groups, n_splits=5, *, random_state=None):
        _check_count("n_splits", n_splits, at_least=2)
        self.groups = groups
        self.n_splits = n_splits
        self.random_state = random_state

    def split(self, X, y, groups=None):
        """Generate indices to split data into training and test set.

        Parameters
        ----------
        X : DataFrame of shape (n_samples, ...)
            Data to split. Only the row labels are used.
        y : array-like of shape (n_samples,)
            Class labels.
        groups : object
            Always ignored, exists for API compatibility.

        Yields
        ------
        train : ndarray of shape (n_train,)
            Indices of the training set.
        test : ndarray of shape (n_test,)
            Indices of the test set.
        """
        if not hasattr(X, "index") or callable(X.index):
            raise ValueError(f"X must be a table with row labels, got {type(X).__name__}.")
        if not hasattr(self.groups, "__getitem__"):
            raise TypeError(
                f"groups={self.groups!r:.80} is no dict; give the group of each row label of X."
            )
        labels = [str(label) for label in X.index]
        if unknown := [label for label in labels if label not in self.groups]:
            raise ValueError(
                f"{len(unknown)} of {len(labels)} row labels of X have no group, such as "
                f"{unknown[0]!r}. Give the group of every label in `groups`."
            )
        own = [self.groups[label] for label in labels]
        _check_groups(own, y, self.n_splits)
        folds = StratifiedGroupKFold(self.n_splits, shuffle=True, random_state=self.random_state)
        yield from folds.split(X, y, own)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of splits.

        Parameters
        ----------
        X, y, groups : object
            Always ignored, exist for API compatibility.

        Returns
        -------
        n_splits : int
            Number of folds.
        """
        return self.n_splits


def _check_groups(groups, y, n_splits):
    if len(groups) != len(y):
        raise ValueError(
            f"groups has {len(groups)} values, y has {len(y)}; give one group per clip."
        )
    n_groups = len(set(groups))
    if n_groups < n_splits:
        raise ValueError(
            f"Cannot have number of splits n_splits={n_splits} greater than the number of groups: "
            f"{n_groups}. Lower n_splits."
        )


def _check_count(name, value, *, at_least):
    if not isinstance(value, Integral) or isinstance(value, bool) or value < at_least:
        raise ValueError(f"{name} must be an int of at least {at_least}, got {value!r}.")
