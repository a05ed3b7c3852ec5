"""Tags of clips: any number per clip, or one of several."""

import numpy as np
import torch
from scipy.sparse import issparse
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_consistent_length

from ._labels import encode_labels


def encode_tags(estimator, X, y):
    """Set ``classes_`` and ``tag_names_`` and return the tags of each clip.

    Parameters
    ----------
    estimator : classifier
        The classifier that is fitted.
    X : checked clips, of the same length as `y`
        Its clips.
    y : array-like of shape (n_clips, n_tags) of 0 and 1, or labels of shape (n_clips,)
        Labels are tags that exclude each other.

    Returns
    -------
    tags : ndarray of shape (n_clips, n_tags), float32
        1 if a clip has a tag, else 0.
    several : bool
        Whether a clip may have several tags.
    """
    tags = y.toarray() if issparse(y) else None if y is None else np.asarray(y)
    if y is None or tags.ndim < 2 or tags.shape[1] < 2:
        positions = encode_labels(estimator, X, y)
        estimator.tag_names_ = _as_names(estimator.classes_)
        return np.eye(len(estimator.classes_), dtype=np.float32)[positions], False
    check_consistent_length(X, tags)
    _check_tags(tags)
    estimator.classes_ = np.arange(tags.shape[1])
    estimator.tag_names_ = _as_names(y.columns) if hasattr(y, "columns") else None
    return tags.astype(np.float32), True


def _as_names(values):
    return np.array([str(value) for value in values], dtype=object)


def _check_tags(tags):
    kind = type_of_target(tags, input_name="y")
    if kind != "multilabel-indicator" or not np.isin(tags, [0, 1]).all():
        raise ValueError(
            f"Unknown label type: y has shape {tags.shape} and contains {_others(tags)} ({kind}). "
            "Give one column of 0 and 1 per tag, or one label per clip."
        )
    if not tags.any():
        raise ValueError(
            f"y has shape {tags.shape} and is 0 throughout: no clip has a tag, so there is nothing "
            "to learn. Give 1 where a clip has the tag of a column."
        )


def _others(tags):
    values = np.unique(tags[~np.isin(tags, [0, 1])].astype(str))
    return f"{', '.join(values[:5])}{', ...' if len(values) > 5 else ''} besides 0 and 1"


def sigmoid(logits):
    """Return the probabilities of logits of independent tags.

    Parameters
    ----------
    logits : ndarray
        The logits.

    Returns
    -------
    ndarray
        Probabilities of the same shape.
    """
    return torch.from_numpy(logits).sigmoid().numpy()
