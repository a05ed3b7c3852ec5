"""Russell's plane: where the quadrants lie, what they are called, how they are drawn."""

import numpy as np

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")
# Valence and arousal of Q1 to Q4.
SIGNS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
# Told apart by colour-blind readers and, with the markers, without colour (Okabe and Ito, 2008).
QUADRANT_COLORS = ("#E69F00", "#D55E00", "#0072B2", "#009E73")
QUADRANT_MARKERS = ("o", "^", "s", "D")
VALENCE, AROUSAL = "valence: negative to positive", "arousal: calm to excited"


def check_labels(labels):
    """Return the names of Q1 to Q4 as a list.

    Parameters
    ----------
    labels : sequence of 4 labels

    Returns
    -------
    list

    Raises
    ------
    ValueError
        If there are not four different ones.
    """
    labels = np.asarray(labels).tolist()
    if not isinstance(labels, list) or len(labels) != 4 or len(set(labels)) != 4:
        raise ValueError(
            f"`labels` names the quadrants Q1, Q2, Q3 and Q4, in this order, by four different "
            f"labels; got {labels!r}."
        )
    return labels


def check_known(found, labels, *, name):
    """Raise an error for labels that are of no quadrant.

    Parameters
    ----------
    found : array-like of labels
    labels : list of 4 labels
    name : str
        What was found, for the error.

    Raises
    ------
    ValueError
    """
    found = np.unique(np.asarray(found)).tolist()
    strange = [label for label in found if label not in labels]
    if strange:
        raise ValueError(
            f"{name} has labels that are no quadrants: {strange}. The quadrants are {labels}; "
            "where yours are called otherwise, name them with labels=[Q1's, Q2's, Q3's, Q4's]."
        )


def quadrant_name(number, label):
    """Return what a quadrant is called in a picture: "Q2", or "Q2 angry" where it has a name."""
    own = QUADRANTS[number]
    return own if str(label) in (own, str(number + 1)) else f"{own} {label}"
