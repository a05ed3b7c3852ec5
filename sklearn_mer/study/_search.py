"""Searches: all candidates of a grid, and the search inside each training fold."""

import json
import math
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV

from ._cells import Protocol, inner_folds
from ._grids import grid_file, read_candidates, read_grid, settings_text
from ._keys import canonical_json
from ._statistics import mean_test_ratio, printed_interval
from ._study import Study, describe, headings, lines_of, new_study, open_data, select_rows
from ._tables import (
    cells_text,
    csv_text,
    interval_text,
    mean_text,
    pipe_table,
    plain_line,
    replace_file,
    summarize,
)

CSV_COLUMNS = ("method", "recipe", "dataset", "rank", "f1_macro_mean", "f1_macro_std")
CSV_COLUMNS += ("ci95_low", "ci95_high", "n_folds", "n_planned", "n_failed", "params")
CHOICE_COLUMNS = ("method", "recipe", "dataset", "repeat", "fold", "f1_macro", "params")
# So many candidates of a row are printed; the file has all.
N_SHOWN = 10
NOTE = (
    "Candidates by their mean macro F1, percent, over the same folds. The best of many is too "
    "high by chance: other data, or --nested, say what the settings are worth."
)


@dataclass(frozen=True, eq=False)
class Search:
    """A study in which each candidate is a row, and perhaps one in which each row searches."""

    plain: Study
    candidates: dict
    left_out: list
    nested: Study | None = None

    @property
    def studies(self):
        """The one study or both."""
        return [self.plain] if self.nested is None else [self.plain, self.nested]

    def heading(self):
        """Say what is about to run."""
        counts = [f"{key} {len(found)} candidates" for key, found in self.candidates.items()]
        lines = [headings([self.plain]), *lines_of({"Search": ", ".join(counts)})]
        for row in self.left_out:
            lines += lines_of({"Left out": f"{row.key}: {row.missing}"})
        if self.nested is not None:
            lines += lines_of(
                {
                    "Nested": f"{len(self.nested.cells)} cells more, each a search by "
                    f"{self.plain.options.inner_folds} folds inside its training clips"
                }
            )
        return "\n".join(lines)


def open_search(options, available):
    """Return the search of a command line, ready to begin."""
    if len(options.groupings) > 1:
        raise ValueError("A search takes one kind of folds: give --groups none or artist.")
    (groups,) = options.groupings
    protocol = Protocol(options.folds, options.repeats, groups)
    opened = open_data(options)
    rows, notes = select_rows(options, available)
    here = [row for row in rows if not row.missing]
    files = {row.key: grid_file(options.grid, row.key, alone=len(here) == 1) for row in here}
    candidates = {row.key: read_candidates(files[row.key], row, protocol) for row in here}
    methods = [found.method for several in candidates.values() for found in several]
    plain = new_study(options, opened, methods, groups=groups, notes=notes)
    left_out = [row for row in rows if row.missing]
    if not options.nested:
        return Search(plain, candidates, left_out)
    _check_nested(options, plain.data)
    folds = inner_folds(plain.data, protocol, options.inner_folds)
    nested = [_nested(row, files[row.key], folds) for row in here]
    return Search(plain, candidates, left_out, new_study(options, opened, nested, groups=groups))


def _nested(row, file, folds):
    grid = read_grid(file, row.estimator)
    search = GridSearchCV(row.estimator, grid, scoring="f1_macro", cv=folds, error_score="raise")
    return replace(row, estimator=search)


