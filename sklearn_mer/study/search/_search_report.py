"""What a search found: its candidates, the settings of the best, how much too high that is."""

import json
import math
from statistics import fmean, stdev

import pandas as pd

from .._statistics import mean_test_ratio, printed_interval
from .._tables import csv_text, interval_text, mean_text, pipe_table, replace_file
from ..setup._settings import settings_text
from ._choices import choice_table, choices_csv, choices_markdown
from ._optimism import find_optimism, optimism_note

CSV_COLUMNS = ("method", "recipe", "dataset", "rank", "f1_macro_mean", "f1_macro_std")
CSV_COLUMNS += ("ci95_low", "ci95_high", "n_folds", "n_planned", "n_failed", "params")
# So many candidates of a row are printed; the file has all.
N_SHOWN = 10
NOTE = (
    "Candidates by their mean macro F1, percent, over the same folds. The best of many is too "
    "high by chance: other data, or --nested, say what the settings are worth."
)


def report_search(plain, nested=None):
    """Print and write ``search.csv``, ``search.md`` and a file of settings a row.

    With a nested search also ``nested.csv``: what it chose and scored, fold by fold.

    Parameters
    ----------
    plain : CandidateStudy
    nested : NestedStudy or None, default=None
    """
    stored = plain.store.read()
    table = candidate_table(plain, stored)
    folder = plain.options.report
    chosen = None if nested is None else choice_table(nested, stored)
    parts, paths = [], []
    for key, candidates in plain.candidates.items():
        rows = table[table["method"] == key]
        parts += [f"## {candidates[0].method.title}", _markdown(rows)]
        best, why_not = _best(rows)
        if why_not:
            parts.append(f"{key}: no settings are written: {why_not}.")
        else:
            file = folder / "settings" / f"{key}.toml"
            file.parent.mkdir(parents=True, exist_ok=True)
            paths.append(replace_file(file, _settings(plain, best, rows)))
        if nested is not None:
            parts.append(optimism_note(key, find_optimism(key, plain, nested, stored)))
            parts.append(choices_markdown(chosen[chosen["method"] == key], len(candidates)))
    text = "\n\n".join(filter(None, [*parts, NOTE]))
    print("", text, "", sep="\n")
    heading = "\n".join(f"    {line}" for line in plain.what(stored))
    texts = {"search.csv": _csv(table), "search.md": f"{heading}\n\n{text}\n"}
    if nested is not None:
        texts["nested.csv"] = choices_csv(chosen)
    paths += [replace_file(folder / name, content) for name, content in texts.items()]
    print("Written:", *paths)


def candidate_table(plain, stored):
    """Return one row a candidate, the best of each method first.

    Parameters
    ----------
    plain : CandidateStudy
    stored : CellStore or StoredResults

    Returns
    -------
    DataFrame
        ``method, recipe, dataset, rank, f1_macro_mean, f1_macro_std, ci95_low, ci95_high,
        n_folds, n_planned, n_failed`` (figures in percent, of the finished folds) and
        ``params``, a dict. Ranks count the candidates with all folds, and are NaN for others.
    """
    rows_by_key = {row["key"]: row for row in stored.rows(cell.key for cell in plain.cells)}
    ratio = mean_test_ratio(plain.cells)
    rows = [
        _row(found, plain, rows_by_key, ratio)
        for several in plain.candidates.values()
        for found in several
    ]
    table = pd.DataFrame(rows)
    complete = table["f1_macro_mean"].where(table["n_folds"] == table["n_planned"])
    table["rank"] = complete.groupby(table["method"]).rank(ascending=False, method="min")
    order = {key: number for number, key in enumerate(plain.candidates)}
    return table.sort_values(
        ["method", "rank"], key=lambda c: c.map(order) if c.name == "method" else c, kind="stable"
    )


def _row(found, plain, stored, ratio):
    planned = [cell.key for cell in plain.cells if cell.method is found.method]
    here = [stored[key] for key in planned if key in stored]
    scores = [100 * row["f1_macro"] for row in here if row["status"] == "done"]
    low, high = printed_interval(scores, ratio)
    return {
        "method": found.method.key,
        "recipe": found.method.recipe,
        "dataset": plain.data.name,
        "f1_macro_mean": fmean(scores) if scores else math.nan,
        "f1_macro_std": stdev(scores) if len(scores) > 1 else math.nan,
        "ci95_low": low,
        "ci95_high": high,
        "n_folds": len(scores),
        "n_planned": len(planned),
        "n_failed": len(here) - len(scores),
        "params": found.params,
    }


def _best(rows):
    """Return the best row, or None and why there is none."""
    left = rows["n_planned"] - rows["n_folds"] - rows["n_failed"]
    if (left > 0).any():
        return None, f"{(left > 0).sum()} of {len(rows)} candidates are not finished"
    if rows["rank"].isna().all():
        return None, "a fold of every candidate failed"
    return rows.iloc[0], None


def _settings(plain, best, rows):
    protocol = plain.protocol
    chosen = {
        "by": "the best mean macro F1 of a grid search, table1.py search",
        **{name: best[name] for name in ("method", "recipe", "dataset")},
        "n_repeats": protocol.n_repeats,
        "n_splits": protocol.n_splits,
        "groups": protocol.groups or "none",
        "seed": protocol.seed,
        "f1_macro": round(float(best["f1_macro_mean"]), 2),
        "n_folds": int(best["n_folds"]),
        "n_candidates": len(rows),
    }
    if not math.isnan(best["f1_macro_std"]):
        chosen["f1_macro_std"] = round(float(best["f1_macro_std"]), 2)
    return settings_text(best["params"], chosen)


def _markdown(rows):
    names = list(rows.iloc[0]["params"])
    shown = rows.head(N_SHOWN)
    head = [*names, "F1 %", "95 % interval", "Folds"]
    table = pipe_table(head, [_cells(row, names) for row in shown.itertuples()], n_left=len(names))
    more = len(rows) - len(shown)
    return f"{table}\n\n{more} more candidates are in search.csv." if more else table


def _cells(row, names):
    folds = f"{row.n_folds}/{row.n_planned}"
    return [
        *(str(row.params[name]) for name in names),
        mean_text(row.f1_macro_mean, row.f1_macro_std),
        interval_text(row.ci95_low, row.ci95_high),
        folds + (f" ({row.n_failed} failed)" if row.n_failed else ""),
    ]


def _csv(table):
    table = table.assign(params=table["params"].map(json.dumps), rank=table["rank"].astype("Int64"))
    return csv_text(table, CSV_COLUMNS)
