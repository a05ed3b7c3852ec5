"""Searches: all candidates of a grid, and the search inside each training fold."""

import json
import math
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass

import pandas as pd

from .._files import replace_file
from .._text import csv_text, pipe_table
from ..model_selection import printed_interval
from . import _tables
from ._cells import Protocol, inner_folds
from ._grids import GRIDS, candidates_of, grid_file, read_grid, settings_text
from ._keys import canonical_json
from ._study import Study, facts_text, heading, new_study, open_data, select_rows, with_inner_search

CSV_COLUMNS = ("method", "recipe", "dataset", "rank", *_tables.FIGURES)
CSV_COLUMNS += ("n_folds", "n_planned", "n_failed", "params")
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
        facts = [{"Search": ", ".join(counts)}]
        facts += [{"Left out": f"{row.key}: {row.missing}"} for row in self.left_out]
        if self.nested is not None:
            how = f"each a search by {self.plain.options.inner_folds} folds inside its training"
            facts.append({"Nested": f"{len(self.nested.cells)} cells more, {how} clips"})
        return "\n".join([heading([self.plain]), *map(facts_text, facts)])


def open_search(options, available):
    """Return the search of a command line, ready to begin."""
    if len(options.groupings) > 1:
        raise ValueError("A search takes one kind of folds: give --groups none or artist.")
    (groups,) = options.groupings
    protocol = Protocol(options.folds, options.repeats, groups)
    opened = open_data(options)
    rows, notes = select_rows(options, available)
    here = [row for row in rows if not row.missing]
    left_out = [row for row in rows if row.missing]
    grids = {row.key: _grid(row, options.grid, protocol, alone=len(here) == 1) for row in here}
    candidates = {row.key: candidates_of(grids[row.key], row) for row in here}
    methods = [found.method for several in candidates.values() for found in several]
    plain = new_study(options, opened, methods, groups=groups, notes=notes)
    if not options.nested:
        return Search(plain, candidates, left_out)
    folds = inner_folds(plain.data, protocol, options.inner_folds)
    nested = [with_inner_search(row, grids[row.key], folds) for row in here]
    return Search(plain, candidates, left_out, new_study(options, opened, nested, groups=groups))


def _grid(row, path, protocol, *, alone):
    """Return the grid of a row: that of its pipeline, unless --grid names another."""
    if path == GRIDS and getattr(row, "grid", None):
        return row.grid
    return read_grid(grid_file(path, row.key, alone=alone), row.estimator, protocol)


def report_search(search):
    """Print and write candidates, the settings of each row, and what a nested search chose."""
    plain, folder = search.plain, search.plain.options.report
    stored = {row["key"]: row for row in plain.results.rows()}
    tables = candidate_tables(search, stored)
    chosen = None if search.nested is None else choice_table(search.nested, stored)
    parts, texts = [], {}
    for key, rows in tables.items():
        parts += [f"## {search.candidates[key][0].method.title}", _markdown(rows)]
        n_unfinished = (rows["n_planned"] > rows["n_folds"] + rows["n_failed"]).sum()
        if n_unfinished:
            why_not = f"{n_unfinished} of {len(rows)} candidates are not finished"
            parts.append(f"{key}: no settings are written: {why_not}.")
        elif rows["rank"].isna().all():
            parts.append(f"{key}: no settings are written: a fold of every candidate failed.")
        else:
            texts[f"settings/{key}.toml"] = _settings(plain, rows.iloc[0], len(rows))
        if chosen is not None:
            parts.append(optimism_note(key, *paired_scores(key, search, stored), search.nested))
            parts.append(choices_markdown(chosen[chosen["method"] == key], len(rows)))
    text = "\n\n".join(filter(None, [*parts, NOTE]))
    texts["search.csv"] = _csv(pd.concat(tables.values()), CSV_COLUMNS)
    texts["search.md"] = f"{facts_text(plain.facts(), '    ')}\n\n{text}\n"
    if chosen is not None:
        texts["nested.csv"] = _csv(chosen, CHOICE_COLUMNS)
    print("", text, "", sep="\n")
    print("Written:", *(replace_file(folder / name, content) for name, content in texts.items()))


def candidate_tables(search, stored):
    """Return a table per method, the best candidate first; those without all folds have no rank."""
    plain = search.plain
    cells, ratio = _by_method(plain.cells), _tables.mean_test_ratio(plain.cells)
    tables = {}
    for key, candidates in search.candidates.items():
        table = pd.DataFrame(
            _tables.summarize(found.method, plain.data, cells[id(found.method)], stored, ratio)
            for found in candidates
        ).assign(params=[found.params for found in candidates])
        complete = table["f1_macro_mean"].where(table["n_folds"] == table["n_planned"])
        table["rank"] = complete.rank(ascending=False, method="min").astype("Int64")
        tables[key] = table.sort_values("rank", kind="stable")
    return tables


