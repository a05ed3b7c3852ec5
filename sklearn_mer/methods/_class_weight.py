"""Weights of classes."""

import math
from numbers import Real

from sklearn.utils.class_weight import compute_class_weight

from .._compat import StrOptions

CLASS_WEIGHT_CONSTRAINT = [StrOptions({"balanced"}), dict, None]


def class_weights(estimator, targets):
    """Return the weight of each class, by the ``class_weight`` of a classifier.

    Parameters
    ----------
    estimator : classifier
        Has ``class_weight`` and ``classes_``.
    targets : ndarray of shape (n_clips,), int64
        Position in ``classes_`` of the label of each training clip.

    Returns
    -------
    ndarray of shape (n_classes,) or None
        None if all classes have weight one.
    """
    if estimator.class_weight is None:
        return None
    if isinstance(estimator.class_weight, dict):
        _check_weights(estimator.class_weight, estimator.classes_.tolist())
    labels = estimator.classes_[targets]
    return compute_class_weight(estimator.class_weight, classes=estimator.classes_, y=labels)


def _check_weights(weights, classes):
    wrong = {label: weight for label, weight in weights.items() if not _is_weight(weight)}
    if wrong:
        raise ValueError(f"class_weight gives weights that are no numbers above 0: {wrong}.")
    unknown = [label for label in weights if label not in classes]
    # Classes of other folds may be named, if all of this one are.
    if unknown and not set(classes) <= weights.keys():
        raise ValueError(
            f"class_weight gives weights of {unknown}, which are no classes here; the classes are "
            f"{classes}."
        )


def _is_weight(value):
    return isinstance(value, Real) and math.isfinite(value) and value > 0


def weigh(targets, weights):
    """Return the weights of samples of these classes; None if `weights` is None."""
    return None if weights is None else weights[targets]
