"""The data set of a study, and how one is opened by name."""

import os
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from .._compat import StrOptions, validate_params
from .._text import did_you_mean
from ..datasets import load_4qaed, load_folder, load_merge, load_table, make_quadrant_clips
from ._keys import data_digest

_LOADERS = {
    "4qaed": load_4qaed,
    "merge-complete": partial(load_merge, "complete"),
    "merge-balanced": partial(load_merge, "balanced"),
    # Small enough for a first look in minutes, hard enough to tell methods apart.
    "synthetic": lambda **how: make_quadrant_clips(200, duration=3.0, random_state=0),
}
DATASETS = tuple(_LOADERS)
_SPLITS = ("70_15_15", "40_30_30")  # of MERGE


@dataclass(frozen=True, eq=False)
class StudyData:
    """Clips, labels and groups under one name.

    Parameters
    ----------
    name : str
        Name of the data set in the results and the table.
    X : table, array of waveforms, or list of paths
        Clips in any of the library's forms.
    y : array-like of shape (n_clips,)
        Labels of any type.
    groups : array-like of shape (n_clips,) or None, default=None
        The artist of each clip.
    n_skipped : int, default=0
        Number of clips that cannot be used and were left out.
    split : array-like of shape (n_clips,) or None, default=None
        A fixed split, in place of folds: "train", "test" or anything else for each clip.

    See Also
    --------
    open_dataset : Clips of a data set as this.
    """

    name: str
    X: object = field(repr=False)
    y: object = field(repr=False)
    groups: object = field(default=None, repr=False)
    n_skipped: int = 0
    split: object = field(default=None, repr=False)

    def __post_init__(self):
        if not hasattr(self.X, "iloc"):
            object.__setattr__(self, "X", np.asarray(self.X))
        object.__setattr__(self, "y", np.asarray(self.y))
        for name in ("groups", "split"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, np.asarray(getattr(self, name)))
        if np.ndim(self.X) == 0 or self.y.ndim != 1:
            raise ValueError(
                f"Data set {self.name!r}: X must hold clips, and y one label for each; got X of "
                f"shape {np.shape(self.X)} and y of shape {self.y.shape}."
            )
        if n_missing := pd.isna(self.y).sum():
            raise ValueError(f"Data set {self.name!r}: y lacks the labels of {n_missing} clips.")
        parts = (self.X, self.y, self.groups, self.split)
        lengths = {len(part) for part in parts if part is not None}
        if len(lengths) != 1:
            raise ValueError(
                f"Data set {self.name!r}: X, y, groups and split must have one entry per clip, "
                f"got lengths {sorted(lengths)}."
            )
        if self.split is not None:
            self._check_split()

    def _check_split(self):
        trained, tested = (set(self.y[self.split == part]) for part in ("train", "test"))
        if len(trained) < 2 or not tested or tested - trained:
            raise ValueError(
                f"Data set {self.name!r}: the split needs training clips of at least two classes, "
                f"and test clips of these; got training clips of {sorted(trained)} and test clips "
                f"of {sorted(tested)}."
            )

    def __len__(self):
        return len(self.y)

    @cached_property
    def labels(self):
        """The sorted classes."""
        return np.unique(self.y)

    @cached_property
    def digest(self):
        """Text that tells this content from any other."""
        return data_digest(self.X, self.y)


@validate_params(
    {
        "name": [str, os.PathLike],
        "on_error": [StrOptions({"raise", "skip"})],
        "split": [str, None],
    },
    prefer_skip_nested_validation=True,
)
def open_dataset(name, *, data_home=None, on_error="raise", split=None):
    """Load a data set by name, a table of clips or a folder of clips.

    Parameters
    ----------
    name : {"4qaed", "merge-complete", "merge-balanced", "synthetic"} or path-like
        Anything else is a CSV file as of :func:`~sklearn_mer.datasets.load_table`, or a folder with
        one sub-folder per class. A folder that has the name of a data set is given as a path with a
        slash (``./4qaed``).
    data_home : path-like or None, default=None
        Where data sets are looked for, as in the loaders.
    on_error : {"raise", "skip"}, default="raise"
        Whether clips that cannot be used raise an error or are left out, as in the loaders.
    split : str or None, default=None
        A fixed split in place of folds: "70_15_15" or "40_30_30" of MERGE, or the name of a column
        of a table with train, validate and test. Only the clips of train and test are used.

    Returns
    -------
    StudyData
        Named as asked for; a folder or table by its own name. With a split, ``name:split``.

    See Also
    --------
    sklearn_mer.datasets.load_4qaed : Clips and labels without a study.
    """
    how = {"on_error": on_error} if split is None else {"on_error": on_error, "split": split}
    path, known = Path(os.path.expanduser(name)), name in _LOADERS
    splits = _SPLITS if str(name).startswith("merge-") else ()
    if split is not None and not (split in splits if known else path.is_file()):
        raise ValueError(
            f"Data set {str(name)!r} has no fixed split {split!r}. Those of MERGE have (70_15_15 "
            "and 40_30_30), and CSV files with such a column."
        )
    if known:
        bunch = _LOADERS[name](data_home=data_home, **how)
    elif str(name).strip() and path.is_file():
        name, bunch = _own_name(path.stem, "table"), load_table(path, **how)
    elif str(name).strip() and path.is_dir():
        label, bunch = Path(os.path.realpath(path)).name, load_folder(path, **how)
        name = _own_name(label, "folder")
    else:
        raise ValueError(
            f"Unknown data set {str(name)!r}.{did_you_mean(name, DATASETS)} Choose "
            f"{', '.join(DATASETS)}, or give an existing folder with one sub-folder of clips "
            "per class, or a CSV file with the columns path,label."
        )
    skipped = bunch.get("skipped", ())
    name = name if split is None else f"{name}:{split}"
    parts = bunch.get("split")
    return StudyData(name, bunch.data, bunch.target, bunch.groups, len(skipped), parts)


def _own_name(label, kind):
    # The name decides which published figures stand beside the measured ones.
    return f"{kind}:{label}" if label in DATASETS else label
