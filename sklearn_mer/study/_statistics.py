"""Statistics of scores from overlapping folds: intervals, tests, comparisons of rows."""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

# Rows closer than this count as equivalent, in percentage points.
ROPE = 1.0
# An interval from fewer folds is too wide to say anything (two folds: -224 to 341 %).
FEWEST_FOLDS = 5
COMPARISON_COLUMNS = ("first", "second", "n_folds", "difference", "ci95_low", "ci95_high")
COMPARISON_COLUMNS += ("p", "p_holm", "first_better", "equivalent", "second_better")


@dataclass(frozen=True)
class CorrectedT:
    """Student's t distribution of a mean over folds that share training clips."""

    mean: float
    scale: float  # the corrected standard error; 0 where all values are equal
    dof: int

    @classmethod
    def of(cls, values, test_ratio):
        """Estimate the distribution from one value per fold."""
        values = np.asarray(values, dtype=float)
        if values.ndim != 1 or len(values) < 2:
            raise ValueError(
                f"One value per fold from at least 2 folds is needed, got an array of shape "
                f"{values.shape}. Compute more folds."
            )
        if not np.isfinite(values).all():
            raise ValueError(
                f"{np.sum(~np.isfinite(values))} of {len(values)} values are not finite numbers. "
                "Leave out folds without a score."
            )
        if not (np.isfinite(test_ratio) and test_ratio >= 0):
            raise ValueError(
                f"test_ratio is the number of test clips per training clip, a finite number "
                f"from 0 (1/9 for ten folds); got {test_ratio!r}."
            )
        # A plain t has 1/n alone. Folds share training clips, so their scores are correlated,
        # and the mean of many folds is less certain than that of as many independent ones.
        variance = values.var(ddof=1) * (1 / len(values) + test_ratio)
        return cls(float(values.mean()), float(np.sqrt(variance)), len(values) - 1)

    def above(self, value):
        """Return the probability above a value."""
        if self.scale == 0:
            return float(self.mean > value)
        return float(stats.t.sf(value, self.dof, self.mean, self.scale))

    def interval(self, confidence):
        """Return both ends of the central interval with this probability."""
        if not 0 < confidence < 1:
            raise ValueError(f"confidence lies between 0 and 1 (such as 0.95), got {confidence!r}.")
        half = float(stats.t.ppf((1 + confidence) / 2, self.dof)) * self.scale
        return self.mean - half, self.mean + half


def corrected_interval(scores, test_ratio, *, confidence=0.95):
    """Return a confidence interval of a mean over overlapping folds.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
        One score per fold, in any unit.
    test_ratio : float
        Number of test clips per training clip: 1/9 for ten folds. With 0 this is the interval
        of the plain t, as for independent scores.
    confidence : float, default=0.95
        Between 0 and 1.

    Returns
    -------
    low, high : float
        In the unit of the scores. With few folds the interval is wide and can exceed the range
        of the scores.

    Raises
    ------
    ValueError
        If there are fewer than two scores, one is not finite, or an option is out of range.

    Notes
    -----
    The variance of the mean is estimated as the variance over folds times
    ``1 / n_folds + test_ratio`` [1]_; for repeated folds, see [2]_.

    References
    ----------
    .. [1] Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine
       Learning 52(3), 239-281.
    .. [2] Bouckaert, R. R. and Frank, E. (2004). Evaluating the replicability of significance
       tests for comparing learning algorithms. PAKDD 2004, 3-12.

    Examples
    --------
    >>> from sklearn_mer.study import corrected_interval
    >>> low, high = corrected_interval([70.0, 74.0, 78.0, 72.0, 76.0], 1 / 4)
    >>> print(f"{low:.2f} to {high:.2f}")
    68.11 to 79.89
    >>> low, high = corrected_interval([70.0, 74.0, 78.0, 72.0, 76.0], 0)  # as if independent
    >>> print(f"{low:.2f} to {high:.2f}")
    70.07 to 77.93
    """
    return CorrectedT.of(scores, test_ratio).interval(confidence)


def printed_interval(values, test_ratio, *, lowest=0.0):
    """Return the 95 % interval that a table shows of percentages, from `lowest` to 100.

    Both ends are NaN for fewer than ``FEWEST_FOLDS`` folds. For differences of percentages,
    `lowest` is -100.
    """
    if len(values) < FEWEST_FOLDS:
        return math.nan, math.nan
    low, high = corrected_interval(values, test_ratio)
    return max(low, lowest), min(high, 100.0)


