"""The quadrants of Russell's plane, and the numbers that follow from their probabilities."""

import numpy as np

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")
# Valence and arousal of Q1 to Q4.
SIGNS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
# Sums of float32 probabilities differ from 1 by rounding, published ones by their last digit.
_ROUNDING = 1e-4
_SHOWN = 5


def valence_arousal(proba, classes=None, *, labels=QUADRANTS):
    """Return the valence and the arousal that follow from probabilities of quadrants.

    The valence is 2 P(Q1 or Q4) - 1, the arousal 2 P(Q1 or Q2) - 1, both from -1 to 1: the
    expected side of Russell's plane, not a rating. 0.5 means that the classifier gives 75 % to the
    two quadrants of that side; it does not mean "half as happy as possible". Near 0 the classifier
    does not know the side, which is not the same as music without emotion.

    Parameters
    ----------
    proba : array-like of shape (n_clips, n_classes)
        Probabilities, as ``predict_proba`` returns them; rows add up to 1.
    classes : sequence of labels, default=None
        Labels of the columns, as ``classes_``. If None, `labels` in sorted order.
    labels : sequence of 4 labels, default=("Q1", "Q2", "Q3", "Q4")
        Labels of the quadrants Q1, Q2, Q3 and Q4, in this order. Quadrants that are not among
        `classes` have the probability 0.

    Returns
    -------
    valence, arousal : ndarray of shape (n_clips,)
        From -1 (negative; calm) to 1 (positive; excited).

    Raises
    ------
    ValueError
        If classes are not quadrants, the number of columns is another, or rows hold missing or
        negative values or do not add up to 1.

    See Also
    --------
    sklearn_mer.plotting.ValenceArousalDisplay : Draw them.

    Examples
    --------
    >>> from sklearn_mer.songs import valence_arousal
    >>> valence, arousal = valence_arousal([[0.5, 0.25, 0.25, 0.0]], ["Q1", "Q2", "Q3", "Q4"])
    >>> valence.tolist(), arousal.tolist()
    ([0.0], [0.5])
    """
    labels = check_labels(labels)
    classes = sorted(labels) if classes is None else np.asarray(classes).tolist()
    check_known(classes, labels, name="classes")
    proba = _check_probabilities(proba, classes)
    right, upper = (SIGNS[[labels.index(label) for label in classes]] > 0).T
    sides = 2 * proba[:, right].sum(axis=1) - 1, 2 * proba[:, upper].sum(axis=1) - 1
    return tuple(np.clip(side, -1, 1) for side in sides)


def check_labels(labels):
    """Return the labels of Q1 to Q4 as a list.

    Raises
    ------
    ValueError
        If there are not four different labels.
    """
    labels = np.asarray(labels).tolist()
    if not isinstance(labels, list) or len(labels) != 4 or len(set(labels)) != 4:
        raise ValueError(
            "`labels` must be four different labels, of the quadrants Q1, Q2, Q3 and Q4 in this "
            f"order; got {labels!r}."
        )
    return labels


def check_known(found, labels, *, name):
    """Check that all labels in `found`, the parameter `name`, are labels of quadrants.

    Raises
    ------
    ValueError
        If there are other labels.
    """
    found = np.unique(np.asarray(found)).tolist()
    unknown = [label for label in found if label not in labels]
    if unknown:
        more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
        raise ValueError(
            f"{name} has labels that are not quadrants: {unknown[:_SHOWN]}{more}. The quadrants "
            f"are {labels}; if yours have other labels, set labels=[label of Q1, of Q2, of Q3, of "
            "Q4]."
        )


def _check_probabilities(proba, classes):
    proba = np.asarray(proba, dtype=float)
    names = ", ".join(map(str, classes))
    if len(set(classes)) != len(classes):
        raise ValueError(f"classes has labels more than once: {names}. Each names one column.")
    if proba.ndim != 2 or proba.shape[1] != len(classes):
        raise ValueError(
            f"Probabilities must have one row per clip and one column per class ({names}), got an "
            f"array of shape {proba.shape}. Name the columns with `classes`."
        )
    with np.errstate(invalid="ignore"):
        bad = ~(np.abs(proba.sum(axis=1) - 1) <= _ROUNDING) | ~(proba >= -1e-6).all(axis=1)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(
            "Probabilities must not be missing or negative, and must add up to 1 per clip; "
            f"{bad.sum()} of {len(proba)} rows do not, the first is row {row}: "
            f"{proba[row].tolist()}. Give what predict_proba returns, without rows of clips that "
            "could not be used."
        )
    return proba
