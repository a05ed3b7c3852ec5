"""Quadrants of the valence-arousal plane: names, colours and markers."""

from .._quadrants import QUADRANTS, SIGNS
from .._text import plain_line

QUADRANT_NAMES = ("happy", "angry", "sad", "serene")
# Amber, red, blue and teal. At least 36 apart in CIE Lab, also as seen without red or green cones
# (30 without blue ones); contrast at least 2.4 to white, and to a dark page.
QUADRANT_COLORS = ("#D9920A", "#B5303A", "#2B66A3", "#37B89C")
QUADRANT_MARKERS = ("o", "^", "s", "D")
VALENCE, AROUSAL = "valence: negative to positive", "arousal: calm to excited"


def quadrant_name(number, label):
    """Return the title of a quadrant: "Q2 angry", or "Q2 wild" if its label is "wild"."""
    own = QUADRANTS[number]
    name = QUADRANT_NAMES[number] if str(label) in (own, str(number + 1)) else plain_line(label)
    return f"{own} {name}"


def ink(share=1.0):
    """Return the colour of text, blended with the background: readable in dark styles too."""
    from matplotlib import rcParams
    from matplotlib.colors import to_rgb

    text, back = to_rgb(rcParams["text.color"]), to_rgb(rcParams["axes.facecolor"])
    return tuple(share * t + (1 - share) * b for t, b in zip(text, back, strict=True))


def draw_cross(ax):
    """Draw the axes of valence and arousal through the centre of the plane."""
    ax.axhline(0, color=ink(0.6), linewidth=0.8, zorder=0)
    ax.axvline(0, color=ink(0.6), linewidth=0.8, zorder=0)
    ax.set(aspect="equal", xlabel=VALENCE, ylabel=AROUSAL)


def draw_plane(ax, labels):
    """Draw the axes of valence and arousal, and the names of the quadrants behind them."""
    draw_cross(ax)
    for number, label in enumerate(labels):
        # Behind the points, which it would cover otherwise.
        style = {"ha": "center", "va": "center", "weight": "bold", "zorder": 0, "alpha": 0.65}
        style["parse_math"] = False  # labels may have dollar signs
        name = quadrant_name(number, label)
        size = fitting_size(name, 12, 16)
        color = QUADRANT_COLORS[number]
        ax.text(
            *0.5 * SIGNS[number], name.replace(" ", "\n", 1), fontsize=size, color=color, **style
        )
    ticks = [-1, -0.5, 0, 0.5, 1]
    ax.set(xlim=(-1.06, 1.06), ylim=(-1.06, 1.06), xticks=ticks, yticks=ticks)


def fitting_size(text, length, size):
    """Return the size of letters for a place that has room for `length` of them in `size`."""
    return size * min(1, length / max(1, len(text)))


def name_classes(ax, handles, names, **how):
    """Put a legend of classes above axes, where it covers nothing."""
    # Two columns where four would be wider than the axes.
    columns = 4 if sum(map(len, names)) <= 44 else 2 if max(map(len, names)) <= 28 else 1
    position = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": columns}
    # A leading underscore would keep a class out of the legend.
    legend = ax.legend(handles, [f" {name}" for name in names], frameon=False, **position, **how)
    for text in legend.get_texts():
        text.set(text=text.get_text().lstrip(), parse_math=False)
