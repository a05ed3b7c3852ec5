"""Statistics of scores from overlapping folds: intervals, tests, comparisons.

Folds share training clips, so their scores are correlated: the variance of their mean is that
over folds times ``1 / n_folds + test_ratio``, not ``1 / n_folds`` as in the plain t-test (Nadeau
and Bengio, Inference for the generalization error, Machine Learning 52(3), 2003; for repeated
folds, Bouckaert and Frank, PAKDD 2004). The Bayesian test has a Student t with this variance as
posterior of the mean difference (Benavoli et al., Time for a change, JMLR 18(77), 2017).
"""

import math
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

# Methods closer than this count as equivalent, in percentage points.
ROPE = 1.0
# An interval from fewer folds is too wide to say anything (two folds: -224 to 341 %).
FEWEST_FOLDS = 5
COMPARISON_COLUMNS = ("first", "second", "n_folds", "difference", "ci95_low", "ci95_high")
COMPARISON_COLUMNS += ("p", "p_holm", "first_better", "equivalent", "second_better")


def _corrected_t(values, test_ratio):
    """Return location, scale (0 for equal values) and degrees of freedom of the mean's t."""
    values = _as_numbers(values, "The scores")
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"Give one value per fold, of at least 2 folds, not shape {values.shape}.")
    if n_bad := np.sum(~np.isfinite(values)):
        raise ValueError(f"{n_bad} of {len(values)} values are not finite; leave out such folds.")
    if not (math.isfinite(test_ratio) and test_ratio >= 0):
        raise ValueError(
            f"test_ratio is the number of test clips per training clip, from 0; got {test_ratio!r}."
        )
    variance = values.var(ddof=1) * (1 / len(values) + test_ratio)
    return float(values.mean()), float(np.sqrt(variance)), len(values) - 1


def _as_numbers(values, name):
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers, got {values!r:.80}.") from None


def corrected_interval(scores, test_ratio, *, confidence=0.95):
    """Return a confidence interval of a mean over overlapping folds.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
        One finite score per fold, in any unit, of at least two folds.
    test_ratio : float
        Test clips per training clip: 1/9 for ten folds, 0 for independent scores.
    confidence : float, default=0.95
        Between 0 and 1.

    Returns
    -------
    low, high : float
        In the unit of the scores; they can exceed its range.

    See Also
    --------
    corrected_t_test : Whether a mean difference is 0.
    compare_rows : Intervals and tests for all pairs of methods.

    Examples
    --------
    >>> from sklearn_mer.model_selection import corrected_interval
    >>> corrected_interval([70.0, 74.0, 78.0, 72.0, 76.0], 1 / 4)
    (68.11..., 79.88...)
    """
    mean, scale, dof = _corrected_t(scores, test_ratio)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence lies between 0 and 1 (such as 0.95), got {confidence!r}.")
    half = float(stats.t.ppf((1 + confidence) / 2, dof)) * scale
    return mean - half, mean + half


def printed_interval(values, test_ratio, *, lowest=0.0):
    """Return the 95 % interval of a mean percentage as tables show it.

    Parameters
    ----------
    values : array-like of shape (n_folds,)
        One percentage per fold, or one difference of percentages.
    test_ratio : float
        Test clips per training clip.
    lowest : float, default=0.0
        Lower limit of the interval, -100 for differences; the upper is 100.

    Returns
    -------
    low, high : float
        NaN below ``FEWEST_FOLDS`` folds.
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
        Score of one method minus that of the other, fold by fold, of at least two folds.
    test_ratio : float
        Test clips per training clip: 1/9 for ten folds, 0 for the plain paired t-test.

    Returns
    -------
    t : float
        Infinite where all differences are equal and not 0; 0 where all are 0.
    p : float
        Two-sided.

    See Also
    --------
    corrected_interval : How large the difference may be.
    bayesian_correlated_t_test : Whether two methods are equivalent.
    compare_rows : Tests for all pairs of methods.

    Examples
    --------
    >>> from sklearn_mer.model_selection import corrected_t_test
    >>> corrected_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 1 / 4)
    (2.828..., 0.047...)
    """
    mean, scale, dof = _corrected_t(differences, test_ratio)
    if scale == 0:
        return (float(np.copysign(np.inf, mean)), 0.0) if mean else (0.0, 1.0)
    return mean / scale, 2 * float(stats.t.sf(abs(mean / scale), dof))


def bayesian_correlated_t_test(differences, test_ratio, *, rope):
    """Return the probabilities that one method is better than another, equivalent or worse.

    Parameters
    ----------
    differences : array-like of shape (n_folds,)
        Score of the first method minus that of the second, fold by fold, of at least two folds.
    test_ratio : float
        Test clips per training clip: 1/9 for ten folds.
    rope : float
        Methods that differ by at most this count as equivalent, in the unit of the differences.

    Returns
    -------
    better, equivalent, worse : float
        Probabilities that the first method is better by more than ``rope``, within ``rope`` of
        the second, and worse by more. They sum to 1.

    See Also
    --------
    corrected_t_test : A p-value in place of probabilities.
    compare_rows : Both for all pairs of methods.

    Examples
    --------
    >>> from sklearn_mer.model_selection import bayesian_correlated_t_test
    >>> bayesian_correlated_t_test([1.0, 2.0, 3.0, 4.0, 5.0], 1 / 4, rope=1.0)
    (0.933..., 0.056..., 0.009...)
    """
    if not (math.isfinite(rope) and rope >= 0):
        raise ValueError(f"rope is the largest difference counted as none, from 0; got {rope!r}.")
    mean, scale, dof = _corrected_t(differences, test_ratio)
    if scale == 0:
        better, worse = float(mean > rope), float(mean < -rope)
    else:
        better, worse = (float(stats.t.sf(rope, dof, m, scale)) for m in (mean, -mean))
    # The two tails are exact to the last bit, so the rest may fall below 0 by one.
    return better, max(0.0, 1 - better - worse), worse


