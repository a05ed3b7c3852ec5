"""Labels of any type to 0, 1, 2, ..."""

import numpy as np
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_y, check_consistent_length


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
    y = _check_y(y, estimator=estimator)
    check_classification_targets(y)
    check_consistent_length(X, y)
    estimator.classes_, targets = np.unique(y, return_inverse=True)
    if len(estimator.classes_) < 2:
        raise ValueError(
            f"{type(estimator).__name__} needs clips of at least two classes; the data contain "
            f"only one class: {estimator.classes_.tolist()[0]!r}."
        )
    return targets.astype(np.int64)
