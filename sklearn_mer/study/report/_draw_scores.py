"""Pictures with a line a row: fold scores, means and what differs, F1 a class."""

import math

import numpy as np

from ...plotting import QUADRANT_COLORS, QUADRANT_MARKERS
from ._summaries import alike_runs, class_scores

_BLUE, _RED = "#0072B2", "#D55E00"


def boxes(content, figure):
    """Draw the scores of all folds, best row on top, with the paper's mean.

    Parameters
    ----------
    content : ReportContent
    figure : matplotlib Figure
    """
    axes = figure.subplots()
    keys = content.best_first
    for place, key in enumerate(keys):
        scores = content.scores[key].dropna().to_numpy()
        if len(scores) > 1:
            _box(axes, scores, place)
        axes.scatter(
            scores, place + _spread(len(scores)), s=7, color=_BLUE, alpha=0.5, lw=0, zorder=3
        )
    published = content.table.set_index("method")["published"]
    papers = [(published[key], place) for place, key in enumerate(keys) if published[key] > 0]
    if papers:
        axes.scatter(
            *zip(*papers, strict=True), marker="D", s=26, color=_RED, zorder=4, label="paper"
        )
        _legend(axes, 1)
    _rows(axes, [content.titles[key] for key in keys])
    axes.set_xlabel("macro F1 (%)")


def compared_rows(content):
    """Return the keys of the rows that were compared with another, best first."""
    pairs = content.comparisons
    found = {*pairs["first"], *pairs["second"]}
    return [key for key in content.best_first if key in found]


def intervals(content, figure):
    """Draw the means with their intervals, and bars that join rows that do not differ.

    Parameters
    ----------
    content : ReportContent
    figure : matplotlib Figure
    """
    axes = figure.subplots()
    keys = compared_rows(content)
    rows = content.table.set_index("method").loc[keys]
    places = np.arange(len(keys))
    low, mean, high = rows[["ci95_low", "f1_macro_mean", "ci95_high"]].to_numpy(float).T
    axes.errorbar(
        mean, places, xerr=[mean - low, high - mean], fmt="o", color=_BLUE, capsize=3, ms=5
    )
    runs = alike_runs(keys, content.comparisons)
    # In a strip of its own to the right of the panel, so that no interval is crossed.
    for number, (first, last) in enumerate(runs):
        axes.plot(
            [1.025 + 0.03 * number] * 2,
            [first - 0.25, last + 0.25],
            transform=axes.get_yaxis_transform(),
            color="0.45",
            linewidth=4,
            solid_capstyle="butt",
            clip_on=False,
            label="_alike",
        )
    _rows(axes, [rows.title[key] for key in keys])
    axes.set_xlabel("mean macro F1 (%)")


def classes(content, figure):
    """Draw the F1 of each class of each row.

    Parameters
    ----------
    content : ReportContent
    figure : matplotlib Figure
    """
    axes = figure.subplots()
    keys = content.best_first
    means = np.array([[mean for mean, _, _ in class_scores(content.done[key])] for key in keys])
    places = np.arange(len(keys))
    axes.hlines(places, np.nanmin(means, 1), np.nanmax(means, 1), color="0.8", zorder=1)
    for number, label in enumerate(content.labels):
        look = {
            "marker": QUADRANT_MARKERS[number % 4],
            "color": _class_colour(number, content.labels),
        }
        axes.scatter(means[:, number], places, s=30, label=str(label), zorder=2, **look)
    _rows(axes, [content.titles[key] for key in keys])
    _legend(axes, min(4, len(content.labels)))
    axes.set_xlabel("F1 of the class (%)")


def _class_colour(number, labels):
    return QUADRANT_COLORS[number] if len(labels) <= 4 else f"C{number % 10}"


def _box(axes, scores, place):
    thin = {"color": "0.35", "linewidth": 0.9}
    axes.boxplot(
        scores,
        positions=[place],
        **_horizontal(),
        widths=0.6,
        showfliers=False,
        manage_ticks=False,
        boxprops=thin,
        whiskerprops=thin,
        capprops=thin,
        medianprops={"color": "black", "linewidth": 1.6},
    )


def _horizontal():
    import matplotlib

    # The older name is deprecated where the newer one exists.
    newer = matplotlib.__version_info__ >= (3, 10)
    return {"orientation": "horizontal"} if newer else {"vert": False}


def _spread(n):
    """Return offsets that keep dots of equal scores apart, the same each time."""
    golden = (math.sqrt(5) - 1) / 2
    return 0.36 * ((np.arange(n) * golden + 0.5) % 1 - 0.5)


def _rows(axes, titles):
    axes.set_yticks(range(len(titles)), titles)
    axes.set_ylim(len(titles) - 0.5, -0.5)  # the first on top
    axes.grid(axis="x", color="0.9")
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _legend(axes, ncols):
    place = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
    axes.legend(ncols=ncols, frameon=False, handletextpad=0.1, columnspacing=1.0, **place)
