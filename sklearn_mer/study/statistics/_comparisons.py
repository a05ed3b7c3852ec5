"""The rows of a table in pairs, each pair on the folds that both have."""

from itertools import combinations

import numpy as np
import pandas as pd

from ._corrected_t import CorrectedT, corrected_t_test
from ._equivalence import equivalence_probabilities
from ._holm import holm_correction

COMPARISON_COLUMNS = (
    "first",
    "second",
    "n_folds",
    "difference",
    "ci95_low",
    "ci95_high",
    "p",
    "p_holm",
    "first_better",
    "equivalent",
    "second_better",
)
# What counts as no difference, in points of percent.
ROPE = 1.0


def mean_test_ratio(cells):
    """Return the test clips for each training clip, the mean over cells."""
    return float(np.mean([len(cell.test) / len(cell.train) for cell in cells]))


def fold_scores(methods, cells, store):
    """Return the macro F1 of each planned fold, a method a column.

    Parameters
    ----------
    methods : sequence of StudyMethod
    cells : sequence of Cell
        The plan; only its stored cells count, as in :func:`make_table`.
    store : CellStore

    Returns
    -------
    DataFrame
        Indexed by ``repeat`` and ``fold``, columns named by method keys in the order of
        ``methods``; percent, NaN where the cell is not finished.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn_mer.study import (
    ...     CellStore, Protocol, StudyData, StudyMethod, fold_scores, plan_cells, run_cells)
    >>> data = StudyData("tiny", [[0.0]] * 8, ["calm", "wild"] * 4)
    >>> methods = [StudyMethod("chance", DummyClassifier())]
    >>> cells = plan_cells(methods, data, Protocol(n_splits=2, n_repeats=1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = CellStore(Path(folder) / "study.sqlite")
    ...     _ = run_cells(cells, data, store, n_jobs=1, progress=False)
    ...     fold_scores(methods, cells, store).round(2)
                 chance
    repeat fold
    0      0      33.33
           1      33.33
    """
    stored = {row["key"]: row for row in store.rows(cell.key for cell in cells)}
    folds = sorted({(cell.repeat, cell.fold) for cell in cells})
    index = pd.MultiIndex.from_tuples(folds, names=["repeat", "fold"])
    scores = pd.DataFrame(np.nan, index=index, columns=[method.key for method in methods])
    for cell in cells:
        row = stored.get(cell.key)
        if row is not None and row["status"] == "done":
            scores.loc[(cell.repeat, cell.fold), cell.method.key] = 100 * row["f1_macro"]
    return scores


def compare_rows(scores, test_ratio, *, rope=ROPE):
    """Compare all pairs of rows of a table.

    Parameters
    ----------
    scores : DataFrame of shape (n_folds, n_methods)
        A method a column, NaN where a fold has no score, as from :func:`fold_scores`.
    test_ratio : float
        Test clips for each training clip: 1/9 for ten folds.
    rope : float, default=1.0
        Methods closer than this count as alike, in the unit of the scores.

    Returns
    -------
    DataFrame
        One row a pair that has at least two folds in common: ``first, second, n_folds`` (in
        common; all that follows rests on these), ``difference`` (mean of first less second),
        ``ci95_low, ci95_high`` (of the difference), ``p`` (:func:`corrected_t_test`),
        ``p_holm`` (:func:`holm_correction` over all pairs here) and ``first_better,
        equivalent, second_better`` (:func:`equivalence_probabilities`).

    Raises
    ------
    ValueError
        If an option is out of range or a score is infinite.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_mer.study import compare_rows
    >>> scores = pd.DataFrame({
    ...     "svm": [70.0, 74.0, 78.0, 72.0, None],
    ...     "cnn": [66.0, 69.0, 76.0, 67.0, 64.0],
    ...     "new": [None, None, None, None, 80.0],
    ... })
    >>> compare_rows(scores, 1 / 4).round(2).T  # "new" has one fold, too few
                      0
    first           svm
    second          cnn
    n_folds           4
    difference      4.0
    ci95_low       0.82
    ci95_high      7.18
    p              0.03
    p_holm         0.03
    first_better   0.97
    equivalent     0.02
    second_better  0.01
    """
    pairs = [_pair(scores, *names, test_ratio, rope) for names in combinations(scores.columns, 2)]
    found = pd.DataFrame(list(filter(None, pairs)), columns=list(COMPARISON_COLUMNS))
    found["p_holm"] = holm_correction(found["p"])
    return found


def _pair(scores, first, second, test_ratio, rope):
    differences = (scores[first] - scores[second]).dropna()
    if len(differences) < 2:
        return None
    mean = CorrectedT.of(differences, test_ratio)
    low, high = mean.interval(0.95)
    better, equivalent, worse = equivalence_probabilities(differences, test_ratio, rope=rope)
    return {
        "first": first,
        "second": second,
        "n_folds": len(differences),
        "difference": mean.mean,
        "ci95_low": low,
        "ci95_high": high,
        "p": corrected_t_test(differences, test_ratio)[1],
        "first_better": better,
        "equivalent": equivalent,
        "second_better": worse,
    }
