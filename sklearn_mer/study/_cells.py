"""Cells, each one method on one fold of one data set; and the plan, all cells of a protocol."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Integral

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold

from .._compat import Interval, StrOptions, validate_parameter_constraints, validate_params
from .._text import did_you_mean
from ..model_selection import LabelledGroupKFold, RepeatedStratifiedGroupKFold
from ._code import own_code
from ._keys import canonical_parameters, json_digest, result_versions, split_digest

# A plan is held in memory with the indices of its folds; more is most likely a typing error.
MAX_CELLS = 100_000
INNER_SEED = 0
_CONSTRAINTS = {
    "n_splits": [Interval(Integral, 1, None, closed="left")],
    "n_repeats": [Interval(Integral, 1, None, closed="left")],
    "groups": [str, None],
    "seed": [Interval(Integral, 0, 2**32 - 1, closed="both")],
}


@dataclass(frozen=True)
class Protocol:
    """How often and how the clips are split.

    Parameters
    ----------
    n_splits : int, default=10
        Folds per repeat; 1, with one repeat and no groups, for data with a fixed split.
    n_repeats : int, default=10
        Repeats, each with another shuffle.
    groups : str or None, default=None
        Where given ("artist"), no group is on both sides of a split.
    seed : int, default=1
        Seeds the splits, and with repeat and fold the methods.

    See Also
    --------
    plan_cells : The cells of a protocol.
    """

    n_splits: int = 10
    n_repeats: int = 10
    groups: str | None = None
    seed: int = 1

    def __post_init__(self):
        validate_parameter_constraints(_CONSTRAINTS, vars(self), "Protocol")

    def splits(self, data):
        """Return the splits of a data set, each ``(repeat, fold, train, test)``."""
        self._check(data)
        if data.split is not None:
            return [(0, 0, *(np.flatnonzero(data.split == part) for part in ("train", "test")))]
        splitter = RepeatedStratifiedGroupKFold if self.groups else RepeatedStratifiedKFold
        cv = splitter(n_splits=self.n_splits, n_repeats=self.n_repeats, random_state=self.seed)
        pairs = cv.split(np.zeros(len(data)), data.y, data.groups if self.groups else None)
        return [(*divmod(i, self.n_splits), train, test) for i, (train, test) in enumerate(pairs)]

    def _check(self, data):
        if (data.split is not None) != (self.n_splits == 1):
            raise ValueError(
                f"A protocol with one split is for data with a fixed split, and no other is; data "
                f"set {data.name!r} has {'none' if data.split is None else 'one'}, and "
                f"n_splits={self.n_splits}."
            )
        if data.split is not None:
            if self.n_repeats > 1 or self.groups:
                raise ValueError("A fixed split has one repeat and no groups.")
            return
        counts = dict(zip(*np.unique(data.y, return_counts=True), strict=True))
        if len(counts) < 2 or min(counts.values()) < self.n_splits:
            sizes = ", ".join(f"{label}: {n}" for label, n in counts.items())
            raise ValueError(
                f"{self.n_splits} folds need at least two classes of {self.n_splits} clips each; "
                f"data set {data.name!r} has {sizes}. Ask for fewer folds or add clips."
            )
        if not self.groups:
            return
        n_groups = 0 if data.groups is None else len(np.unique(data.groups))
        if n_groups < self.n_splits:
            raise ValueError(
                f"{self.n_splits} folds by {self.groups} need at least {self.n_splits} groups; "
                f"data set {data.name!r} has {n_groups or 'no groups'}."
            )


def inner_folds(data, protocol, n_splits):
    """Return the splitter of a nested search, grouped where the protocol's folds are.

    It shuffles, as the clips of a class may come artist by artist, and is the same in every cell.
    """
    trained = slice(None) if data.split is None else data.split == "train"
    n_left = n_least = np.unique(data.y[trained], return_counts=True)[1].min()
    if data.split is None:
        n_left -= -(-n_least // protocol.n_splits)
    if not 2 <= n_splits <= n_left:
        raise ValueError(
            f"--inner-folds must be from 2 to {n_left}, the clips of the smallest class that a "
            f"training fold has, got {n_splits}."
        )
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
    return LabelledGroupKFold(groups, n_splits, random_state=INNER_SEED)


@dataclass(frozen=True, eq=False)
class Cell:
    """One method on one fold of one repeat on one data set."""

    method: object
    parameters: dict = field(repr=False)  # from `describe`
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
            "parameters": json_digest("parameters", self.parameters),
            "split": split_digest(self.train, self.test),
            "versions": result_versions(),
        }

    @cached_property
    def key(self):
        """Name of the cell in a results folder."""
        return json_digest("cell", self.identity)

    @property
    def task(self):
        """What is sent to a worker: estimator, seed, training and test clips."""
        # Without the row, which loads all methods and with them torch.
        return self.method.estimator, self.seed, self.train, self.test

    def __str__(self):
        return f"{self.method.key} repeat {self.repeat} fold {self.fold}"


def cell_seed(seed, repeat, fold):
    """Return the seed of a cell: far from its neighbours', equal for every method, below 2**31."""
    return int(np.random.SeedSequence([seed, repeat, fold]).generate_state(1)[0] >> 1)