def corrected_t_test(differences, test_ratio):
    """Test whether two methods differ, from their differences on the same folds.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        Score of one method minus that of the other, fold by fold.
    test_ratio : float
        Number of test clips per training clip: 1/9 for ten folds. With 0 this is the plain
        paired t-test.

    Returns
    -------
    t : float
        Infinite where all differences are equal and not 0; 0 where all are 0.
    p : float
        Two-sided.

    Raises
    ------
    ValueError
        If there are fewer than two differences, one is not finite, or the ratio is negative.

    See Also
    --------
    corrected_interval : The interval of a mean, with references.

    Examples
    --------
    >>> from sklearn_mer.study import corrected_t_test
    >>> t, p = corrected_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 1 / 4)
    >>> print(f"t = {t:.3f}, p = {p:.3f}")
    t = 2.828, p = 0.047
    >>> t, p = corrected_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 0)  # overconfident
    >>> print(f"t = {t:.3f}, p = {p:.3f}")
    t = 4.243, p = 0.013
    """
    mean = CorrectedT.of(differences, test_ratio)
    if mean.scale == 0:
        return (float(np.copysign(np.inf, mean.mean)), 0.0) if mean.mean else (0.0, 1.0)
    t = mean.mean / mean.scale
    return t, 2 * float(stats.t.sf(abs(t), mean.dof))


def bayesian_correlated_t_test(differences, test_ratio, *, rope):
    """Return the probabilities that one method is better than another, equivalent or worse.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        Score of the first method minus that of the second, fold by fold.
    test_ratio : float
        Number of test clips per training clip: 1/9 for ten folds.
    rope : float
        Half the width of the region of practical equivalence, in the unit of the
        differences, 0 or above: methods closer than this count as equivalent.

    Returns
    -------
    better, equivalent, worse : float
        Probabilities that the first method is better than the second by more than ``rope``,
        within ``rope`` of it, and worse by more. They sum to 1.

    Raises
    ------
    ValueError
        If there are fewer than two differences, one is not finite, or an option is out of
        range.

    Notes
    -----
    With an uninformative prior, the posterior of the mean difference is a Student t around the
    observed mean with the scale of the corrected t-test [1]_, [2]_. A p-value says how unlikely
    the data are if the methods are equal; these probabilities are those of three conclusions,
    one of which is that the methods are equivalent.

    References
    ----------
    .. [1] Corani, G. and Benavoli, A. (2015). A Bayesian approach for comparing cross-validated
       algorithms on multiple data sets. Machine Learning 100(2), 285-304.
    .. [2] Benavoli, A., Corani, G., Demsar, J. and Zaffalon, M. (2017). Time for a change: a
       tutorial for comparing multiple classifiers through Bayesian analysis. Journal of
       Machine Learning Research 18(77), 1-36.

    Examples
    --------
    >>> from sklearn_mer.study import bayesian_correlated_t_test
    >>> found = bayesian_correlated_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 1 / 4, rope=1.0)
    >>> print("better {:.2f}, equivalent {:.2f}, worse {:.2f}".format(*found))
    better 0.93, equivalent 0.06, worse 0.01
    """
    if not (math.isfinite(rope) and rope >= 0):
        raise ValueError(
            f"rope is the largest difference that counts as none, a finite number from 0 (1.0 for "
            f"one percentage point); got {rope!r}."
        )
    posterior = CorrectedT.of(differences, test_ratio)
    mirrored = CorrectedT(-posterior.mean, posterior.scale, posterior.dof)
    better, worse = posterior.above(rope), mirrored.above(rope)
    # The two tails are exact to the last bit, so the rest may fall below 0 by one.
    return better, max(0.0, 1 - better - worse), worse