def _check_nested(options, data):
    n_least = np.unique(data.y, return_counts=True)[1].min()
    n_inner, n_left = options.inner_folds, n_least - -(-n_least // options.folds)
    if not 2 <= n_inner <= n_left:
        raise ValueError(
            f"--inner-folds must be from 2 to {n_left}, the clips of the smallest class that a "
            f"training fold has, got {n_inner}."
        )


def report_search(search):
    """Print and write ``search.csv``, ``search.md`` and a file of settings for each row.

    With a nested search also ``nested.csv``: what it chose and scored, fold by fold.
    """
    plain = search.plain
    stored = {row["key"]: row for row in plain.results.rows()}
    table = candidate_table(search, stored)
    folder = plain.options.report
    chosen = None if search.nested is None else choice_table(search.nested, stored)
    parts, paths = [], []
    for key, candidates in search.candidates.items():
        rows = table[table["method"] == key]
        parts += [f"## {candidates[0].method.title}", _markdown(rows)]
        best, why_not = _best(rows)
        if why_not:
            parts.append(f"{key}: no settings are written: {why_not}.")
        else:
            file = folder / "settings" / f"{key}.toml"
            file.parent.mkdir(parents=True, exist_ok=True)
            paths.append(replace_file(file, _settings(plain, best, rows)))
        if chosen is not None:
            parts.append(optimism_note(key, *paired_scores(key, search, stored), search.nested))
            parts.append(choices_markdown(chosen[chosen["method"] == key], len(candidates)))
    text = "\n\n".join(filter(None, [*parts, NOTE]))
    print("", text, "", sep="\n")
    head = "\n".join(f"    {line}" for line in lines_of(describe(plain, plain.results)))
    texts = {"search.csv": _csv(table, CSV_COLUMNS), "search.md": f"{head}\n\n{text}\n"}
    if chosen is not None:
        texts["nested.csv"] = _csv(chosen, CHOICE_COLUMNS)
    paths += [replace_file(folder / name, content) for name, content in texts.items()]
    print("Written:", *paths)


def candidate_table(search, stored):
    """Return one row per candidate, the best of each method first.

    Ranks count the candidates with all folds, and are missing for others.
    """
    plain = search.plain
    ratio = mean_test_ratio(plain.cells)
    cells = {}
    for cell in plain.cells:
        cells.setdefault(id(cell.method), []).append(cell.key)
    table = pd.DataFrame(
        [
            _row(found, cells[id(found.method)], plain.data.name, stored, ratio)
            for several in search.candidates.values()
            for found in several
        ]
    )
    complete = table["f1_macro_mean"].where(table["n_folds"] == table["n_planned"])
    rank = complete.groupby(table["method"]).rank(ascending=False, method="min")
    table["rank"] = rank.astype("Int64")
    order = {key: number for number, key in enumerate(search.candidates)}
    return table.sort_values(
        ["method", "rank"], key=lambda c: c.map(order) if c.name == "method" else c, kind="stable"
    )


def _row(found, planned, dataset, stored, ratio):
    here = [stored[key] for key in planned if key in stored]
    scores = [100 * row["f1_macro"] for row in here if row["status"] == "done"]
    return {
        "method": found.method.key,
        "recipe": found.method.recipe,
        "dataset": plain_line(dataset),
        **summarize(scores, ratio),
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
        "by": "the best mean macro F1 of a grid search, sklearn-mer search",
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
    lines = [
        [
            *(str(row.params[name]) for name in names),
            mean_text(row.f1_macro_mean, row.f1_macro_std),
            interval_text(row.ci95_low, row.ci95_high),
            cells_text(row),
        ]
        for row in rows.head(N_SHOWN).itertuples()
    ]
    table = pipe_table([*names, "F1 %", "95 % interval", "Folds"], lines, n_left=len(names))
    more = len(rows) - len(lines)
    return f"{table}\n\n{more} more candidates are in search.csv." if more else table


def _csv(table, columns):
    return csv_text(table.assign(params=table["params"].map(json.dumps)), columns)


def choice_table(nested, stored):
    """Return what a nested search chose in each finished outer fold, and what that scored."""
    found = [stored[key] for key in nested.keys if key in stored]
    lines = [
        {
            **{name: row[name] for name in CHOICE_COLUMNS[:5]},
            "f1_macro": 100 * row["f1_macro"],
            "params": row["best_params"],
        }
        for row in found
        if row["status"] == "done"
    ]
    return pd.DataFrame(lines, columns=CHOICE_COLUMNS).astype({"params": object})


def choices_markdown(chosen, n_candidates):
    """Say how often each setting of a row was chosen, the most frequent first.

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
    if chosen.empty:
        return ""
    counts = Counter(map(canonical_json, chosen["params"]))
    names = list(chosen["params"].iloc[0])
    lines = [
        [*(str(json.loads(text)[name]) for name in names), f"{n}/{len(chosen)}"]
        for text, n in counts.most_common()
    ]
    table = pipe_table([*names, "Folds"], lines, n_left=len(names))
    return (
        f"Chosen inside the training folds: {len(counts)} of {n_candidates} candidates.\n\n{table}"
    )


def paired_scores(key, search, stored):
    """Return the scores of a row's best candidate and of its nested search, on the same folds.

    The best candidate is the one with the best mean on the finished nested folds, of those that
    have them all.
    """
    inside = _scores(stored, [cell for cell in search.nested.cells if cell.method.key == key])
    candidates = {
        number: _scores(stored, [cell for cell in search.plain.cells if cell.method is row.method])
        for number, row in enumerate(search.candidates[key])
    }
    table = pd.DataFrame(candidates).reindex(inside.index).dropna(axis="columns")
    best = table[table.mean().idxmax()] if table.size else pd.Series(dtype=float)
    return best, inside.loc[best.index]


def _scores(stored, cells):
    return pd.Series(
        {
            (cell.repeat, cell.fold): 100 * stored[cell.key]["f1_macro"]
            for cell in cells
            if cell.key in stored and stored[cell.key]["status"] == "done"
        },
        dtype=float,
    )


def optimism_note(key, best, inside, nested):
    """Say by how much the best mean of a search is too high."""
    n_folds = len(inside)
    if n_folds < 2:
        return f"{key}: the nested search has {n_folds} finished folds, too few for a comparison."
    low, high = printed_interval(best - inside, mean_test_ratio(nested.cells), lowest=-100.0)
    interval = "" if math.isnan(low) else f" (95 % interval {low:+.2f} to {high:+.2f})"
    n_planned = sum(cell.method.key == key for cell in nested.cells)
    optimism = best - inside
    return (
        f"{key}: best mean {mean_text(best.mean(), best.std())}, nested mean "
        f"{mean_text(inside.mean(), inside.std())}, optimism {optimism.mean():+.2f} ± "
        f"{optimism.std():.2f}{interval}, over {n_folds}/{n_planned} folds."
    )
