"""How the pictures of the report are drawn, each from the content into a matplotlib Figure."""

import math

import numpy as np
from sklearn.isotonic import isotonic_regression
from sklearn.metrics import ConfusionMatrixDisplay

from ..plotting import (
    QUADRANT_COLORS,
    QUADRANT_MARKERS,
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
)

# Rows are said to differ below this p, after Holm's correction.
LEVEL = 0.05
_BLUE, _RED = "#0072B2", "#D55E00"
_QUADRANTS = ["Q1", "Q2", "Q3", "Q4"]


def boxes(content, figure):
    """Draw the scores of all folds, best row on top, with the paper's mean."""
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
    found = {*content.comparisons["first"], *content.comparisons["second"]}
    return [key for key in content.best_first if key in found]


def intervals(content, figure):
    """Draw the means with their intervals, and bars that join rows that do not differ."""
    axes = figure.subplots()
    keys = compared_rows(content)
    rows = content.table.set_index("method").loc[keys]
    places = np.arange(len(keys))
    low, mean, high = rows[["ci95_low", "f1_macro_mean", "ci95_high"]].to_numpy(float).T
    axes.errorbar(
        mean, places, xerr=[mean - low, high - mean], fmt="o", color=_BLUE, capsize=3, ms=5
    )
    # In a strip of their own to the right of the panel, so that they cross no interval.
    for number, (first, last) in enumerate(equal_runs(keys, content.comparisons)):
        axes.plot(
            [1.025 + 0.03 * number] * 2,
            [first - 0.25, last + 0.25],
            transform=axes.get_yaxis_transform(),
            color="0.45",
            linewidth=4,
            solid_capstyle="butt",
            clip_on=False,
            label="_equal",
        )
    _rows(axes, [content.titles[key] for key in keys])
    axes.set_xlabel("mean macro F1 (%)")


def equal_runs(names, comparisons):
    """Return first and last position of the runs of rows of which no two differ significantly.

    A run has at least two rows and lies in no other run. Rows that were not compared, because
    they have no common folds, are not joined. `names` are the rows, best first.
    """
    equal = {
        frozenset((pair.first, pair.second))
        for pair in comparisons.itertuples()
        if pair.p_holm >= LEVEL
    }
    runs = []
    for first in range(len(names)):
        last = first
        while last + 1 < len(names) and all(
            frozenset((names[i], names[last + 1])) in equal for i in range(first, last + 1)
        ):
            last += 1
        if last > first and not (runs and runs[-1][1] >= last):
            runs.append((first, last))
    return runs


def confusion_size(labels):
    """Return width and height in inches of a confusion matrix with these classes."""
    if labels == _QUADRANTS:
        return 3.1, 3.2
    names = 0.07 * max(len(_short(label)) for label in labels)
    side = max(1.7, 0.36 * len(labels))
    return side + names + 0.6, side + names + 0.8


def confusion(content, key, figure):
    """Draw the confusion of a row, in Russell's plane if the classes are its quadrants."""
    counts = content.confusion(key)
    axes = figure.subplots()
    if content.labels == _QUADRANTS:
        display = QuadrantConfusionDisplay(counts).plot(axes, text_kw={"fontsize": 7.5})
        for title in display.titles_:
            title.set_fontsize(7.5)
    else:
        labels = [_short(label) for label in content.labels]
        ConfusionMatrixDisplay(counts, display_labels=labels).plot(
            ax=axes,
            cmap="Blues",
            colorbar=False,
            xticks_rotation="vertical" if max(map(len, labels)) > 3 else "horizontal",
        )
    axes.set_title(content.titles[key], weight="bold")


def classes(content, figure):
    """Draw the F1 of each class of each row."""
    axes = figure.subplots()
    keys = content.best_first
    means = np.array([[mean for mean, _ in content.class_scores(key)] for key in keys])
    places = np.arange(len(keys))
    axes.hlines(places, _least(means), -_least(-means), color="0.8", zorder=1)
    few = len(content.labels) <= 4
    for number, label in enumerate(content.labels):
        axes.scatter(
            means[:, number],
            places,
            s=30,
            # A leading underscore would keep a class out of the legend.
            label=f" {_short(label)}" if label.startswith("_") else _short(label),
            zorder=2,
            marker=QUADRANT_MARKERS[number % 4],
            color=QUADRANT_COLORS[number] if few else f"C{number % 10}",
        )
    _rows(axes, [content.titles[key] for key in keys])
    _legend(axes, legend_columns(content.labels))
    axes.set_xlabel("F1 of the class (%)")


