"""Labels of any type to 0, 1, 2, ..."""

import numpy as np
import pandas as pd
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_y


def _check_present(y):
    missing = np.flatnonzero(pd.isna(np.asarray(y, dtype=object)).ravel())
    if len(missing):
        raise ValueError(
            f"Input y contains NaN or None: {len(missing)} clips have no label, the first in row "
            f"{missing[0]}. Leave those clips out, or give them labels."
        )


def encode_labels(estimator, X, y):
    """Set ``classes_`` and return the position of each label in it.

    Parameters
    ----------
    estimator : classifier
        The classifier that is fitted.
    X : checked clips, of the same length as `y`
        Its clips.
    y : array-like of shape (n_clips,)
        Labels of any sortable type.

    Returns
    -------
    ndarray of shape (n_clips,), int64
        Positions of the labels in ``classes_``.
    """
    if y is None:
        raise ValueError(
            f"This {type(estimator).__name__} estimator requires y to be passed, but the target "
            "y is None."
        )
    _check_present(y)
    try:
        y = _check_y(y, estimator=estimator)
        check_classification_targets(y)
    except (ValueError, TypeError) as error:  # the latter of texts beside numbers
        raise ValueError(
            f"{str(error).strip()}\nGive one class label per clip, as a list, 1-D array or Series. "
            "Numbers of a scale, such as valence, are no classes: cut them into classes first."
        ) from None
    if len(y) != len(X):
        raise ValueError(
            "Found input variables with inconsistent numbers of samples: "
            f"{[len(X), len(y)]}. X has {len(X)} clips, y has {len(y)} labels; give one label per "
            "clip."
        )
    estimator.classes_, targets = np.unique(y, return_inverse=True)
    if len(estimator.classes_) < 2:
        raise ValueError(
            f"{type(estimator).__name__} needs clips of at least two classes; the data contain "
            f"only one class: {estimator.classes_.tolist()[0]!r}."
        )
    return targets.astype(np.int64)
