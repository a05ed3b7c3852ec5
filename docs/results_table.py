"""The page of measured scores, made from the folds under ``benchmarks/results``."""

from pathlib import Path

import pandas as pd

from sklearn_mer.methods import available_methods, make_method

FOLDS = Path(__file__).parent.parent / "benchmarks" / "results"
DATASET = "4qaed"
RECIPES = ("ours", "paper")
NO_WEIGHTS = "openl3"  # the row whose weights could not be had

_HEAD = """Results
=======

Macro F1 in percent on the 900 clips of 4QAED: mean and standard deviation over the folds that
were run, beside the paper's mean of 10 x 10 folds, which has no spread. Every figure is made from
the files ``benchmarks/results/folds_*.csv``, one line a fold. The recipe ``ours`` is the defaults
of the classes, chosen on inner splits of the first training fold; ``paper`` is the authors'
training settings where they are known. The folds are those of
``RepeatedStratifiedKFold(n_splits=10, random_state=1)``; *first 2* are the first two of them. A
row is run by ``python benchmarks/table1.py --dataset 4qaed`` and the options beside it. Seconds
are those of fitting a fold; other work ran on most of the machines, so they are upper bounds.
"""
_TABLE = """
.. list-table::
   :header-rows: 1
   :widths: 22 15 9 10 10 34

   * - Row
     - Macro F1
     - Paper
     - Folds
     - Seconds
     - Options"""
_NONE = """
No folds are kept of: {names}. They were not run.
"""
_GROUPED = """
By artist
---------

The same with ``--groups artist``: no artist is on both sides of a split.
"""
_COMPARED = """
In pairs
--------

The rows that have run all 10 x 10 folds in the recipe ``ours``, each pair on the same folds, the
better row first: the difference in points with its 95 % interval, both corrected for the overlap
of folds, and the p of the corrected t-test after Holm's correction for all these pairs. From
``benchmarks/results/full``, where the table and two pictures of its report lie too: what
``python benchmarks/table1.py --dataset 4qaed --recipe ours --methods {keys}`` writes.

.. list-table::
   :header-rows: 1

   * - Row
     - Other
     - Difference
     - 95 % interval
     - p (Holm)"""


def page():
    """Return the page as reStructuredText."""
    plain, grouped = read_folds(), read_folds(groups="artist")
    lines, missing = _rows(plain)
    missing = _NONE.format(names=", ".join(missing)) if missing else ""
    parts = [_HEAD, _TABLE, *lines, missing]
    lines, _ = _rows(grouped)
    parts += [_GROUPED, _TABLE, *lines] if lines else []
    parts += _compared()
    return "\n".join(parts) + "\n"


def _rows(folds):
    """Return the table's lines for the rows that have folds, and the names of the others."""
    lines, missing = [], []
    for key, row in available_methods().items():
        for recipe in _recipes(key):
            ran = folds["recipe"].isin(RECIPES if recipe == "both" else [recipe])
            found = folds[(folds["method"] == key) & ran]
            if len(found):
                lines.append(_line(key, row, recipe, found))
            elif key == NO_WEIGHTS:
                lines.append(_line_without_weights(key, row))
            else:
                missing.append(f"``{key}``, {recipe}")
    return lines, missing


def read_folds(groups=None):
    """Return the folds on 4QAED of all files, grouped or not, as one table, each fold once."""
    tables = [pd.read_csv(path) for path in sorted(FOLDS.glob("folds_*.csv"))]
    folds = pd.concat(tables, ignore_index=True)
    folds = folds[folds["dataset"] == DATASET]
    kinds = folds["groups"] if "groups" in folds else pd.Series(None, folds.index, dtype=object)
    folds = folds[kinds.isna() if groups is None else kinds == groups]
    identity = ["method", "recipe", "repeat", "fold"]
    twice = folds.duplicated(identity)
    if twice.any():
        raise ValueError(
            f"{FOLDS} has folds twice: {folds.loc[twice, identity].to_dict('records')[:3]}"
        )
    return folds


def _recipes(key):
    """Return the recipes of a row, one where they are alike."""
    ours, paper = (repr(make_method(key, recipe)) for recipe in RECIPES)
    return ("both",) if ours == paper else RECIPES


def _line(key, row, recipe, found):
    percent = 100 * found["f1_macro"]
    spread = f" ± {percent.std():.2f}" if len(found) > 1 else ""
    folds = _folds(found)
    limit = f" --max-cells {len(found)}" if folds.startswith("first") else ""
    grouped = " --groups artist" if "groups" in found and found["groups"].notna().all() else ""
    options = (
        f"--methods {key} --recipe {found['recipe'].iloc[0]} --repeats {found['repeat'].nunique()}"
    )
    cells = [
        row.title if recipe == "both" else f"{row.title}, {recipe}",
        f"{percent.mean():.2f}{spread}",
        f"{row.published[DATASET]:.2f}",
        folds,
        f"{float(format(found['fit_seconds'].mean(), '.3g')):,g}",
        f"``{options}{grouped}{limit}``",
    ]
    return _list_item(cells)


def _line_without_weights(key, row):
    published = f"{row.published[DATASET]:.2f}"
    return _list_item([row.title, "weights not here", published, "", "", f"``--methods {key}``"])


def _compared():
    """Return the section of comparisons, nothing where there are none."""
    path = FOLDS / "full" / "comparisons.csv"
    if not path.exists():
        return []
    pairs = pd.read_csv(path)
    keys = [key for key in available_methods() if key in {*pairs["first"], *pairs["second"]}]
    return [_COMPARED.format(keys=" ".join(keys)), *map(_pair, pairs.itertuples())]


def _pair(pair):
    cells = [
        f"``{pair.first}``",
        f"``{pair.second}``",
        f"{pair.difference:+.2f}",
        f"{pair.ci95_low:+.2f} to {pair.ci95_high:+.2f}",
        f"{pair.p_holm:.3f}" if pair.p_holm >= 0.001 else "below 0.001",
    ]
    return _list_item(cells)


def _list_item(cells):
    return "\n".join([f"   * - {cells[0]}", *(f"     - {cell}" for cell in cells[1:])])


def _folds(found):
    repeats = found.groupby("repeat").size()
    whole = (repeats == 10).all()
    return f"{len(repeats)} x 10" if whole else f"first {len(found)}"
