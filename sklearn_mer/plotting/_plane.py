"""Quadrants of the valence-arousal plane: names and colours."""

from .._quadrants import QUADRANTS, SIGNS
from .._text import plain_line

# Colours for colour-blind readers (Okabe and Ito, 2008).
QUADRANT_COLORS = ("#E69F00", "#D55E00", "#0072B2", "#009E73")
QUADRANT_MARKERS = ("o", "^", "s", "D")
VALENCE, AROUSAL = "valence: negative to positive", "arousal: calm to excited"


def quadrant_name(number, label):
    """Return the title of a quadrant: "Q2", or "Q2 angry" if its label is "angry"."""
    own = QUADRANTS[number]
    return own if str(label) in (own, str(number + 1)) else f"{own} {plain_line(label)}"


def draw_plane(ax, labels):
    """Draw the axes of valence and arousal, and the names of the quadrants behind them."""
    ax.axhline(0, color="0.4", linewidth=0.8, zorder=0)
    ax.axvline(0, color="0.4", linewidth=0.8, zorder=0)
    for number, label in enumerate(labels):
        # Behind the points, which it would cover otherwise.
        style = {"ha": "center", "va": "center", "color": "0.87", "weight": "bold", "zorder": 0}
        style["parse_math"] = False  # labels may have dollar signs
        name = quadrant_name(number, label).replace(" ", "\n", 1)
        ax.text(*0.5 * SIGNS[number], name, fontsize=20, **style)
    ax.set(xlim=(-1.04, 1.04), ylim=(-1.04, 1.04), aspect="equal")
    ticks = [-1, -0.5, 0, 0.5, 1]
    ax.set(xlabel=VALENCE, ylabel=AROUSAL, xticks=ticks, yticks=ticks)
