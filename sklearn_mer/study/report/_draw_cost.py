"""The picture of what rows cost and what they reach."""

import numpy as np
from sklearn.isotonic import isotonic_regression

from ._summaries import mean_of

_BLUE = "#0072B2"


def cost(content, figure):
    """Draw mean macro F1 against seconds of training and against peak memory.

    Parameters
    ----------
    content : ReportContent
    figure : matplotlib Figure
    """
    upper, lower = figure.subplots(2, 1)
    _panel(upper, content, "fit_seconds", "training of a fold (seconds)")
    _panel(lower, content, "peak_memory_mb", "peak memory of a fold (MiB)")


def _panel(axes, content, name, xlabel):
    keys = content.best_first
    x = np.array([mean_of(content.done[key], name) for key in keys])
    y = content.scores.mean().loc[keys].to_numpy()
    axes.scatter(x, y, s=26, color=_BLUE, zorder=3)
    if name == "fit_seconds":  # from hundredths of a second to hours
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
    else:
        axes.set_xlim(left=0)
    axes.set(xlabel=xlabel, ylabel="mean macro F1 (%)")
    axes.grid(color="0.9")
    axes.set_axisbelow(True)
    known = np.isfinite(x)
    names = [content.titles[key] for key in np.array(keys)[known]]
    _name_points(axes, x[known], y[known], names)


def _name_points(axes, x, y, names):
    """Write names in a column to the right, each joined to its point, so that none overlap."""
    if not names:
        return
    low, high = _padded_range(y)
    axes.set_ylim(low, high)
    places = spread_out((y - low) / (high - low), gap=0.95 / max(len(names), 10))
    for name, place, *point in zip(names, places, x, y, strict=True):
        axes.annotate(
            name,
            point,
            xytext=(1.03, place),
            textcoords="axes fraction",
            va="center",
            fontsize=7.5,
            arrowprops={"arrowstyle": "-", "color": "0.75", "linewidth": 0.6, "relpos": (0, 0.5)},
            zorder=1,
        )


def _padded_range(values):
    margin = max(1.0, 0.08 * np.ptp(values))
    return values.min() - margin, values.max() + margin


def spread_out(places, *, gap):
    """Move places on a line from 0 to 1 as little as keeps them in order and a gap apart.

    Parameters
    ----------
    places : ndarray of shape (n,)
        At least one.
    gap : float
        At most 1 / (n - 1).

    Returns
    -------
    ndarray of shape (n,)
    """
    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(len(order))
    # Without the gaps, "in order" is all that is asked for; the nearest such places are known.
    moved = np.clip(isotonic_regression(places[order] - steps), 0, max(0, 1 - steps[-1])) + steps
    result = np.empty_like(moved)
    result[order] = moved
    return result
