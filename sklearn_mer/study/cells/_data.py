"""The data set of a study, and how one is opened by name."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ._data_digest import data_digest


@dataclass(frozen=True, eq=False)
class StudyData:
    """Clips, labels and groups under one name.

    Parameters
    ----------
    name : str
        The data set's name in the store and the table.
    X : table, array of waveforms, or list of paths
        Clips in any of the library's forms.
    y : array-like of shape (n_clips,)
        Labels of any type.
    groups : array-like of shape (n_clips,) or None, default=None
        The artist of each clip.

    Attributes
    ----------
    labels : ndarray of shape (n_classes,)
        The sorted classes.
    digest : str
        Tells this content from any other; computed at first use.

    Examples
    --------
    >>> from sklearn_mer.study import StudyData
    >>> data = StudyData("tiny", [[0.0], [1.0]], ["Q1", "Q2"])
    >>> len(data), data.labels.tolist()
    (2, ['Q1', 'Q2'])
    """

    name: str
    X: object = field(repr=False)
    y: object = field(repr=False)
    groups: object = field(default=None, repr=False)

    def __post_init__(self):
        if not hasattr(self.X, "iloc"):
            object.__setattr__(self, "X", np.asarray(self.X))
        object.__setattr__(self, "y", np.asarray(self.y))
        if self.groups is not None:
            object.__setattr__(self, "groups", np.asarray(self.groups))
        lengths = {len(part) for part in (self.X, self.y, self.groups) if part is not None}
        if len(lengths) != 1:
            raise ValueError(
                f"Data set {self.name!r}: X, y and groups must have one entry a clip each, "
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
        """Digest of the clips' content, features and labels."""
        return data_digest(self.X, self.y)
