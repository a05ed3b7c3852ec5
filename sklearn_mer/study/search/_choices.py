"""What nested searches chose, fold by fold, and how often each setting."""

import json
from collections import Counter

import pandas as pd

from .._tables import csv_text, pipe_table
from ..cells._digest import canonical_json

CSV_COLUMNS = ("method", "recipe", "dataset", "repeat", "fold", "f1_macro", "params")


def choice_table(nested, stored):
    """Return what was chosen in each finished outer fold.

    Parameters
    ----------
    nested : NestedStudy
    stored : CellStore or StoredResults

    Returns
    -------
    DataFrame
        ``method, recipe, dataset, repeat, fold, f1_macro`` (percent, on the outer test clips) and
        ``params``, a dict; None where the store's cell is of a version that did not keep it.
    """
    rows = {row["key"]: row for row in stored.rows(cell.key for cell in nested.cells)}
    found = [rows[cell.key] for cell in nested.cells if cell.key in rows]
    lines = [
        {
            **{name: row[name] for name in CSV_COLUMNS[:5]},
            "f1_macro": 100 * row["f1_macro"],
            "params": row["best_params"],
        }
        for row in found
        if row["status"] == "done"
    ]
    return pd.DataFrame(lines, columns=CSV_COLUMNS).astype({"params": object})


def choices_markdown(chosen, n_candidates):
    """Say how often each setting of a row was chosen, the most frequent first.

    Parameters
    ----------
    chosen : DataFrame
        A row's part of :func:`choice_table`.
    n_candidates : int
        How many settings there were to choose from.

    Returns
    -------
    str
        Empty where no fold is finished.

    Examples
    --------
    >>> import pandas as pd
    >>> params = [{"C": 1.0}, {"C": 5.0}, {"C": 5.0}]
    >>> print(choices_markdown(pd.DataFrame({"params": params}), 4))
    Chosen inside the training folds: 2 of 4 candidates.
    <BLANKLINE>
    | C   | Folds |
    |:----|------:|
    | 5.0 |   2/3 |
    | 1.0 |   1/3 |
    """
    kept = [params for params in chosen["params"] if params is not None]
    n_lacking = len(chosen) - len(kept)
    parts = []
    if kept:
        counts = Counter(map(canonical_json, kept))
        names = list(kept[0])
        lines = [
            [*(str(json.loads(text)[name]) for name in names), f"{n}/{len(kept)}"]
            for text, n in counts.most_common()
        ]
        parts.append(
            f"Chosen inside the training folds: {len(counts)} of {n_candidates} candidates."
        )
        parts.append(pipe_table([*names, "Folds"], lines, n_left=len(names)))
    if n_lacking:
        parts.append(
            f"Of {n_lacking} finished folds it is not known what was chosen: the version that "
            "computed them did not keep it. --code same computes them anew."
        )
    return "\n\n".join(parts)


def choices_csv(chosen):
    """Return such a table as CSV, the settings as JSON."""
    params = chosen["params"].map(lambda chosen: "" if chosen is None else json.dumps(chosen))
    return csv_text(chosen.assign(params=params), CSV_COLUMNS)
