"""The rows of a table on several kinds of folds, side by side."""

import math

from ._markdown import pipe_table
from ._table import make_table

SIDE_BY_SIDE_NOTE = (
    "Difference: grouped less not grouped, points of macro F1: below zero where artists that are "
    "on both sides of a plain split help. The folds are others, so nothing is compared fold by "
    "fold; the intervals of the two tables say how sure either mean is."
)
COLUMNS = ("mean", "std", "n_folds")


def side_by_side(studies):
    """Return the rows of a table on several kinds of folds.

    Parameters
    ----------
    studies : sequence of Study
        Of the same rows.

    Returns
    -------
    DataFrame
        ``method, title, recipe, dataset``; for each kind of folds ``<kind>_mean, <kind>_std,
        <kind>_n_folds``; and ``difference``, the last kind's mean less the first's.
    """
    tables = [make_table(s.methods, s.data, s.cells, s.store) for s in studies]
    found = tables[0][["method", "title", "recipe", "dataset"]].copy()
    for study, table in zip(studies, tables, strict=True):
        kind = kind_of(study.protocol.groups)
        found[f"{kind}_mean"] = table["f1_macro_mean"]
        found[f"{kind}_std"] = table["f1_macro_std"]
        found[f"{kind}_n_folds"] = table["n_folds"]
    found["difference"] = tables[-1]["f1_macro_mean"] - tables[0]["f1_macro_mean"]
    return found


def side_by_side_markdown(table):
    """Return such a table as Markdown.

    Parameters
    ----------
    table : DataFrame
        From :func:`side_by_side`.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> row = dict(method="svm", title="SVM Baseline", recipe="paper", dataset="4qaed")
    >>> row |= dict(none_mean=76.0, none_std=4.7, none_n_folds=100)
    >>> row |= dict(artist_mean=75.5, artist_std=4.9, artist_n_folds=100, difference=-0.5)
    >>> print(side_by_side_markdown(pd.DataFrame([row])))
    | Method       | Not grouped, F1 % | Folds | By artist, F1 % | Folds | Difference |
    |:-------------|------------------:|------:|----------------:|------:|-----------:|
    | SVM Baseline |      76.00 ± 4.70 |   100 |    75.50 ± 4.90 |   100 |      -0.50 |
    """
    kinds = [name.removesuffix("_mean") for name in table.columns if name.endswith("_mean")]
    head = ["Method"]
    for kind in kinds:
        head += ["Not grouped, F1 %" if kind == "none" else f"By {kind}, F1 %", "Folds"]
    rows = table.to_dict("records")
    return pipe_table([*head, "Difference"], [_cells(row, kinds) for row in rows])


def _cells(row, kinds):
    cells = [row["title"]]
    for kind in kinds:
        mean, std, n_folds = (row[f"{kind}_{column}"] for column in COLUMNS)
        cells += ["" if math.isnan(mean) else f"{mean:.2f}", str(n_folds)]
        if not math.isnan(std):
            cells[-2] += f" ± {std:.2f}"
    difference = row["difference"]
    return [*cells, "" if math.isnan(difference) else f"{difference:+.2f}"]


def kind_of(groups):
    """Return the name of a kind of folds, as columns and folders have it."""
    return groups or "none"