def legend_columns(labels):
    """Return the number of columns of a legend of classes that is as wide as a picture."""
    longest = max(len(_short(label)) for label in labels)
    return max(1, min(4, len(labels), 56 // (longest + 7)))


def learning(content, key, figure):
    """Draw how the networks of a row learned."""
    axes = figure.subplots()
    TrainingHistoryDisplay.from_history(content.histories(key), ax=axes)
    figure.suptitle(content.titles[key], weight="bold")


def cost(content, figure):
    """Draw mean macro F1 against seconds of training and against peak memory."""
    upper, lower = figure.subplots(2, 1)
    _cost_panel(upper, content, "fit_seconds", "training time per fold (seconds)")
    _cost_panel(lower, content, "peak_memory_mb", "peak memory per fold (MiB)")


def _cost_panel(axes, content, name, xlabel):
    keys = content.best_first
    x = np.array([content.mean_of(key, name) for key in keys])
    y = content.scores.mean().loc[keys].to_numpy()
    axes.scatter(x, y, s=26, color=_BLUE, zorder=3)
    if name == "fit_seconds":  # from hundredths of a second to hours
        _log_axis(axes, x)
    else:
        axes.set_xlim(left=0)
    axes.set(xlabel=xlabel, ylabel="mean macro F1 (%)")
    axes.grid(color="0.9")
    axes.set_axisbelow(True)
    known = np.isfinite(x)
    names = [content.titles[key] for key in np.array(keys)[known]]
    _name_points(axes, x[known], y[known], names)


def _log_axis(axes, x):
    """Set a logarithmic axis of at least a decade, its labels without powers."""
    from matplotlib.ticker import LogLocator, NullLocator

    axes.set_xscale("log")
    x = x[x > 0]
    if not len(x):
        return
    low, high = x.min(), x.max()
    margin = max(1.3, math.sqrt(10 * low / high))
    axes.set_xlim(low / margin, high * margin)
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0,) if high / low > 100 else (1.0, 2.0, 5.0)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter("{x:g}")


def _name_points(axes, x, y, names):
    """Write names in a column to the right, each joined to its point, so that none overlap."""
    if not names:
        return
    margin = max(1.0, 0.08 * np.ptp(y))
    low, high = y.min() - margin, y.max() + margin
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


def spread_out(places, *, gap):
    """Move places between 0 and 1 as little as possible so that they are a gap apart.

    Their order is kept; `gap` is at most 1 / (n - 1).
    """
    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(len(order))
    # With the gaps subtracted, only the order is left to be kept: an isotonic regression.
    moved = np.clip(isotonic_regression(places[order] - steps), 0, max(0, 1 - steps[-1])) + steps
    result = np.empty_like(moved)
    result[order] = moved
    return result


def _box(axes, scores, place):
    import matplotlib

    thin = {"color": "0.35", "linewidth": 0.9}
    # The older name is deprecated where the newer one exists.
    newer = matplotlib.__version_info__ >= (3, 10)
    axes.boxplot(
        scores,
        positions=[place],
        **({"orientation": "horizontal"} if newer else {"vert": False}),
        widths=0.6,
        showfliers=False,
        manage_ticks=False,
        boxprops=thin,
        whiskerprops=thin,
        capprops=thin,
        medianprops={"color": "black", "linewidth": 1.6},
    )


def _spread(n):
    """Return offsets that keep dots of equal scores apart, the same each time."""
    golden = (math.sqrt(5) - 1) / 2
    return 0.36 * ((np.arange(n) * golden + 0.5) % 1 - 0.5)


def _least(means):
    """Return the smallest number of each row, NaN where there is none."""
    return np.fmin.reduce(means, axis=1)


def _short(label, longest=24):
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


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
