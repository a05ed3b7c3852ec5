"""By how much the best mean of a search is too high."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._statistics import mean_test_ratio, printed_interval
from .._tables import interval_text


@dataclass(frozen=True)
class Optimism:
    """The best candidate's scores beside those of a search inside each training fold.

    Parameters
    ----------
    best, nested : Series
        Macro F1 in percent of the folds that both have.
    test_ratio : float
        Test clips for each training clip.
    n_planned : int
        Folds of the plan.
    """

    best: pd.Series
    nested: pd.Series
    test_ratio: float
    n_planned: int

    @property
    def differences(self):
        """The best candidate's score less the nested search's, fold by fold."""
        return self.best - self.nested


def find_optimism(key, plain, nested, stored):
    """Compare a row's best candidate with its nested search.

    Parameters
    ----------
    key : str
        The row.
    plain : CandidateStudy
    nested : NestedStudy
    stored : CellStore or StoredResults
        Of both.

    Returns
    -------
    Optimism
        Of the finished nested folds. The best candidate is the one with the best mean on these,
        of those that have them all.
    """
    inside = _scores(stored, [cell for cell in nested.cells if cell.method.key == key])
    candidates = {
        number: _scores(stored, [cell for cell in plain.cells if cell.method is found.method])
        for number, found in enumerate(plain.candidates[key])
    }
    table = pd.DataFrame(candidates).reindex(inside.index).dropna(axis="columns")
    best = table[table.mean().idxmax()] if table.size else pd.Series(dtype=float)
    n_planned = sum(cell.method.key == key for cell in nested.cells)
    return Optimism(best, inside.loc[best.index], mean_test_ratio(nested.cells), n_planned)


def _scores(stored, cells):
    rows = {row["key"]: row for row in stored.rows(cell.key for cell in cells)}
    return pd.Series(
        {
            (cell.repeat, cell.fold): 100 * rows[cell.key]["f1_macro"]
            for cell in cells
            if cell.key in rows and rows[cell.key]["status"] == "done"
        },
        dtype=float,
    )


def optimism_note(key, optimism):
    """Say in a line what was found.

    Parameters
    ----------
    key : str
    optimism : Optimism

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.Series([76.0, 80.0, 72.0]), pd.Series([75.0, 77.0, 72.0])
    >>> print(optimism_note("svm", Optimism(*scores, 1 / 2, 3)))
    svm: best mean 76.00 ± 4.00, nested mean 74.67 ± 2.52, optimism +1.33 ± 1.53, over 3/3 folds.
    """
    n_folds = len(optimism.nested)
    if n_folds < 2:
        return f"{key}: the nested search has {n_folds} finished folds, too few for a comparison."
    ends = printed_interval(optimism.differences, optimism.test_ratio, lowest=-100.0)
    interval = interval_text(*ends, "+.2f")
    interval = f" (95 % interval {interval})" if interval else ""
    return (
        f"{key}: best mean {_figure(optimism.best)}, nested mean {_figure(optimism.nested)}, "
        f"optimism {_figure(optimism.differences, '+')}{interval}, "
        f"over {n_folds}/{optimism.n_planned} folds."
    )


def _figure(scores, sign=""):
    return f"{np.mean(scores):{sign}.2f} ± {np.std(scores, ddof=1):.2f}"
