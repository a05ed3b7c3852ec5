"""The report: one HTML page that needs no network, and its pictures as files."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, stdev
from types import SimpleNamespace

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ._keys import canonical_parameters, result_versions
from ._pictures import draw_pictures
from ._statistics import compare_rows, fold_scores, mean_test_ratio
from ._tables import (
    COMPARISON_HEAD,
    COMPARISONS_NOTE,
    TABLE_HEAD,
    comparison_cells,
    figure_text,
    make_table,
    mean_text,
    plain_line,
    plain_text,
    replace_file,
    table_cells,
)


@dataclass(frozen=True, eq=False)
class ReportContent:
    """What the page and its pictures show; see :func:`gather_report`."""

    dataset: str
    labels: list  # the classes, as text
    methods: list  # all rows, including those without cells
    table: pd.DataFrame  # from make_table
    comparisons: pd.DataFrame  # from compare_rows, best row first
    scores: pd.DataFrame  # from fold_scores, best row first, without rows of no finished fold
    done: dict  # results of finished cells, a list per method
    failed: dict  # results of failed cells, a list per method
    facts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    command: str = ""

    @property
    def titles(self):
        """Titles of the rows, by key."""
        return {method.key: plain_line(method.title) for method in self.methods}

    @property
    def best_first(self):
        """Keys of the rows with a finished fold, the highest mean first."""
        return list(self.scores.columns)

    @property
    def versions(self):
        """Versions of the libraries that a score depends on, as text."""
        return ", ".join(f"{name} {number}" for name, number in result_versions().items())

    def n_folds(self, key):
        """Return the number of finished folds of a row."""
        return len(self.done[key])

    def histories(self, key):
        """Return the training histories of a row, one per finished fold that has one."""
        return [row["history"] for row in self.done[key] if row.get("history")]

    def trains_network(self, key):
        """Return whether a row trains a network, epoch by epoch."""
        (method,) = (method for method in self.methods if method.key == key)
        return any(name.endswith("max_epochs") for name in method.estimator.get_params())

    def confusion(self, key):
        """Return the confusion matrix of a row, summed over its folds."""
        return np.sum([row["confusion"] for row in self.done[key]], axis=0)

    def class_scores(self, key):
        """Return mean and standard deviation over folds of the F1 of each class, in percent.

        A fold without a class does not count for it; the deviation is NaN below two folds.
        """
        classes = zip(*(row["f1_per_class"] for row in self.done[key]), strict=True)
        found = [[100 * f1 for f1 in of_class if f1 is not None] for of_class in classes]
        return [
            (fmean(f1) if f1 else math.nan, stdev(f1) if len(f1) > 1 else math.nan) for f1 in found
        ]

    def mean_of(self, key, name):
        """Return the mean of a field over the folds of a row that have it, NaN if none has."""
        values = [row[name] for row in self.done[key] if row[name] is not None]
        return fmean(values) if values else math.nan

    def epochs(self, key):
        """Return the mean number of epochs of a row as text, stage by stage."""
        found = [row["epochs"] for row in self.done[key] if row["epochs"] is not None]
        if not found:
            return ""
        if isinstance(found[0], dict):
            means = {stage: fmean(epochs[stage] for epochs in found) for stage in found[0]}
            return ", ".join(f"{stage} {mean:.3g}" for stage, mean in means.items())
        return f"{fmean(found):.3g}"


def gather_report(methods, data, cells, results, **about):
    """Gather what the report of a plan shows.

    Parameters
    ----------
    methods : sequence of Method
        Rows of the table.
    data : StudyData
        The data set.
    cells : sequence of Cell
        The plan. Only stored results of its cells count.
    results : object
        Its ``rows(keys)`` returns the stored results of cells as a list of dict. It is called
        once, so that all parts of the report agree while other processes write results.
    **about
        ``facts`` (dict of str to str) says what was run, at the top of the page; ``notes`` (list
        of str) stand below the table; ``command`` (str) is the command that was run.

    Returns
    -------
    ReportContent
        For :func:`write_report`.
    """
    found = results.rows([cell.key for cell in cells])
    read = SimpleNamespace(rows=lambda keys: found)
    stored = {row["key"]: row for row in found}
    scores = fold_scores(methods, cells, read).dropna(axis="columns", how="all")
    scores = scores[scores.mean().sort_values(ascending=False, kind="stable").index]
    rows = {status: {method.key: [] for method in methods} for status in ("done", "failed")}
    for cell in cells:
        if cell.key in stored:
            row = stored[cell.key]
            rows[row["status"]][cell.method.key].append(row)
    return ReportContent(
        dataset=plain_line(data.name),
        labels=[plain_line(label) for label in data.labels.tolist()],
        methods=list(methods),
        table=make_table(methods, data, cells, read),
        comparisons=compare_rows(scores, mean_test_ratio(cells) if cells else math.nan),
        scores=scores,
        **rows,
        **about,
    )


def write_report(content, folder):
    """Write ``report.html`` into a folder, and its pictures as files into ``figures/`` there.

    Parameters
    ----------
    content : ReportContent
        From :func:`gather_report`.
    folder : path-like
        Created if it does not exist.

    Returns
    -------
    Path
        The page. It holds its pictures and loads nothing. Without matplotlib it has no pictures
        and says so.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        drawn = None
    else:
        drawn = draw_pictures(content, folder / "figures")
    return replace_file(folder / "report.html", _page(content, drawn))


