"""The report: one HTML page that needs no network, and its pictures as files."""

import json
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from .._files import replace_file
from .._text import error_line
from ..model_selection import compare_rows
from ..plotting import QUADRANT_NAMES
from . import _tables as tables
from ._keys import canonical_parameters, result_versions
from ._pictures import draw_pictures


@dataclass(frozen=True, eq=False)
class ReportContent:
    """What the page and its pictures show; from gather_report."""

    dataset: str
    labels: list  # the classes, as text
    methods: list  # all rows, including those without cells
    table: pd.DataFrame  # from make_table
    comparisons: pd.DataFrame  # from compare_rows, best row first
    scores: pd.DataFrame  # from fold_scores, best row first, without rows of no finished fold
    done: dict  # results of finished cells, a list per method
    failed: list  # results of failed cells
    facts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    command: str = ""

    @property
    def titles(self):
        """Titles of the rows, by key."""
        return dict(zip(self.table["method"], self.table["title"], strict=True))

    @property
    def best_first(self):
        """Keys of the rows with a finished fold, the highest mean first."""
        return list(self.scores.columns)

    @property
    def quadrants(self):
        """Whether the classes are Russell's quadrants."""
        return self.labels == ["Q1", "Q2", "Q3", "Q4"]

    @property
    def class_names(self):
        """The classes as they are shown: quadrants with their names."""
        if not self.quadrants:
            return self.labels
        return [f"{q} {name}" for q, name in zip(self.labels, QUADRANT_NAMES, strict=True)]

    @property
    def versions(self):
        """Versions of the libraries that a score depends on, as text."""
        return ", ".join(f"{name} {number}" for name, number in result_versions().items())

    @property
    def without_curves(self):
        """Titles of the rows that train a network and have no stored history."""
        return [
            self.titles[method.key]
            for method in self.methods
            if method.trains_network and self.done[method.key] and not self.histories(method.key)
        ]

    @property
    def failures(self):
        """Failed cells by method and error: "repeat.fold", traceback."""
        found = {}
        for row in self.failed:
            traceback = row["traceback"].strip() or "no traceback"
            cell = (f"{row['repeat']}.{row['fold']}", traceback)
            found.setdefault((row["method"], error_line(traceback)), []).append(cell)
        return found

    def n_folds(self, key):
        """Return the number of finished folds of a row."""
        return len(self.done[key])

    def histories(self, key):
        """Return the training histories of a row, one per finished fold that has one."""
        return [row["history"] for row in self.done[key] if row.get("history")]

    def confusion(self, key):
        """Return the confusion matrix of a row, summed over its folds."""
        return np.sum([row["confusion"] for row in self.done[key]], axis=0)

    def class_scores(self, key):
        """Return mean and deviation of the F1 of each class in percent, over folds that have it."""
        f1 = 100 * pd.DataFrame([row["f1_per_class"] for row in self.done[key]], dtype=float)
        return list(zip(f1.mean(), f1.std(), strict=True))

    def mean_of(self, key, name):
        """Return the mean of a field over the folds of a row that have it, NaN if none has."""
        return tables.mean_of([row[name] for row in self.done[key]])

    def epochs(self, key):
        """Return the mean number of epochs of a row as text, stage by stage."""
        found = [row["epochs"] for row in self.done[key] if row["epochs"] is not None]
        if found and isinstance(found[0], dict):
            means = pd.DataFrame(found).mean()
            return ", ".join(f"{stage} {mean:.3g}" for stage, mean in means.items())
        return tables.figure_text(tables.mean_of(found), ".3g")

    def devices(self, key):
        """Return the devices that trained a row, as text."""
        return ", ".join(sorted({row["device"] for row in self.done[key]} - {""}))


def gather_report(methods, data, cells, results, **about):
    """Return the ReportContent of a plan; results are read once, so that all its parts agree."""
    found = results.rows([cell.key for cell in cells])
    read = SimpleNamespace(rows=lambda keys: found)
    scores = tables.fold_scores(methods, cells, read).dropna(axis="columns", how="all")
    scores = scores[scores.mean().sort_values(ascending=False, kind="stable").index]
    finished = [row for row in found if row["status"] == "done"]
    done = {m.key: [row for row in finished if row["method"] == m.key] for m in methods}
    return ReportContent(
        dataset=tables.plain_line(data.name),
        labels=[tables.plain_line(label) for label in data.labels.tolist()],
        methods=list(methods),
        table=tables.make_table(methods, data, cells, read),
        comparisons=compare_rows(scores, tables.mean_test_ratio(cells)),
        scores=scores,
        done=done,
        failed=[row for row in found if row["status"] == "failed"],
        **about,
    )


def write_report(methods, data, cells, results, folder, **about):
    """Write ``report.html`` into a folder, and its pictures as files into ``figures/`` there.

    Parameters
    ----------
    methods, data, cells, results : sequence of Method, StudyData, sequence of Cell, CellResults
        As in :func:`make_table`.
    folder : path-like
        Created if it does not exist.
    **about
        ``facts`` (dict of str to str) and ``notes`` (list of str), above and below the table, and
        ``command`` (str), the command that was run.

    Returns
    -------
    Path
        The page, which loads nothing. Without matplotlib it has no pictures and says so.

    See Also
    --------
    make_table : The table alone.
    """
    return write_page(gather_report(methods, data, cells, results, **about), folder)


def write_page(content, folder):
    """Write the page of a ReportContent and its pictures; return the page's path."""
    pictures = draw_pictures(content, Path(folder, "figures")) if find_spec("matplotlib") else None
    environment = Environment(
        loader=PackageLoader("sklearn_mer.study"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = partial(json.dumps, indent=2, ensure_ascii=False)
    page = environment.get_template("report.html.jinja").render(
        content=content, pictures=pictures, tables=tables, parameters=canonical_parameters
    )
    return replace_file(Path(folder, "report.html"), tables.plain_text(page))
