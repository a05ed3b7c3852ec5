"""The data set of a study, and how one is opened by name."""

import os
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd

from .._compat import StrOptions, validate_params
from .._text import did_you_mean
from ..datasets import load_4qaed, load_folder, load_merge, make_quadrant_clips
from ._keys import data_digest

_LOADERS = {
    "4qaed": load_4qaed,
    "merge-complete": partial(load_merge, "complete"),
    "merge-balanced": partial(load_merge, "balanced"),
    # Small enough for a first look in minutes, hard enough to tell methods apart.
    "synthetic": lambda **how: make_quadrant_clips(200, duration=3.0, random_state=0),
}
DATASETS = tuple(_LOADERS)


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
    """

    name: str
    X: object = field(repr=False)
    y: object = field(repr=False)
    groups: object = field(default=None, repr=False)
    n_skipped: int = 0

    def __post_init__(self):
        if not hasattr(self.X, "iloc"):
            object.__setattr__(self, "X", np.asarray(self.X))
        object.__setattr__(self, "y", np.asarray(self.y))
        if self.groups is not None:
            object.__setattr__(self, "groups", np.asarray(self.groups))
        if np.ndim(self.X) == 0 or self.y.ndim != 1:
            raise ValueError(
                f"Data set {self.name!r}: X must hold clips, and y one label for each; got X of "
                f"shape {np.shape(self.X)} and y of shape {self.y.shape}."
            )
        if n_missing := pd.isna(self.y).sum():
            raise ValueError(f"Data set {self.name!r}: y lacks the labels of {n_missing} clips.")
        lengths = {len(part) for part in (self.X, self.y, self.groups) if part is not None}
        if len(lengths) != 1:
            raise ValueError(
                f"Data set {self.name!r}: X, y and groups must have one entry per clip, "
                f"got lengths {sorted(lengths)}."
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
    {"name": [str, os.PathLike], "on_error": [StrOptions({"raise", "skip"})]},
    prefer_skip_nested_validation=True,
)
def open_dataset(name, *, data_home=None, on_error="raise"):
    """Load a data set by name, or a folder of clips.

    Parameters
    ----------
    name : {"4qaed", "merge-complete", "merge-balanced", "synthetic"} or path-like
        Anything else is a folder with one sub-folder per class. A folder that has the name of a
        data set is given as a path with a slash (``./4qaed``).
    data_home : path-like or None, default=None
        Where data sets are looked for, as in the loaders.
    on_error : {"raise", "skip"}, default="raise"
        Whether clips that cannot be used raise an error or are left out, as in the loaders.

    Returns
    -------
    StudyData
        Named as asked for; a folder by its own name.
    """
    if name in _LOADERS:
        bunch = _LOADERS[name](data_home=data_home, on_error=on_error)
    else:
        folder = Path(os.path.expanduser(name))
        if not str(name).strip() or not folder.is_dir():
            raise ValueError(
                f"Unknown data set {str(name)!r}.{did_you_mean(name, DATASETS)} Choose "
                f"{', '.join(DATASETS)}, or give an existing folder with one sub-folder of clips "
                "per class."
            )
        label, bunch = Path(os.path.realpath(folder)).name, load_folder(folder, on_error=on_error)
        # The name decides which published figures stand beside the measured ones.
        name = f"folder:{label}" if label in DATASETS else label
    skipped = bunch.get("skipped", ())
    return StudyData(name, bunch.data, bunch.target, bunch.groups, len(skipped))
