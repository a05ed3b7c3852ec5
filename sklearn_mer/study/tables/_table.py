"""The table: our figures beside the published ones."""

import math
from pathlib import Path
from statistics import fmean, stdev

import pandas as pd

from ..statistics._comparisons import COMPARISON_COLUMNS, mean_test_ratio
from ..statistics._corrected_t import corrected_interval
from ._comparisons import COMPARISONS_NOTE, comparisons_markdown
from ._files import replace_file
from ._markdown import pipe_table

TABLE_HEAD = ("Method", "Ours, F1 %", "95 % interval", "Paper", "Difference", "Cells", "Fit, s")
CSV_COLUMNS = (
    "method",
    "recipe",
    "dataset",
    "f1_macro_mean",
    "f1_macro_std",
    "ci95_low",
    "ci95_high",
    "n_folds",
    "published",
    "difference",
)


def make_table(methods, data, cells, store):
    """Return one row a method: ours, the published figure, the difference, the cost.

    Parameters
    ----------
    methods : sequence of StudyMethod
    data : StudyData
    cells : sequence of Cell
        The plan; only the stored cells of this plan count, never those of other parameters,
        data or versions.
    store : CellStore

    Returns
    -------
    DataFrame
        Columns ``method, recipe, dataset, f1_macro_mean, f1_macro_std, ci95_low, ci95_high,
        n_folds, published, difference`` (figures in percent, two decimals, NaN where there is
        none) and ``title, n_planned, n_failed, fit_seconds, missing``. All rest on the ``n_folds``
        finished folds. The deviation is that of a sample (``ddof=1``) and the interval that of
        :func:`corrected_interval`; both are NaN below two folds.
    """
    stored = {row["key"]: row for row in store.rows(cell.key for cell in cells)}
    ratio = mean_test_ratio(cells)
    return pd.DataFrame([_row(method, data, cells, stored, ratio) for method in methods])


def _row(method, data, cells, stored, ratio):
    planned = [cell.key for cell in cells if cell.method is method]
    found = [stored[key] for key in planned if key in stored]
    done = [row for row in found if row["status"] == "done"]
    scores = [100 * row["f1_macro"] for row in done]
    mean = round(fmean(scores), 2) if scores else math.nan
    several = len(scores) > 1
    low, high = corrected_interval(scores, ratio) if several else (math.nan, math.nan)
    published = method.published.get(data.name, math.nan)
    return {
        "method": method.key,
        "recipe": method.recipe,
        "dataset": data.name,
        "f1_macro_mean": mean,
        "f1_macro_std": round(stdev(scores), 2) if several else math.nan,
        "ci95_low": round(low, 2),
        "ci95_high": round(high, 2),
        "n_folds": len(done),
        "published": published,
        "difference": round(mean - published, 2),
        "title": method.title,
        "n_planned": len(planned),
        "n_failed": len(found) - len(done),
        "fit_seconds": fmean(row["fit_seconds"] for row in done) if done else math.nan,
        "missing": bool(method.missing),
    }


def table_markdown(table):
    """Return a table as Markdown.

    Parameters
    ----------
    table : DataFrame
        From :func:`make_table`.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_mer.study import table_markdown
    >>> row = dict(method="svm", recipe="paper", dataset="4qaed", f1_macro_mean=75.97)
    >>> row |= dict(f1_macro_std=4.7, ci95_low=72.72, ci95_high=79.22)
    >>> row |= dict(n_folds=100, published=75.59, difference=0.38)
    >>> row |= dict(title="SVM Baseline", n_planned=100, n_failed=0, fit_seconds=0.05)
    >>> print(table_markdown(pd.DataFrame([row])))
    | Method       |   Ours, F1 % |  95 % interval | Paper | Difference |   Cells | Fit, s |
    |:-------------|-------------:|---------------:|------:|-----------:|--------:|-------:|
    | SVM Baseline | 75.97 ± 4.70 | 72.72 to 79.22 | 75.59 |      +0.38 | 100/100 |   0.05 |
    """
    return pipe_table(TABLE_HEAD, [table_cells(row) for row in table.itertuples()])


def table_cells(row):
    """Return what a row of the table says under each of ``TABLE_HEAD``, as text."""
    missing = getattr(row, "missing", False)
    ours = "weights not here" if missing else _figure(row.f1_macro_mean, ".2f")
    if not math.isnan(row.f1_macro_std):
        ours += f" ± {row.f1_macro_std:.2f}"
    interval = "" if math.isnan(row.ci95_low) else f"{row.ci95_low:.2f} to {row.ci95_high:.2f}"
    cells = "" if missing else f"{row.n_folds}/{row.n_planned}"
    if row.n_failed:
        cells += f" ({row.n_failed} failed)"
    return [
        row.title,
        ours,
        interval,
        _figure(row.published, ".2f"),
        _figure(row.difference, "+.2f"),
        cells,
        _figure(row.fit_seconds, ".3g" if row.fit_seconds < 100 else ".0f"),
    ]


def _figure(value, form):
    return "" if math.isnan(value) else format(value, form)


def write_table(table, folder, *, heading="", comparisons=None):
    """Write ``table1.csv`` and ``table1.md`` into a folder, and ``comparisons.csv``.

    Parameters
    ----------
    table : DataFrame
        From :func:`make_table`.
    folder : path-like
        Made where it does not exist.
    heading : str, default=""
        Lines above the table in Markdown: what was run.
    comparisons : DataFrame or None, default=None
        From :func:`compare_rows`: a section of the Markdown where it has rows, and a file of
        its own, which is written without rows too, so that no older one is left to be misread.

    Returns
    -------
    tuple of Path
        The files. Each is replaced in one step, so no reader sees half of one.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    parts = [heading, table_markdown(table)]
    if comparisons is not None and len(comparisons):
        parts += ["## Comparisons", COMPARISONS_NOTE, comparisons_markdown(comparisons)]
    files = {
        "table1.csv": table.to_csv(columns=list(CSV_COLUMNS), index=False, float_format="%.2f"),
        "table1.md": "\n\n".join(filter(None, parts)) + "\n",
    }
    if comparisons is not None:
        files["comparisons.csv"] = comparisons.to_csv(
            columns=list(COMPARISON_COLUMNS), index=False, float_format="%.6g"
        )
    return tuple(replace_file(folder / name, text) for name, text in files.items())
