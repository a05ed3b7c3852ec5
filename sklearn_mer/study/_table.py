"""The table: our figures beside the published ones."""

import math
from pathlib import Path
from statistics import fmean, stdev

import pandas as pd

CSV_COLUMNS = (
    "method",
    "recipe",
    "dataset",
    "f1_macro_mean",
    "f1_macro_std",
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
        Columns ``method, recipe, dataset, f1_macro_mean, f1_macro_std, n_folds, published,
        difference`` (figures in percent, two decimals, NaN where there is none) and
        ``title, n_planned, n_failed, fit_seconds``. The deviation is that of a sample
        (``ddof=1``) over the finished folds, NaN below two.
    """
    stored = {row["key"]: row for row in store.rows(cell.key for cell in cells)}
    return pd.DataFrame([_row(method, data, cells, stored) for method in methods])


def _row(method, data, cells, stored):
    planned = [cell.key for cell in cells if cell.method is method]
    found = [stored[key] for key in planned if key in stored]
    done = [row for row in found if row["status"] == "done"]
    scores = [100 * row["f1_macro"] for row in done]
    mean = round(fmean(scores), 2) if scores else math.nan
    published = method.published.get(data.name, math.nan)
    return {
        "method": method.key,
        "recipe": method.recipe,
        "dataset": data.name,
        "f1_macro_mean": mean,
        "f1_macro_std": round(stdev(scores), 2) if len(scores) > 1 else math.nan,
        "n_folds": len(done),
        "published": published,
        "difference": round(mean - published, 2),
        "title": method.title,
        "n_planned": len(planned),
        "n_failed": len(found) - len(done),
        "fit_seconds": fmean(row["fit_seconds"] for row in done) if done else math.nan,
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
    >>> row |= dict(f1_macro_std=4.7, n_folds=100, published=75.59, difference=0.38)
    >>> row |= dict(title="SVM Baseline", n_planned=100, n_failed=0, fit_seconds=0.05)
    >>> print(table_markdown(pd.DataFrame([row])))
    | Method       |   Ours, F1 % | Paper | Difference |   Cells | Fit, s |
    |:-------------|-------------:|------:|-----------:|--------:|-------:|
    | SVM Baseline | 75.97 ± 4.70 | 75.59 |      +0.38 | 100/100 |   0.05 |
    """
    head = ["Method", "Ours, F1 %", "Paper", "Difference", "Cells", "Fit, s"]
    lines = [head, *(_cells(row) for row in table.itertuples())]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    rule = [":" + "-" * (widths[0] + 1), *("-" * (width + 1) + ":" for width in widths[1:])]
    padded = [
        " | ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in lines
    ]
    rows = [f"| {line} |" for line in padded]
    return "\n".join([rows[0], f"|{'|'.join(rule)}|", *rows[1:]])


def _cells(row):
    ours = _figure(row.f1_macro_mean, ".2f")
    if not math.isnan(row.f1_macro_std):
        ours += f" ± {row.f1_macro_std:.2f}"
    cells = f"{row.n_folds}/{row.n_planned}"
    if row.n_failed:
        cells += f" ({row.n_failed} failed)"
    return [
        row.title.replace("|", "\\|"),
        ours,
        _figure(row.published, ".2f"),
        _figure(row.difference, "+.2f"),
        cells,
        _figure(row.fit_seconds, ".3g" if row.fit_seconds < 100 else ".0f"),
    ]


def _figure(value, form):
    return "" if math.isnan(value) else format(value, form)


def write_table(table, folder, *, heading=""):
    """Write ``table1.csv`` and ``table1.md`` into a folder.

    Parameters
    ----------
    table : DataFrame
        From :func:`make_table`.
    folder : path-like
        Made where it does not exist.
    heading : str, default=""
        Lines above the table in Markdown: what was run.

    Returns
    -------
    tuple of Path
        The two files. Each is replaced in one step, so no reader sees half of one.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    csv = table.to_csv(columns=list(CSV_COLUMNS), index=False, float_format="%.2f")
    text = "\n\n".join(filter(None, [heading, table_markdown(table)])) + "\n"
    return _replace(folder / "table1.csv", csv), _replace(folder / "table1.md", text)


def _replace(path, text):
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    return part.replace(path)