def holm_correction(p_values):
    """Adjust p-values for multiple testing by Holm's step-down method.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        Between 0 and 1, in any order.

    Returns
    -------
    ndarray of shape (n_tests,)
        In the same order. If rows with an adjusted p below 0.05 are called different, the
        probability of one or more false claims is at most 0.05, however the tests depend on
        each other.

    Raises
    ------
    ValueError
        If a value is not a number between 0 and 1, or the array is not one-dimensional.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure.
       Scandinavian Journal of Statistics 6(2), 65-70.

    Examples
    --------
    >>> from sklearn_mer.study import holm_correction
    >>> holm_correction([0.01, 0.04, 0.03, 0.005])
    array([0.03, 0.06, 0.06, 0.02])
    """
    p_values = np.asarray(p_values, dtype=float)
    if p_values.ndim != 1:
        raise ValueError(f"p_values is one-dimensional, got an array of shape {p_values.shape}.")
    if not ((p_values >= 0) & (p_values <= 1)).all():
        raise ValueError(f"p-values lie between 0 and 1, got {p_values.tolist()}.")
    order = np.argsort(p_values)
    # The smallest is multiplied by the number of tests, the next by one less, and so on; none
    # may fall below one that was smaller.
    raised = p_values[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return corrected


def mean_test_ratio(cells):
    """Return the number of test clips per training clip, the mean over cells."""
    return float(np.mean([len(cell.test) / len(cell.train) for cell in cells]))


def stored_rows(cells, results):
    """Return the stored results of cells, by key."""
    return {row["key"]: row for row in results.rows([cell.key for cell in cells])}


def fold_scores(methods, cells, results):
    """Return the macro F1 of each planned fold, one column per method.

    Parameters
    ----------
    methods : sequence of Method
        Rows of the table.
    cells : sequence of Cell
        The plan. Only stored results of its cells count, as in :func:`make_table`.
    results : object
        Its ``rows(keys)`` returns the stored results of cells as a list of dict.

    Returns
    -------
    DataFrame
        Indexed by ``repeat`` and ``fold``; columns are method keys in the order of
        ``methods``. Percent, NaN where the cell is not finished.
    """
    stored = stored_rows(cells, results)
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
        Percent, one column per method, NaN where a fold has no score, as from
        :func:`fold_scores`.
    test_ratio : float
        Number of test clips per training clip: 1/9 for ten folds.
    rope : float, default=1.0
        Methods closer than this count as equivalent, in percentage points.

    Returns
    -------
    DataFrame
        One row per pair with at least two common folds: ``first, second, n_folds`` (common
        folds, on which the rest is based), ``difference`` (mean of first minus second),
        ``ci95_low, ci95_high`` (of the difference, within -100 and 100; NaN below five folds),
        ``p`` (:func:`corrected_t_test`), ``p_holm`` (:func:`holm_correction` over all pairs)
        and ``first_better, equivalent, second_better`` (:func:`bayesian_correlated_t_test`).

    Raises
    ------
    ValueError
        If an option is out of range or a score is infinite.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn_mer.study import compare_rows
    >>> scores = pd.DataFrame({
    ...     "svm": [70.0, 74.0, 78.0, 72.0, 76.0, None],
    ...     "cnn": [66.0, 69.0, 76.0, 67.0, 72.0, 64.0],
    ...     "new": [None, None, None, None, None, 80.0],
    ... })
    >>> compare_rows(scores, 1 / 5).round(2).T  # "new" has one fold, too few
                      0
    first           svm
    second          cnn
    n_folds           5
    difference      4.0
    ci95_low       1.85
    ci95_high      6.15
    p              0.01
    p_holm         0.01
    first_better   0.99
    equivalent     0.01
    second_better   0.0
    """
    pairs = [_pair(scores, *names, test_ratio, rope) for names in combinations(scores.columns, 2)]
    found = pd.DataFrame(list(filter(None, pairs)), columns=list(COMPARISON_COLUMNS))
    found["p_holm"] = holm_correction(found["p"])
    return found


def _pair(scores, first, second, test_ratio, rope):
    differences = (scores[first] - scores[second]).dropna()
    if len(differences) < 2:
        return None
    low, high = printed_interval(differences, test_ratio, lowest=-100.0)
    better, equivalent, worse = bayesian_correlated_t_test(differences, test_ratio, rope=rope)
    return {
        "first": first,
        "second": second,
        "n_folds": len(differences),
        "difference": float(differences.mean()),
        "ci95_low": low,
        "ci95_high": high,
        "p": corrected_t_test(differences, test_ratio)[1],
        "first_better": better,
        "equivalent": equivalent,
        "second_better": worse,
    }
