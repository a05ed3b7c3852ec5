"""Names beside points."""

import numpy as np
from sklearn.isotonic import isotonic_regression


def name_points(axes, x, y, names):
    """Write names in a column to the right, each joined to its point, so that none overlap.

    Parameters
    ----------
    axes : matplotlib Axes
        The panel; its limits in y are set.
    x, y : ndarray of shape (n_points,)
        Places of the points.
    names : list of str
        One per point.
    """
    if not names:
        return
    margin = max(1.0, 0.08 * np.ptp(y))
    low, high = y.min() - margin, y.max() + margin
    axes.set_ylim(low, high)
    places = spread_out((y - low) / (high - low), gap=0.95 / max(len(names), 10))
    line = {"arrowstyle": "-", "color": "0.75", "linewidth": 0.6, "relpos": (0, 0.5)}
    style = {"textcoords": "axes fraction", "va": "center", "fontsize": 7.5, "arrowprops": line}
    style["parse_math"] = False  # names may have dollar signs
    for name, place, *point in zip(names, places, x, y, strict=True):
        axes.annotate(name, point, xytext=(1.03, place), zorder=1, **style)


def spread_out(places, *, gap):
    """Move places between 0 and 1 as little as possible so that they are a gap apart.

    Their order is kept; `gap` is at most 1 / (n - 1).
    """
    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(len(order))
    # With the gaps subtracted, only the order is left to be kept: an isotonic regression.
    moved = np.clip(isotonic_regression(places[order] - steps), 0, max(0, 1 - steps[-1])) + steps
    return moved[np.argsort(order)]
