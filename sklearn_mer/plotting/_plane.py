"""Quadrants of the valence-arousal plane: positions, names, colours."""

import numpy as np

from .._text import plain_line

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")
# Valence and arousal of Q1 to Q4.
SIGNS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
# Colours for colour-blind readers (Okabe and Ito, 2008).
QUADRANT_COLORS = ("#E69F00", "#D55E00", "#0072B2", "#009E73")
QUADRANT_MARKERS = ("o", "^", "s", "D")
VALENCE, AROUSAL = "valence: negative to positive", "arousal: calm to excited"


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
        raise ValueError(
            f"{name} has labels that are not quadrants: {unknown}. The quadrants are {labels}; if "
            "yours have other labels, set labels=[label of Q1, of Q2, of Q3, of Q4]."
        )


def quadrant_name(number, label):
    """Return the title of a quadrant: "Q2", or "Q2 angry" if its label is "angry"."""
    own = QUADRANTS[number]
    return own if str(label) in (own, str(number + 1)) else f"{own} {plain_line(label)}"
