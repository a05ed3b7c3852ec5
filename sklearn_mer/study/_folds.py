"""How the clips of a study are split: into its folds, and again inside the training clips."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import (
    BaseCrossValidator,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
)

from ..model_selection import RepeatedStratifiedGroupKFold

INNER_SEED = 0


@dataclass(frozen=True)
class Protocol:
    """How often and how the clips are split.

    Parameters
    ----------
    n_splits : int, default=10
        Folds per repeat.
    n_repeats : int, default=10
        Repeats, each with another shuffle.
    groups : str or None, default=None
        Where given ("artist"), no group is on both sides of a split.
    seed : int, default=1
        Seeds the splits, and with repeat and fold the methods.

    Examples
    --------
    >>> from sklearn_mer.study import Protocol
    >>> Protocol(n_repeats=1).n_splits
    10
    """

    n_splits: int = 10
    n_repeats: int = 10
    groups: str | None = None
    seed: int = 1

    def splits(self, data):
        """Return the splits of a data set.

        Parameters
        ----------
        data : StudyData
            The data set.

        Returns
        -------
        list of tuple
            Each ``(repeat, fold, train, test)``.

        Raises
        ------
        ValueError
            If a class has fewer clips than there are folds, or groups are wanted and the
            data set has none.
        """
        self._check(data)
        splitter = RepeatedStratifiedGroupKFold if self.groups else RepeatedStratifiedKFold
        cv = splitter(n_splits=self.n_splits, n_repeats=self.n_repeats, random_state=self.seed)
        pairs = cv.split(np.zeros(len(data)), data.y, data.groups if self.groups else None)
        return [(*divmod(i, self.n_splits), train, test) for i, (train, test) in enumerate(pairs)]

    def _check(self, data):
        if self.n_splits < 2 or self.n_repeats < 1:
            raise ValueError(
                f"A protocol needs at least 2 folds and 1 repeat, got {self.n_splits} folds and "
                f"{self.n_repeats} repeats."
            )
        labels, counts = np.unique(data.y, return_counts=True)
        if len(labels) < 2 or counts.min() < self.n_splits:
            sizes = ", ".join(f"{label}: {n}" for label, n in zip(labels, counts, strict=True))
            raise ValueError(
                f"{self.n_splits} folds need at least two classes of {self.n_splits} clips each; "
                f"data set {data.name!r} has {sizes}. Ask for fewer folds or add clips."
            )
        if self.groups and data.groups is None:
            raise ValueError(
                f"Data set {data.name!r} has no groups, so it cannot be split by {self.groups}."
            )
        if self.groups and len(np.unique(data.groups)) < self.n_splits:
            raise ValueError(
                f"{self.n_splits} folds need at least {self.n_splits} groups; data set "
                f"{data.name!r} has {len(np.unique(data.groups))}."
            )


def inner_folds(data, protocol, n_splits):
    """Return the splitter of a nested search, grouped where the protocol's folds are.

    It shuffles, as the clips of a class may come artist by artist, and is the same in every cell.
    """
    if protocol.groups is None:
        return StratifiedKFold(n_splits, shuffle=True, random_state=INNER_SEED)
    index = getattr(data.X, "index", None)
    if index is None or not index.is_unique:
        raise ValueError(
            f"--nested with --groups {protocol.groups} needs clips in a table with a label for "
            f"each, by which a fold finds its groups; data set {data.name!r} has none. Leave out "
            "--groups, or search without --nested."
        )
    groups = {str(label): str(group) for label, group in zip(index, data.groups, strict=True)}
    return LabelledGroupKFold(groups, n_splits)


class LabelledGroupKFold(BaseCrossValidator):
    """Stratified folds that keep groups together, which are known by the labels of X's rows.

    A cell hands no groups to what it fits; the rows of a table still have their labels there.
    """

    def __init__(self, groups, n_splits):
        self.groups = groups
        self.n_splits = n_splits

    def split(self, X, y, groups=None):
        """Yield the training and test indices of each fold; `groups` is ignored."""
        own = [self.groups[str(label)] for label in X.index]
        folds = StratifiedGroupKFold(self.n_splits, shuffle=True, random_state=INNER_SEED)
        yield from folds.split(X, y, own)

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of folds."""
        return self.n_splits