def plan_cells(methods, data, protocol, *, folds_per_method=None):
    """Return the cells of a protocol, fold by fold, every method in turn.

    In this order a run that is stopped early has as many folds of each method. Methods that lack
    a file (``missing``) have no cells.

    Parameters
    ----------
    methods : sequence of Method
        Rows of the table.
    data : StudyData
        The data set.
    protocol : Protocol
        How it is split.
    folds_per_method : dict of str to int or None, default=None
        Plan only the first so many splits of the methods named here.

    Returns
    -------
    list of Cell
        In the order in which they are computed.

    See Also
    --------
    run_cells : Compute the cells.
    """
    check_size(len(methods), protocol)
    limits = folds_per_method or {}
    here = [m for m in methods if not m.missing]
    parameters = [describe(method.estimator) for method in here]
    return [
        Cell(method, described, data.name, data.digest, protocol, repeat, fold, train, test)
        for number, (repeat, fold, train, test) in enumerate(protocol.splits(data))
        for method, described in zip(here, parameters, strict=True)
        if number < limits.get(method.key, number + 1)
    ]


def describe(estimator):
    """Return the parameters of an estimator, and a digest of its code if that is not known."""
    described, code = canonical_parameters(estimator), own_code(estimator)
    return described if code is None else described | {"code": code}


def check_size(n_methods, protocol):
    """Refuse a plan that is too large, before anything of it is made."""
    n_cells = n_methods * protocol.n_repeats * protocol.n_splits
    if n_cells > MAX_CELLS:
        raise ValueError(
            f"{n_methods} methods or candidates with {protocol.n_repeats} x {protocol.n_splits} "
            f"folds are {n_cells} cells; a plan has at most {MAX_CELLS}. Give fewer methods, "
            "repeats, folds or values in the grid."
        )


@validate_params(
    {
        "available": [dict],
        "keys": ["array-like", None],
        "device": [StrOptions({"auto", "cpu", "cuda"})],
    },
    prefer_skip_nested_validation=True,
)
def select_methods(available, *, keys=None, device="auto"):
    """Return rows of the table, set up for a device.

    Parameters
    ----------
    available : dict of str to Method
        As from :func:`sklearn_mer.methods.available_methods`.
    keys : sequence of str or None, default=None
        Which rows; all where None, those that lack a file included.
    device : {"auto", "cpu", "cuda"}, default="auto"
        Given to estimators that have this parameter.

    Returns
    -------
    list of Method
        In the order of `keys`.
    """
    wanted = list(available) if keys is None else list(keys)
    unknown = [key for key in wanted if key not in available]
    if unknown:
        hint = did_you_mean(unknown[0], available)
        if "," in str(unknown[0]):
            hint = " Give each by itself, without commas."
        if str(unknown[0]).endswith(".py"):
            hint = f" Name the class in the file, too: {unknown[0]}:MyMER."
        raise ValueError(f"Unknown methods {unknown}.{hint} Choose from {sorted(available)}.")
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"Each method can be given once, got {wanted}.")
    methods = [available[key] for key in wanted]
    lacking = [f"{method.key}: {method.missing}" for method in methods if method.missing]
    if keys is not None and lacking:
        raise FileNotFoundError(" ".join(lacking))
    for i, method in enumerate(methods):
        if "device" in method.estimator.get_params(deep=False):
            methods[i] = with_params(method, {"device": device})
    return methods


def with_params(method, params, *, title=None):
    """Return a row of the table with some parameters of its estimator changed."""
    estimator = clone(method.estimator).set_params(**params)
    return replace(method, estimator=estimator, title=title or method.title)
