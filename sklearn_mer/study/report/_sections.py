"""The sections of the page, each from the content and the pictures drawn of it."""

import math

from ..tables._comparisons import COMPARISON_HEAD, COMPARISONS_NOTE, comparison_cells
from ..tables._table import TABLE_HEAD, table_cells
from . import _html
from ._summaries import class_scores, mean_epochs, mean_of


def figures(pictures, section, **grid):
    """Return the figures of a section as HTML, side by side where there are several.

    Parameters
    ----------
    pictures : dict of str to list of (Picture, str)
        Drawn pictures with their ``<svg>``.
    section : str

    Returns
    -------
    str
    """
    found = [
        _html.figure(svg, picture.caption, wide=picture.wide)
        for picture, svg in pictures.get(section, [])
    ]
    return _html.grid(found, **grid) if grid or len(found) > 1 else "".join(found)


def result(content, pictures):
    """Ours beside the paper's, and what is to be known about it."""
    lines = [table_cells(row) for row in content.table.itertuples()]
    notes = [_html.paragraph(note) for note in content.notes]
    return _html.section("table", "Table 1", _html.table(TABLE_HEAD, lines), *notes)


def scores(content, pictures):
    """Scores of single folds."""
    return _html.section(
        "scores", "Scores of the folds", figures(pictures, "scores") or _none(content)
    )


def differences(content, pictures):
    """Which rows differ."""
    pairs = content.comparisons
    if not len(pairs):
        text = "Rows are compared on two folds or more that both have; there is no such pair."
        return _html.section("differences", "Differences between rows", _html.paragraph(text))
    lines = [comparison_cells(row) for row in pairs.itertuples()]
    folded = _html.details(
        f"All {len(lines)} pairs in numbers" if len(lines) > 1 else "The pair in numbers",
        _html.paragraph(COMPARISONS_NOTE) + _html.table(COMPARISON_HEAD, lines, n_left=2),
    )
    picture = figures(pictures, "differences")
    return _html.section("differences", "Differences between rows", picture, folded)


def confusion(content, pictures):
    """Where the clips of each class were put."""
    text = (
        "Each true quadrant lies where it lies in Russell's plane (valence from left to right, "
        "arousal from bottom to top). In it, a small map of the same plane says where its test "
        "clips were put; the framed square is the right one. With several repeats each clip "
        "counts once a repeat."
    )
    if content.labels != ["Q1", "Q2", "Q3", "Q4"]:
        text = "True classes by predicted ones, test clips of all folds added up."
    body = figures(pictures, "confusion", wide=False)
    parts = [_html.paragraph(text), body] if pictures.get("confusion") else [_none(content)]
    return _html.section("confusion", "Confusion", *parts)


def classes(content, pictures):
    """F1 of each class."""
    if not content.best_first:
        return _html.section("classes", "F1 of each class", _none(content))
    head = ["Method", *map(str, content.labels), "Folds"]
    lines = [
        [
            content.titles[key],
            *(_spread(mean, std) for mean, std, _ in class_scores(content.done[key])),
            str(content.n_folds(key)),
        ]
        for key in content.best_first
    ]
    note = (
        "Percent, mean ± standard deviation over folds; a fold without a class does not count "
        "for it."
    )
    parts = [figures(pictures, "classes"), _html.table(head, lines), _html.paragraph(note)]
    return _html.section("classes", "F1 of each class", *parts)


def learning(content, pictures):
    """How networks learned."""
    kept = {key for key, histories in content.histories.items() if histories}
    trained = [key for key in content.best_first if content.trains_network(key)]
    lacking = [content.titles[key] for key in trained if key not in kept]
    parts = [figures(pictures, "learning", wide=True)] if pictures.get("learning") else []
    if lacking:
        parts.append(
            _html.paragraph(
                f"No curves of {', '.join(lacking)}: the store has their cells from before "
                "histories of training were kept."
            )
        )
    if not kept and not lacking:
        parts.append(_html.paragraph("No finished cell here trained a network epoch by epoch."))
    return _html.section("learning", "How the networks learned", *parts)


def cost(content, pictures):
    """What a fold costs."""
    if not content.best_first:
        return _html.section("cost", "Cost", _none(content))
    head = ["Method", "Fit, s", "Predict, s", "Epochs", "Peak memory, MiB", "Device", "Folds"]
    lines = [_cost_line(content, key) for key in content.best_first]
    note = "Means over folds. Peak memory is that of the whole process while a fold ran."
    parts = [figures(pictures, "cost"), _html.table(head, lines), _html.paragraph(note)]
    return _html.section("cost", "Cost", *parts)


def _cost_line(content, key):
    rows = content.done[key]
    return [
        content.titles[key],
        _figure(mean_of(rows, "fit_seconds"), ".3g"),
        _figure(mean_of(rows, "score_seconds"), ".3g"),
        mean_epochs(rows),
        _figure(mean_of(rows, "peak_memory_mb"), ".0f"),
        ", ".join(sorted({row["device"] for row in rows} - {""})),
        str(len(rows)),
    ]


def _none(content):
    return _html.paragraph("No fold is finished yet.")


def _spread(mean, std):
    if math.isnan(mean):
        return ""
    return f"{mean:.1f}" if math.isnan(std) else f"{mean:.1f} ± {std:.1f}"


def _figure(value, form):
    if math.isnan(value):
        return ""
    return format(value, ".0f" if form == ".3g" and value >= 100 else form)
