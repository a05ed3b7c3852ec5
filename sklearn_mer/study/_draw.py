"""How the pictures of the report are drawn, each from the content into a matplotlib Figure."""

import math

import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay

from ..model_selection import equal_runs
from ..plotting import (
    QUADRANT_COLORS,
    QUADRANT_MARKERS,
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
    name_points,
)

# Rows are said to differ below this p, after Holm's correction.
LEVEL = 0.05
_WIDTH = 4.7  # inches: with the style's letters the pictures are legible on a phone too
_BLUE, _RED = QUADRANT_COLORS[2], QUADRANT_COLORS[1]


def boxes(content, figure):
    """Draw the scores of all folds, best row on top, with the paper's mean."""
    keys = content.best_first
    axes = _row_axes(figure, content, keys, "macro F1 (%)")
    golden = (math.sqrt(5) - 1) / 2
    for place, key in enumerate(keys):
        scores = content.scores[key].dropna().to_numpy()
        if len(scores) > 1:
            axes.boxplot(
                scores, positions=[place], widths=0.6, manage_ticks=False, orientation="horizontal"
            )
        # Spread by the golden ratio: dots of equal scores stay apart, the same each time.
        offsets = 0.36 * ((np.arange(len(scores)) * golden + 0.5) % 1 - 0.5)
        axes.scatter(scores, place + offsets, s=7, color=_BLUE, alpha=0.5, lw=0, zorder=3)
    published = content.table.set_index("method")["published"]
    papers = [(published[key], place) for place, key in enumerate(keys) if published[key] > 0]
    if papers:
        axes.scatter(*np.transpose(papers), marker="D", s=26, color=_RED, zorder=4, label="paper")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1))


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
    ends = [mean - low, high - mean]
    axes.errorbar(mean, range(len(keys)), xerr=ends, fmt="o", color=_BLUE, capsize=3, ms=5)
    # In a strip of their own to the right of the panel, so that they cross no interval.
    strip = {"transform": axes.get_yaxis_transform(), "clip_on": False, "label": "_equal"}
    bar = {"color": "0.45", "linewidth": 4, "solid_capstyle": "butt"}
    runs = equal_runs(keys, content.comparisons, level=LEVEL)
    for number, (first, last) in enumerate(runs):
        x = 1.025 + 0.03 * number
        axes.plot([x, x], [first - 0.25, last + 0.25], **strip, **bar)


def confusion(content, key, figure):
    """Draw the confusion of a row, in Russell's plane if the classes are its quadrants."""
    counts = content.confusion(key)
    axes = figure.subplots()
    if content.quadrants:
        figure.set_size_inches(3.5, 3.6)
        # The numbers are in the squares, the small picture needs no colour bar.
        display = QuadrantConfusionDisplay(counts)
        display.plot(axes, colorbar=False, text_kw={"fontsize": 8})
        for title in display.titles_:
            title.set_fontsize(0.8 * title.get_fontsize())
    else:
        labels = [_short(label) for label in content.labels]
        longest = max(map(len, labels))
        side = max(1.7, 0.36 * len(labels)) + 0.07 * longest
        figure.set_size_inches(side + 0.6, side + 0.8)
        turned = "vertical" if longest > 3 else "horizontal"
        display = ConfusionMatrixDisplay(counts, display_labels=labels)
        display.plot(ax=axes, cmap="Blues", colorbar=False, xticks_rotation=turned)
    axes.set_title(content.titles[key], weight="bold")


def classes(content, figure):
    """Draw the F1 of each class of each row."""
    labels = [_short(label) for label in content.class_names]
    columns = max(1, min(4, len(labels), 56 // (max(map(len, labels)) + 7)))
    legend = 0.2 * math.ceil(len(labels) / columns)
    axes = _row_axes(figure, content, content.best_first, "F1 of the class (%)", legend)
    scores = [content.class_scores(key) for key in content.best_first]
    means = np.array([[mean for mean, _ in of_row] for of_row in scores])
    places = range(len(means))
    # Unlike min and max, these pass over classes that no fold has.
    axes.hlines(places, np.fmin.reduce(means, 1), np.fmax.reduce(means, 1), color="0.8", zorder=1)
    for number, label in enumerate(labels):
        style = {
            "color": QUADRANT_COLORS[number] if len(labels) <= 4 else f"C{number % 10}",
            "marker": QUADRANT_MARKERS[number % 4],
            # A leading underscore would keep a class out of the legend.
            "label": f" {label}" if label.startswith("_") else label,
        }
        axes.scatter(means[:, number], places, s=30, zorder=2, **style)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=columns)


def learning(content, key, figure):
    """Draw how the networks of a row learned."""
    how = {"ax": figure.subplots(), "line_kw": {"color": _BLUE}}
    display = TrainingHistoryDisplay.from_history(content.histories(key), **how)
    n_stages = display.axes_.shape[1]
    figure.set_size_inches(4.2 if n_stages == 1 else 2.9 * n_stages, 3.8)
    figure.suptitle(content.titles[key], weight="bold")


def cost(content, name, xlabel, figure):
    """Draw mean macro F1 against a cost, where it is known."""
    figure.set_size_inches(4.2, max(2.3, 0.7 + 0.17 * len(content.best_first)))
    axes = figure.subplots()
    costs = {key: content.mean_of(key, name) for key in content.best_first}
    known = [key for key in costs if not math.isnan(costs[key])]
    x, y = np.array([costs[key] for key in known]), content.scores[known].mean().to_numpy()
    axes.scatter(x, y, s=26, color=_BLUE, zorder=3)
    axes.set(xlabel=xlabel, ylabel="mean macro F1 (%)")
    axes.grid()
    name_points(axes, x, y, [content.titles[key] for key in known])
    if name == "fit_seconds":
        _log_axis(axes, x)
    else:
        # Room for the dot of the greatest cost.
        axes.set_xlim(0, 1.08 * x.max(initial=0) or 1)


def _log_axis(axes, x):
    """Set a logarithmic axis of at least a decade, its labels without powers."""
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.xaxis.set_major_formatter("{x:g}")
    x = x[x > 0]
    if len(x):
        low, high = x.min(), x.max()
        margin = max(1.3, math.sqrt(10 * low / high))
        axes.set_xlim(low / margin, high * margin)
        subs = (1.0,) if high / low > 100 else (1.0, 2.0, 5.0)
        axes.xaxis.get_major_locator().set_params(subs=subs)


def _row_axes(figure, content, keys, xlabel, extra=0.0):
    """Return axes with one line per row of the table, the first on top."""
    figure.set_size_inches(_WIDTH, 1.0 + extra + 0.33 * len(keys))
    axes = figure.subplots()
    axes.set_yticks(range(len(keys)), [content.titles[key] for key in keys])
    axes.set(xlabel=xlabel, ylim=(len(keys) - 0.5, -0.5))
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    return axes


def _short(label, longest=24):
    return label if len(label) <= longest else f"{label[: longest - 1]}…"
