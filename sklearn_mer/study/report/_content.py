"""What the report is about, gathered from a plan and its store."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..cells._digest import canonical_json, result_versions
from ..cells._methods import method_parameters
from ..statistics._comparisons import compare_rows, fold_scores, mean_test_ratio
from ..tables._table import make_table


@dataclass(frozen=True, eq=False)
class ReportContent:
    """All that the page and its pictures say.

    Attributes
    ----------
    dataset : str
    labels : list
        The classes.
    methods : list of StudyMethod
        All rows, those without cells included.
    table : DataFrame
        From :func:`make_table`.
    comparisons : DataFrame
        From :func:`compare_rows`, best row first.
    scores : DataFrame
        From :func:`fold_scores`, best row first, rows without a finished fold left out.
    done, failed : dict of str to list of dict
        Stored cells by method.
    histories : dict of str to list of history
        Of the finished cells that have one, by method.
    facts : dict of str to str
        What was run, a line each.
    notes : list of str
    command : str
    """

    dataset: str
    labels: list
    methods: list
    table: pd.DataFrame
    comparisons: pd.DataFrame
    scores: pd.DataFrame
    done: dict
    failed: dict
    histories: dict
    facts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    command: str = ""

    @property
    def titles(self):
        """Names of the rows for people, by key."""
        return {method.key: method.title for method in self.methods}

    @property
    def best_first(self):
        """Keys of the rows with a finished fold, the highest mean first."""
        return list(self.scores.columns)

    @property
    def versions(self):
        """What the scores were computed with, as text."""
        return ", ".join(f"{name} {number}" for name, number in result_versions().items())

    def trains_network(self, key):
        """Return whether a row trains a network, epoch by epoch."""
        (method,) = (method for method in self.methods if method.key == key)
        return "max_epochs" in canonical_json(method_parameters(method))

    def n_folds(self, key):
        """Return the number of finished folds of a row."""
        return len(self.done[key])


def gather_report(methods, data, cells, store, **about):
    """Gather what the report of a plan says.

    Parameters
    ----------
    methods : sequence of StudyMethod
    data : StudyData
    cells : sequence of Cell
        The plan; only its stored cells count.
    store : CellStore
    **about
        ``facts``, ``notes`` and ``command`` of :class:`ReportContent`.

    Returns
    -------
    ReportContent

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn_mer.study import (
    ...     CellStore, Protocol, StudyData, StudyMethod, gather_report, plan_cells, run_cells)
    >>> data = StudyData("tiny", [[0.0]] * 8, ["calm", "wild"] * 4)
    >>> methods = [StudyMethod("chance", DummyClassifier())]
    >>> cells = plan_cells(methods, data, Protocol(n_splits=2, n_repeats=1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = CellStore(Path(folder) / "study.sqlite")
    ...     _ = run_cells(cells, data, store, n_jobs=1, progress=False)
    ...     gather_report(methods, data, cells, store).best_first
    ['chance']
    """
    keys = [cell.key for cell in cells]
    stored = {row["key"]: row for row in store.rows(keys)}
    kept = store.histories()
    scores = fold_scores(methods, cells, store).dropna(axis="columns", how="all")
    scores = scores[scores.mean().sort_values(ascending=False, kind="stable").index]
    rows = {method.key: [] for method in methods}
    for cell in cells:
        if cell.key in stored:
            rows[cell.method.key].append(stored[cell.key])
    return ReportContent(
        dataset=data.name,
        labels=data.labels.tolist(),
        methods=list(methods),
        table=make_table(methods, data, cells, store),
        comparisons=compare_rows(scores, mean_test_ratio(cells) if cells else np.nan),
        scores=scores,
        done={key: [r for r in found if r["status"] == "done"] for key, found in rows.items()},
        failed={key: [r for r in found if r["status"] == "failed"] for key, found in rows.items()},
        histories={
            key: [kept[row["key"]] for row in found if row["key"] in kept]
            for key, found in rows.items()
        },
        **about,
    )
