"""Tables: our scores beside the published ones, as data, as Markdown and as files."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state

from .._files import replace_file
from .._text import csv_text, pipe_table, plain_line, plain_text
from ..model_selection import FEWEST_FOLDS, ROPE, printed_interval

TABLE_HEAD = ("Method", "Ours, F1 %", "Paper", "Difference", "95 % interval", "Cells", "Fit, s")
FIGURES = ("f1_macro_mean", "f1_macro_std", "ci95_low", "ci95_high")
CSV_COLUMNS = ("method", "recipe", "dataset", *FIGURES, "n_folds", "published", "difference")
COMPARISON_HEAD = ("First", "Second", "Folds", "Difference", "95 % interval", "p", "p (Holm)")
COMPARISON_HEAD += ("Better", "Equivalent", "Worse")
COMPARISONS_NOTE = (
    "Pairs are compared on their common folds, with the better row first. Difference: first minus "
    f"second, in percentage points, with its 95 % interval (from {FEWEST_FOLDS} folds on). p: "
    "corrected paired t-test. p (Holm): the same, adjusted for all pairs of this table. Better, "
    "Equivalent, Worse: the probabilities that the first row is better by more than "
    f"{ROPE:g} point, within {ROPE:g} point of the second, and worse by more than {ROPE:g} point."
)
SIDE_BY_SIDE_NOTE = (
    "Difference: grouped minus not grouped, in percentage points; negative where a method gains "
    "from artists on both sides of a split. The folds differ, so scores are not compared fold by "
    "fold; see the intervals in each table."
)
# What LaTeX's oldest font encoding would show as other signs.
_LATEX = {"±": "$\\pm$", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}"}
_LATEX |= {" -": " $-$", " +": " $+$"}


def mean_test_ratio(cells):
    """Return the number of test clips per training clip, the mean over cells."""
    ratios = [len(cell.test) / len(cell.train) for cell in cells]
    return float(np.mean(ratios)) if ratios else math.nan


def stored_rows(cells, results):
    """Return the stored results of cells, by key."""
    return {row["key"]: row for row in results.rows([cell.key for cell in cells])}


def fold_scores(methods, cells, results):
    """Return the macro F1 of each planned fold, one column per method.

    Parameters
    ----------
    methods, cells, results : sequence of Method, sequence of Cell, CellResults
        As in :func:`make_table`.

    Returns
    -------
    DataFrame
        Percent by ``repeat`` and ``fold``, NaN where the cell is not finished.

    See Also
    --------
    make_table : Means of the scores.
    """
    stored = stored_rows(cells, results)
    folds = sorted({(cell.repeat, cell.fold) for cell in cells})
    index = pd.MultiIndex.from_tuples(folds, names=["repeat", "fold"])
    keys = [method.key for method in methods]
    scores = {key: scores_of([c for c in cells if c.method.key == key], stored) for key in keys}
    return pd.DataFrame(scores, index=index)


def scores_of(cells, stored):
    """Return the macro F1 of finished cells in percent, by repeat and fold."""
    done = [cell for cell in cells if stored.get(cell.key, {}).get("status") == "done"]
    scores = {(cell.repeat, cell.fold): 100 * stored[cell.key]["f1_macro"] for cell in done}
    return pd.Series(scores, dtype=float)


def make_table(methods, data, cells, results):
    """Return one row per method: our score, the published one, the difference and the cost.

    Parameters
    ----------
    methods : sequence of Method
        Rows of the table.
    data : StudyData
        The data set; published scores are looked up by its name.
    cells : sequence of Cell
        The plan. Only stored results of its cells count.
    results : CellResults
        The stored results.

    Returns
    -------
    DataFrame
        Columns ``method, recipe, dataset, f1_macro_mean, f1_macro_std, ci95_low, ci95_high,
        n_folds, published, difference`` (percent, two decimals, NaN where there is none) and
        ``title, n_planned, n_failed, fit_seconds, missing``, all from the ``n_folds`` finished
        folds. The deviation is that of a sample, from two folds on; the interval is
        within 0 and 100, from five folds on. On a fixed split it is by bootstrap of the test clips.

    See Also
    --------
    fold_scores : The score of each fold.
    write_report : The table with pictures, as a page.
    """
    stored = stored_rows(cells, results)
    ratio = mean_test_ratio(cells)
    rows = []
    for method in methods:
        planned = [cell for cell in cells if cell.method is method]
        row = summarize(method, data, planned, stored, ratio)
        row |= {name: round(row[name], 2) for name in FIGURES}
        row["published"] = method.published.get(data.name, math.nan)
        row["difference"] = round(row["f1_macro_mean"] - row["published"], 2)
        rows.append(row | {"title": plain_line(method.title), "missing": bool(method.missing)})
    return pd.DataFrame(rows)


def summarize(method, data, cells, stored, test_ratio):
    """Return names, score and cost of a method, not rounded, by column of a table."""
    found = [stored[cell.key] for cell in cells if cell.key in stored]
    scores = scores_of(cells, stored)
    low, high = printed_interval(scores, test_ratio)
    if data.split is not None and len(scores):
        low, high = bootstrap_interval(found[0]["confusion"])
    return {
        "method": method.key,
        "recipe": method.recipe,
        "dataset": plain_line(data.name),
        "f1_macro_mean": float(scores.mean()),
        "f1_macro_std": float(scores.std()),
        "ci95_low": low,
        "ci95_high": high,
        "n_folds": len(scores),
        "n_planned": len(cells),
        "n_failed": len(found) - len(scores),
        "fit_seconds": mean_of([row["fit_seconds"] for row in found if row["status"] == "done"]),
    }


def bootstrap_interval(confusion, n_draws=5000):
    """Return the 95 % interval of the macro F1 of a confusion matrix, percent.

    Drawing test clips with replacement is drawing from the cells of the matrix.
    """
    confusion = np.asarray(confusion)
    shares = confusion.ravel() / confusion.sum()
    drawn = check_random_state(0).multinomial(confusion.sum(), shares, n_draws)
    drawn = drawn.reshape(n_draws, *confusion.shape)
    hits, sizes = np.diagonal(drawn, axis1=1, axis2=2), drawn.sum(axis=1) + drawn.sum(axis=2)
    f1 = np.divide(2.0 * hits, sizes, out=np.full(hits.shape, np.nan), where=sizes > 0)
    return tuple(100 * np.quantile(np.nanmean(f1, axis=1), [0.025, 0.975]))


def mean_of(values):
    """Return the mean of the values that are not None, NaN if there is none."""
    return float(pd.Series(values, dtype=float).mean())


def figure_text(value, form):
    """Return a number as text, empty for NaN; from 100 on, ``.3g`` shows all digits."""
    if math.isnan(value):
        return ""
    return format(value, ".0f" if form == ".3g" and value >= 100 else form)


def seconds_text(value):
    """Return seconds as text, to two digits; empty for NaN."""
    return "" if math.isnan(value) else f"{float(format(value, '.2g')):,g}"


def mean_text(mean, std, form=".2f"):
    """Return a mean and its standard deviation as text; empty without a mean."""
    spread = "" if math.isnan(std) else f" ± {std:{form}}"
    return "" if math.isnan(mean) else f"{mean:{form}}{spread}"


def interval_text(low, high, form=".2f"):
    """Return an interval as text; empty where there is none."""
    return "" if math.isnan(low) else f"{low:{form}} to {high:{form}}"


def table_markdown(table):
    """Return a table as a Markdown table, one line per method."""
    return pipe_table(TABLE_HEAD, [table_cells(row) for row in table.itertuples()])


def table_cells(row):
    """Return the text of a row of the table under each of ``TABLE_HEAD``."""
    return [
        row.title,
        "weights missing" if row.missing else mean_text(row.f1_macro_mean, row.f1_macro_std),
        figure_text(row.published, ".2f"),
        figure_text(row.difference, "+.2f"),
        interval_text(row.ci95_low, row.ci95_high),
        "" if row.missing else cells_text(row),
        seconds_text(row.fit_seconds),
    ]


def cells_text(row):
    """Return the number of finished cells of a row, and of failed ones, as text."""
    failed = f" ({row.n_failed} failed)" if row.n_failed else ""
    return f"{row.n_folds}/{row.n_planned}{failed}"


def table_latex(table, heading=""):
    """Return a table as a LaTeX table with the rules of booktabs, the heading as comments."""
    lines = pd.DataFrame([table_cells(row) for row in table.itertuples()], columns=TABLE_HEAD)
    text = lines.to_latex(index=False, escape=True, column_format=f"l{'r' * (lines.shape[1] - 1)}")
    for sign, command in _LATEX.items():
        text = text.replace(sign, command)
    comments = [f"% {line}".rstrip() for line in plain_text(heading).splitlines()]
    return "\n".join([*comments, text])


def comparisons_markdown(comparisons):
    """Return comparisons as a Markdown table, one line per pair."""
    return pipe_table(COMPARISON_HEAD, map(comparison_cells, comparisons.itertuples()), n_left=2)


def comparison_cells(row):
    """Return the text of a comparison under each of ``COMPARISON_HEAD``."""
    return [
        str(row.first),
        str(row.second),
        str(row.n_folds),
        f"{row.difference:+.2f}",
        interval_text(row.ci95_low, row.ci95_high, "+.2f"),
        *("< 0.001" if p < 0.001 else f"{p:.3f}" for p in (row.p, row.p_holm)),
        *map(_probability, (row.first_better, row.equivalent, row.second_better)),
    ]


def _probability(value):
    # Neither end is reached, except where all differences are equal.
    if 0 < value < 0.01 or 0.99 < value < 1:
        return "< 1 %" if value < 0.5 else "> 99 %"
    return f"{100 * value:.0f} %"


def side_by_side(tables):
    """Return the rows of tables by kind of folds ("none", "artist") side by side."""
    first, *_, last = tables.values()
    names = {"f1_macro_mean": "mean", "f1_macro_std": "std", "n_folds": "n_folds"}
    parts = [first[["method", "title", "recipe", "dataset"]]]
    for kind, table in tables.items():
        parts.append(table[list(names)].rename(columns=names).add_prefix(f"{kind}_"))
    difference = last["f1_macro_mean"] - first["f1_macro_mean"]
    return pd.concat([*parts, difference.rename("difference")], axis="columns")


def side_by_side_markdown(table):
    """Return a table from :func:`side_by_side` as Markdown."""
    kinds = [name.removesuffix("_mean") for name in table.columns if name.endswith("_mean")]
    head, columns = ["Method"], [table["title"]]
    for kind in kinds:
        head += ["Not grouped, F1 %" if kind == "none" else f"By {kind}, F1 %", "Folds"]
        columns.append(map(mean_text, table[f"{kind}_mean"], table[f"{kind}_std"]))
        columns.append(table[f"{kind}_n_folds"])
    columns.append(figure_text(value, "+.2f") for value in table["difference"])
    return pipe_table([*head, "Difference"], zip(*columns, strict=True))


def write_table(table, folder, heading="", comparisons=None):
    """Write ``table1.csv``, ``table1.md`` and, if given, ``comparisons.csv``; return the paths."""
    parts = [plain_text(heading), table_markdown(table)]
    if comparisons is not None and len(comparisons):
        parts += ["## Comparisons", COMPARISONS_NOTE, comparisons_markdown(comparisons)]
    files = {
        "table1.csv": csv_text(table[list(CSV_COLUMNS)]),
        "table1.md": "\n\n".join(filter(None, parts)) + "\n",
    }
    if comparisons is not None:
        files["comparisons.csv"] = csv_text(comparisons, float_format="%.6g")
    return tuple(replace_file(Path(folder, name), text) for name, text in files.items())
