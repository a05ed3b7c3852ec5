"""Cells: one method on one fold of one data set; and the plan, all cells of a protocol."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import RepeatedStratifiedKFold

from ...model_selection import RepeatedStratifiedGroupKFold
from ._digest import canonical_json, digest, result_versions, split_digest
from ._methods import StudyMethod, method_digest


@dataclass(frozen=True)
class Protocol:
    """How often and how the clips are split.

    Parameters
    ----------
    n_splits : int, default=10
        Folds a repeat.
    n_repeats : int, default=10
        Repeats, each with another shuffle.
    groups : str or None, default=None
        Where given ("artist"), no group is on both sides of a split.
    seed : int, default=1
        Seeds the splits, and with repeat and fold the methods.
    """

    n_splits: int = 10
    n_repeats: int = 10
    groups: str | None = None
    seed: int = 1

    def splits(self, data):
        """Return the splits of a data set as a list of (repeat, fold, train, test).

        Parameters
        ----------
        data : StudyData

        Returns
        -------
        list of tuple

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


@dataclass(frozen=True, eq=False)
class Cell:
    """One method on one fold of one repeat on one data set.

    Parameters
    ----------
    method : StudyMethod
    dataset : str
        Name of the data set.
    data_digest : str
        Digest of its content.
    protocol : Protocol
    repeat, fold : int
        Both from 0.
    train, test : ndarray of int
        Indices of the clips on either side.

    Attributes
    ----------
    seed : int
        ``cell_seed(protocol.seed, repeat, fold)``.
    key : str
        The cell's row in a store.
    """

    method: StudyMethod
    dataset: str
    data_digest: str
    protocol: Protocol
    repeat: int
    fold: int
    train: np.ndarray = field(repr=False)
    test: np.ndarray = field(repr=False)

    @property
    def seed(self):
        """Seed of the method in this cell."""
        return cell_seed(self.protocol.seed, self.repeat, self.fold)

    @cached_property
    def identity(self):
        """Everything that the key is made of, by name."""
        return {
            "method": self.method.key,
            "recipe": self.method.recipe,
            "dataset": self.dataset,
            "groups": self.protocol.groups,
            "repeat": self.repeat,
            "fold": self.fold,
            "seed": self.seed,
            "data": self.data_digest,
            "parameters": method_digest(self.method),
            "split": split_digest(self.train, self.test),
            "versions": result_versions(),
        }

    @cached_property
    def key(self):
        """The cell's row in a store."""
        return digest("cell", canonical_json(self.identity))

    def estimator(self):
        """Return an unfitted estimator with this cell's seed."""
        return seeded(self.method.estimator, self.seed)

    def __str__(self):
        return f"{self.method.key} repeat {self.repeat} fold {self.fold}"


def cell_seed(seed, repeat, fold):
    """Return the seed of a cell: far from its neighbours', equal for every method.

    Parameters
    ----------
    seed, repeat, fold : int

    Returns
    -------
    int
        Below 2**31.
    """
    return int(np.random.SeedSequence([seed, repeat, fold]).generate_state(1)[0] >> 1)


def seeded(estimator, seed):
    """Clone an estimator and give it a seed.

    An estimator with a ``random_state`` of its own gets the seed there and hands it on as it
    sees fit: the seeds of its parts are left alone, so that what they cache a clip stays
    valid from fold to fold. One without (a pipeline) has each part's ``random_state`` set
    where that is None.

    Parameters
    ----------
    estimator : estimator
    seed : int

    Returns
    -------
    estimator
    """
    estimator = clone(estimator)
    params = estimator.get_params(deep=True)
    if "random_state" in params:
        return estimator.set_params(random_state=seed)
    unset = [name for name in params if name.endswith("__random_state") and params[name] is None]
    return estimator.set_params(**dict.fromkeys(unset, seed))


def plan_cells(methods, data, protocol, *, folds_per_method=None):
    """Return the cells of a protocol, fold by fold, every method in turn.

    In this order a run that is stopped early has as many folds of each method. Methods that lack
    a file (``missing``) have no cells.

    Parameters
    ----------
    methods : sequence of StudyMethod
    data : StudyData
    protocol : Protocol
    folds_per_method : dict of str to int or None, default=None
        Plan only the first so many splits of the methods named here.

    Returns
    -------
    list of Cell
    """
    limits = folds_per_method or {}
    return [
        Cell(method, data.name, data.digest, protocol, repeat, fold, train, test)
        for number, (repeat, fold, train, test) in enumerate(protocol.splits(data))
        for method in methods
        if not method.missing and number < limits.get(method.key, number + 1)
    ]