def _by_method(cells):
    """Return lists of cells by the id of their method, as candidates of a row share its key."""
    found = defaultdict(list)
    for cell in cells:
        found[id(cell.method)].append(cell)
    return found


def _settings(plain, best, n_candidates):
    chosen = {
        "by": "the best mean macro F1 of a grid search, sklearn-mer search",
        **{name: best[name] for name in ("method", "recipe", "dataset")},
        **asdict(plain.protocol),
        "groups": plain.protocol.groups or "none",
        "f1_macro": round(float(best["f1_macro_mean"]), 2),
        "n_folds": int(best["n_folds"]),
        "n_candidates": n_candidates,
    }
    if not math.isnan(best["f1_macro_std"]):
        chosen["f1_macro_std"] = round(float(best["f1_macro_std"]), 2)
    return settings_text(best["params"], chosen)


def _markdown(rows):
    shown = rows.head(N_SHOWN)
    table = _params_table(
        shown["params"],
        {
            "F1 %": map(_tables.mean_text, shown["f1_macro_mean"], shown["f1_macro_std"]),
            "95 % interval": map(_tables.interval_text, shown["ci95_low"], shown["ci95_high"]),
            "Folds": map(_tables.cells_text, shown.itertuples()),
        },
    )
    more = len(rows) - len(shown)
    return f"{table}\n\n{more} more candidates are in search.csv." if more else table


def _params_table(params, columns):
    """Return a Markdown table of combinations of parameters and of more columns, by head."""
    params = pd.DataFrame(list(params), dtype=object)
    lines = zip(*(params[name] for name in params), *columns.values(), strict=True)
    return pipe_table([*params, *columns], lines, n_left=params.shape[1])


def _csv(table, columns):
    return csv_text(table.assign(params=table["params"].map(json.dumps))[list(columns)])


def choice_table(nested, stored):
    """Return what a nested search chose in each finished outer fold, and what that scored."""
    rows = [stored[key] for key in nested.keys if key in stored]
    done = [row for row in rows if row["status"] == "done"]
    table = pd.DataFrame(done, columns=[*CHOICE_COLUMNS[:-1], "best_params"], dtype=object)
    table["f1_macro"] = 100 * table["f1_macro"].astype(float)
    return table.rename(columns={"best_params": "params"})


def choices_markdown(chosen, n_candidates):
    """Say how often each setting of a row was chosen, the most frequent first."""
    if chosen.empty:
        return ""
    texts, counts = zip(*Counter(map(canonical_json, chosen["params"])).most_common(), strict=True)
    folds = {"Folds": [f"{n}/{len(chosen)}" for n in counts]}
    head = f"Chosen inside the training folds: {len(counts)} of {n_candidates} candidates."
    return f"{head}\n\n{_params_table(map(json.loads, texts), folds)}"


def paired_scores(key, search, stored):
    """Return the scores of a row's best candidate and of its nested search, on the same folds."""
    cells = _by_method(search.plain.cells)
    plain = [cells[id(found.method)] for found in search.candidates[key]]
    table = pd.DataFrame({i: _tables.scores_of(of_one, stored) for i, of_one in enumerate(plain)})
    nested = [cell for cell in search.nested.cells if cell.method.key == key]
    inside = _tables.scores_of(nested, stored)
    # The candidates that have all finished nested folds.
    table = table.reindex(inside.index).dropna(axis="columns")
    best = table[table.mean().idxmax()] if table.size else pd.Series(dtype=float)
    return best, inside.loc[best.index]


def optimism_note(key, best, inside, nested):
    """Say by how much the best mean of a search is too high."""
    n_folds = len(inside)
    if n_folds < 2:
        return f"{key}: the nested search has {n_folds} finished folds, too few for a comparison."
    optimism = best - inside
    low, high = printed_interval(optimism, _tables.mean_test_ratio(nested.cells), lowest=-100.0)
    text = _tables.interval_text(low, high, "+.2f")
    interval = f" (95 % interval {text})" if text else ""
    n_planned = sum(cell.method.key == key for cell in nested.cells)
    return (
        f"{key}: best mean {_tables.mean_text(best.mean(), best.std())}, nested mean "
        f"{_tables.mean_text(inside.mean(), inside.std())}, optimism {optimism.mean():+.2f} ± "
        f"{optimism.std():.2f}{interval}, over {n_folds}/{n_planned} folds."
    )
