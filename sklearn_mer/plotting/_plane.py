"""Quadrants of the valence-arousal plane: names and colours."""

from .._quadrants import QUADRANTS
from .._text import plain_line

# Colours for colour-blind readers (Okabe and Ito, 2008).
QUADRANT_COLORS = ("#E69F00", "#D55E00", "#0072B2", "#009E73")
QUADRANT_MARKERS = ("o", "^", "s", "D")
VALENCE, AROUSAL = "valence: negative to positive", "arousal: calm to excited"


def quadrant_name(number, label):
    """Return the title of a quadrant: "Q2", or "Q2 angry" if its label is "angry"."""
    own = QUADRANTS[number]
    return own if str(label) in (own, str(number + 1)) else f"{own} {plain_line(label)}"