def _page(content, drawn):
    """Return the page as HTML; `drawn` are pictures with their ``<svg>`` by section, or None."""
    environment = Environment(
        loader=PackageLoader("sklearn_mer.study"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pictures = {
        section: [(picture, Markup(svg)) for picture, svg in pairs]
        for section, pairs in (drawn or {}).items()
    }
    html = environment.get_template("report.html.jinja").render(
        content=content,
        pictures=pictures,
        without_matplotlib=drawn is None,
        table=(TABLE_HEAD, [table_cells(row) for row in content.table.itertuples()]),
        comparisons=(
            COMPARISON_HEAD,
            [comparison_cells(row) for row in content.comparisons.itertuples()],
        ),
        comparisons_note=COMPARISONS_NOTE,
        quadrants=content.labels == ["Q1", "Q2", "Q3", "Q4"],
        classes=_classes(content),
        cost=_cost(content),
        learning=_learning(content),
        without_weights=[[m.title, m.missing] for m in content.methods if m.missing],
        failures=_failures(content),
        not_computed=_not_computed(content),
        ended=sorted(row["ended_at"] for rows in content.done.values() for row in rows),
        parameters={
            method.title: json.dumps(
                canonical_parameters(method.estimator), indent=2, ensure_ascii=False
            )
            for method in content.methods
        },
    )
    return plain_text(html)


def _classes(content):
    """Return head and lines of the table of classes."""
    lines = [
        [
            content.titles[key],
            *(mean_text(mean, std, ".1f") for mean, std in content.class_scores(key)),
            str(content.n_folds(key)),
        ]
        for key in content.best_first
    ]
    return ["Method", *content.labels, "Folds"], lines


def _cost(content):
    """Return head and lines of the table of costs."""
    head = ["Method", "Fit, s", "Predict, s", "Epochs", "Peak memory, MiB", "Device", "Folds"]
    lines = [
        [
            content.titles[key],
            figure_text(content.mean_of(key, "fit_seconds"), ".3g"),
            figure_text(content.mean_of(key, "score_seconds"), ".3g"),
            content.epochs(key),
            figure_text(content.mean_of(key, "peak_memory_mb"), ".0f"),
            ", ".join(sorted({row["device"] for row in content.done[key]} - {"", None})),
            str(content.n_folds(key)),
        ]
        for key in content.best_first
    ]
    return head, lines


def _learning(content):
    """Return whether a row has learning curves, and the titles of rows that lack them."""
    trained = [key for key in content.best_first if content.trains_network(key)]
    return {
        "any": any(content.histories(key) for key in content.best_first),
        "lacking": [content.titles[key] for key in trained if not content.histories(key)],
    }


def _failures(content):
    """Return failed cells, those of a method with the same error as one entry."""
    errors = {}
    for row in (row for rows in content.failed.values() for row in rows):
        traceback = (row["traceback"] or "").strip() or "no traceback"
        errors.setdefault((row["method"], traceback.splitlines()[-1]), []).append(
            (f"{row['repeat']}.{row['fold']}", traceback)
        )
    return [
        {
            "line": [content.titles[method], error, ", ".join(fold for fold, _ in found)],
            "traceback": found[0][1],
        }
        for (method, error), found in errors.items()
    ]


def _not_computed(content):
    """Return lines of methods that have missing cells."""
    planned = dict(zip(content.table["method"], content.table["n_planned"], strict=True))
    left = {key: n - content.n_folds(key) - len(content.failed[key]) for key, n in planned.items()}
    return [[content.titles[key], f"{n} of {planned[key]}"] for key, n in left.items() if n]
