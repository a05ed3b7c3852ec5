"""Weights of classes."""

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
    labels = estimator.classes_[targets]
    return compute_class_weight(estimator.class_weight, classes=estimator.classes_, y=labels)


def weigh(targets, weights):
    """Return the weights of samples of these classes; None if `weights` is None."""
    return None if weights is None else weights[targets]