def holm_correction(p_values):
    """Adjust p-values for multiple testing by Holm's step-down method (1979).

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        From 0 to 1, in any order.

    Returns
    -------
    ndarray of shape (n_tests,)
        In the same order. Of claims for p below 0.05, one or more are false with a probability of
        at most 0.05, however the tests depend on each other.

    See Also
    --------
    compare_rows : Corrects the p-values of all pairs.

    Examples
    --------
    >>> from sklearn_mer.model_selection import holm_correction
    >>> holm_correction([0.01, 0.04, 0.03, 0.005])
    array([0.03, 0.06, 0.06, 0.02])
    """
    p_values = _as_numbers(p_values, "p_values")
    if p_values.ndim != 1:
        raise ValueError(f"p_values is one-dimensional, got an array of shape {p_values.shape}.")
    if not ((p_values >= 0) & (p_values <= 1)).all():
        raise ValueError(f"p-values lie between 0 and 1, got {p_values.tolist()}.")
    order = np.argsort(p_values)
    # The smallest is multiplied by the number of tests, the next by one less, and so on; none
    # may fall below one that was smaller.
    raised = p_values[order] * np.arange(len(p_values), 0, -1)
    return np.minimum(np.maximum.accumulate(raised), 1)[np.argsort(order)]


def compare_rows(scores, test_ratio, *, rope=ROPE):
    """Compare all pairs of methods by their scores on common folds.

    Parameters
    ----------
    scores : DataFrame of shape (n_folds, n_methods)
        Percent, NaN where a fold has no score.
    test_ratio : float
        Test clips per training clip: 1/9 for ten folds.
    rope : float, default=1.0
        Methods that differ by at most this count as equivalent, in percentage points.

    Returns
    -------
    DataFrame
        One row per pair with at least two common folds: ``first, second``, ``n_folds`` in common,
        ``difference`` (mean of first minus second), ``ci95_low, ci95_high`` of it (NaN below five
        folds), ``p``, ``p_holm`` (:func:`holm_correction` over all pairs) and
        ``first_better, equivalent, second_better`` (:func:`bayesian_correlated_t_test`).

    See Also
    --------
    corrected_interval : The intervals.
    corrected_t_test : The p-values.
    bayesian_correlated_t_test : The probabilities.
    RepeatedStratifiedGroupKFold : Common folds by artist.
    """
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(
            f"scores is a {type(scores).__name__}; give a DataFrame with a column of scores per "
            "method and a row per fold."
        )
    texts = [c for c in scores if not pd.api.types.is_numeric_dtype(scores[c].dtype)]
    if texts:
        raise ValueError(f"The columns {texts} of scores are not numeric; give scores in percent.")
    rows = []
    for first, second in combinations(scores.columns, 2):
        differences = (scores[first] - scores[second]).dropna()
        if len(differences) < 2:
            continue
        interval = printed_interval(differences, test_ratio, lowest=-100.0)
        _, p = corrected_t_test(differences, test_ratio)
        probabilities = bayesian_correlated_t_test(differences, test_ratio, rope=rope)
        summary = (len(differences), float(differences.mean()), *interval)
        rows.append((first, second, *summary, p, p, *probabilities))
    found = pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))
    found["p_holm"] = holm_correction(found["p"])
    return found


def equal_runs(names, comparisons, *, level=0.05):
    """Return the runs of methods of which no two differ significantly.

    Parameters
    ----------
    names : sequence
        The methods, best first.
    comparisons : DataFrame
        As from :func:`compare_rows`.
    level : float, default=0.05
        Methods differ significantly where ``p_holm`` is below this.

    Returns
    -------
    list of (int, int)
        First and last position of each run, of at least two methods, that lies in no other run.
        Methods that were not compared, because they have no common folds, are not joined.
    """
    if not isinstance(comparisons, pd.DataFrame) or "p_holm" not in comparisons:
        raise TypeError(
            f"comparisons is a {type(comparisons).__name__} without p_holm; give what compare_rows "
            "returns."
        )
    if not 0 < level < 1:
        raise ValueError(f"level lies between 0 and 1 (such as 0.05), got {level!r}.")
    pairs = comparisons[comparisons["p_holm"] >= level]
    equal = set(map(frozenset, zip(pairs["first"], pairs["second"], strict=True)))
    runs = {
        (first, last)
        for first, last in combinations(range(len(names)), 2)
        if equal.issuperset(map(frozenset, combinations(names[first : last + 1], 2)))
    }
    # Part of a run is a run, so one that cannot be extended by one method lies in no other.
    return sorted(run for run in runs if not {(run[0] - 1, run[1]), (run[0], run[1] + 1)} & runs)
