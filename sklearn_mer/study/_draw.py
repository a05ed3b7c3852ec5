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
# Inches; with letters of 9 points the pictures are legible on a phone too.
_WIDTH = 4.7
_BLUE, _RED = "#0072B2", "#D55E00"


def boxes(content, figure):
    """Draw the scores of all folds, best row on top, with the paper's mean."""
    axes = _row_axes(figure, content, content.best_first, "macro F1 (%)")
    golden = (math.sqrt(5) - 1) / 2
    for place, key in enumerate(content.best_first):
        scores = content.scores[key].dropna().to_numpy()
        if len(scores) > 1:
            _box(axes, scores, place)
        # Spread by the golden ratio: dots of equal scores stay apart, the same each time.
        offsets = 0.36 * ((np.arange(len(scores)) * golden + 0.5) % 1 - 0.5)
        axes.scatter(scores, place + offsets, s=7, color=_BLUE, alpha=0.5, lw=0, zorder=3)
    published = content.table.set_index("method")["published"].loc[content.best_first]
    known = published.notna().to_numpy()
    if known.any():
        places = np.flatnonzero(known)
        axes.scatter(published[known], places, marker="D", s=26, c=_RED, zorder=4, label="paper")
        _legend(axes, 1)


def _box(axes, scores, place):
    import matplotlib

    thin = {"color": "0.35", "linewidth": 0.9}
    # The older name is deprecated where the newer one exists.
    newer = matplotlib.__version_info__ >= (3, 10)
    axes.boxplot(
        scores,
        positions=[place],
        **({"orientation": "horizontal"} if newer else {"vert": False}),
        **dict.fromkeys(("boxprops", "whiskerprops", "capprops"), thin),
        medianprops={"color": "black", "linewidth": 1.6},
        widths=0.6,
        showfliers=False,
        manage_ticks=False,
    )


def compared_rows(content):
    """Return the keys of the rows that were compared with another, best first."""
    found = {*content.comparisons["first"], *content.comparisons["second"]}
    return [key for key in content.best_first if key in found]


def intervals(content, figure):
    """Draw the means with their intervals, and bars that join rows that do not differ."""
    keys = compared_rows(content)
    axes = _row_axes(figure, content, keys, "mean macro F1 (%)")
    rows = content.table.set_index("method").loc[keys]
    low, mean, high = rows[["ci95_low", "f1_macro_mean", "ci95_high"]].to_numpy(float).T
    axes.errorbar(
        mean,
        range(len(keys)),
        xerr=[mean - low, high - mean],
        fmt="o",
        color=_BLUE,
        capsize=3,
        ms=5,
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


def equal_runs(names, comparisons):
    """Return first and last position of the runs of rows of which no two differ significantly.

    A run has at least two rows and lies in no other run. Rows that were not compared, because
    they have no common folds, are not joined. `names` are the rows, best first.
    """
    pairs = comparisons[comparisons["p_holm"] >= LEVEL]
    equal = set(map(frozenset, zip(pairs["first"], pairs["second"], strict=True)))
    runs = []
    for first in range(len(names)):
        last = first
        while last + 1 < len(names) and all(
            frozenset((name, names[last + 1])) in equal for name in names[first : last + 1]
        ):
            last += 1
        if last > first and not (runs and runs[-1][1] >= last):
            runs.append((first, last))
    return runs


def confusion(content, key, figure):
    """Draw the confusion of a row, in Russell's plane if the classes are its quadrants."""
    counts = content.confusion(key)
    axes = figure.subplots()
    if content.quadrants:
        figure.set_size_inches(3.1, 3.2)
        display = QuadrantConfusionDisplay(counts).plot(axes, text_kw={"fontsize": 7.5})
        for title in display.titles_:
            title.set_fontsize(7.5)
    else:
        labels = [_short(label) for label in content.labels]
        longest = max(map(len, labels))
        side = max(1.7, 0.36 * len(labels)) + 0.07 * longest
        figure.set_size_inches(side + 0.6, side + 0.8)
        ConfusionMatrixDisplay(counts, display_labels=labels).plot(
            ax=axes,
            cmap="Blues",
            colorbar=False,
            xticks_rotation="vertical" if longest > 3 else "horizontal",
        )
    axes.set_title(content.titles[key], weight="bold")


def classes(content, figure):
    """Draw the F1 of each class of each row."""
    labels = [_short(label) for label in content.labels]
    columns = max(1, min(4, len(labels), 56 // (max(map(len, labels)) + 7)))
    legend = 0.2 * math.ceil(len(labels) / columns)
    axes = _row_axes(figure, content, content.best_first, "F1 of the class (%)", legend)
    scores = [content.class_scores(key) for key in content.best_first]
    means = np.array([[mean for mean, _ in of_row] for of_row in scores])
    places = range(len(means))
    # Unlike min and max, these pass over classes that no fold has.
    axes.hlines(places, np.fmin.reduce(means, 1), np.fmax.reduce(means, 1), color="0.8", zorder=1)
    colors = QUADRANT_COLORS if len(labels) <= 4 else [f"C{i % 10}" for i in range(len(labels))]
    for number, label in enumerate(labels):
        axes.scatter(
            means[:, number],
            places,
            s=30,
            # A leading underscore would keep a class out of the legend.
            label=f" {label}" if label.startswith("_") else label,
            zorder=2,
            marker=QUADRANT_MARKERS[number % 4],
            color=colors[number],
        )
    _legend(axes, columns)


def learning(content, key, figure):
    """Draw how the networks of a row learned."""
    display = TrainingHistoryDisplay.from_history(content.histories(key), ax=figure.subplots())
    n_stages = display.axes_.shape[1]
    figure.set_size_inches(4.2 if n_stages == 1 else 2.9 * n_stages, 3.8)
    figure.suptitle(content.titles[key], weight="bold")


def cost(content, figure):
    """Draw mean macro F1 against seconds of training and against peak memory."""
    figure.set_size_inches(_WIDTH, 2 * max(2.3, 0.7 + 0.17 * len(content.best_first)))
    upper, lower = figure.subplots(2, 1)
    _log_axis(upper, _cost_panel(upper, content, "fit_seconds", "training time per fold (seconds)"))
    _cost_panel(lower, content, "peak_memory_mb", "peak memory per fold (MiB)")
    lower.set_xlim(left=0)


def _cost_panel(axes, content, name, xlabel):
    """Draw means against a cost, where it is known; return the costs."""
    costs = {key: content.mean_of(key, name) for key in content.best_first}
    costs = {key: value for key, value in costs.items() if not math.isnan(value)}
    x = np.array(list(costs.values()))
    y = content.scores[list(costs)].mean().to_numpy()
    axes.scatter(x, y, s=26, color=_BLUE, zorder=3)
    axes.set(xlabel=xlabel, ylabel="mean macro F1 (%)")
    axes.grid()
    _name_points(axes, x, y, [content.titles[key] for key in costs])
    return x


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


def _row_axes(figure, content, keys, xlabel, extra=0.0):
    """Return axes with one line per row of the table, the first on top."""
    figure.set_size_inches(_WIDTH, 1.0 + extra + 0.33 * len(keys))
    axes = figure.subplots()
    axes.set_yticks(range(len(keys)), [content.titles[key] for key in keys])
    axes.set_ylim(len(keys) - 0.5, -0.5)
    axes.set_xlabel(xlabel)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    return axes


def _short(label, longest=24):
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def _legend(axes, ncols):
    place = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.2}
    axes.legend(ncols=ncols, frameon=False, handletextpad=0.1, columnspacing=1.0, **place)
