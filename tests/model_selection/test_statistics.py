"""Statistics of overlapping folds: known values, edge cases, properties and errors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sklearn_mer.model_selection import (
    bayesian_correlated_t_test,
    compare_rows,
    corrected_interval,
    corrected_t_test,
    equal_runs,
    holm_correction,
    printed_interval,
)

# Hundredths of a point: real scores differ by no less.
SCORES = st.lists(st.integers(-5000, 5000).map(lambda n: n / 100), min_size=2, max_size=20)
PERCENT = st.lists(st.floats(0, 100), max_size=20)
RATIOS = st.floats(0, 1)
P_VALUES = st.lists(st.floats(0, 1), max_size=20)


def test_known_t_and_p():
    # Variance 2.5 * (1/5 + 1/4), so t = 3 / sqrt(1.125) = 2 sqrt(2); p from the closed form of
    # Student's distribution with 4 degrees of freedom.
    t, p = corrected_t_test([1, 2, 3, 4, 5], 1 / 4)
    assert t == pytest.approx(2 * np.sqrt(2))
    below = 1 / 2 + 3 / 8 * t / np.sqrt(1 + t**2 / 4) * (1 - t**2 / (12 + 3 * t**2))
    assert p == pytest.approx(2 * (1 - below))


@pytest.mark.parametrize(
    ("rope", "expected"),
    [
        (0.5, (0.86110757, 0.13127544, 0.00761700)),
        (1.0, (0.59152958, 0.40667560, 0.00179482)),
        (3.0, (0.00376179, 0.99622109, 0.00001712)),
    ],
)
def test_probabilities_are_those_of_baycomp(rope, expected):
    # CorrelatedTTest of baycomp 1.0.3, ten folds of one run.
    x = np.array([61.2, 58.9, 64.3, 60.1, 66.0, 59.5, 62.8, 63.1, 57.7, 65.4])
    y = np.array([62.0, 61.3, 63.9, 62.2, 66.1, 60.9, 62.0, 65.8, 59.4, 66.7])
    found = bayesian_correlated_t_test(y - x, 1 / 9, rope=rope)
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_known_holm():
    np.testing.assert_allclose(
        holm_correction([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]
    )


def test_rows_that_agree_everywhere_are_equivalent():
    assert corrected_t_test([0.0, 0.0, 0.0], 1 / 9) == (0.0, 1.0)
    assert bayesian_correlated_t_test([0.0, 0.0, 0.0], 1 / 9, rope=0) == (0.0, 1.0, 0.0)
    assert corrected_t_test([2.0, 2.0], 1 / 9) == (np.inf, 0.0)
    assert bayesian_correlated_t_test([2.0, 2.0], 1 / 9, rope=1) == (1.0, 0.0, 0.0)
    assert bayesian_correlated_t_test([-2.0, -2.0], 1 / 9, rope=1) == (0.0, 0.0, 1.0)


def test_pairs_are_compared_on_the_folds_that_both_have():
    nan = np.nan
    scores = pd.DataFrame({"a": [9.0, 1, 2, 4], "b": [nan, 2, 2, 3], "c": [nan, nan, nan, 5]})
    found = compare_rows(scores, 1 / 3)
    assert found[["first", "second", "n_folds"]].values.tolist() == [["a", "b", 3]]
    assert found.difference[0] == pytest.approx(0.0)
    alone = compare_rows(scores.loc[1:, ["a", "b"]], 1 / 3)
    pd.testing.assert_frame_equal(found, alone)
    assert len(compare_rows(scores[["a"]], 1 / 3)) == 0


def test_an_interval_is_printed_within_its_range_and_from_five_folds_on():
    scores = [1.0, 99.0, 2.0, 98.0, 50.0]
    low, high = corrected_interval(scores, 1 / 9)
    assert low < 0 < 100 < high
    assert printed_interval(scores, 1 / 9) == (0, 100)
    assert np.isnan(printed_interval(scores[:4], 1 / 9)).all()
    narrow = [70.0, 71.0, 72.0, 73.0, 74.0]
    assert printed_interval(narrow, 1 / 9) == corrected_interval(narrow, 1 / 9)


def test_an_interval_of_a_difference_may_be_negative_and_ends_at_minus_100():
    table = pd.DataFrame({"a": [0.0, 1, 2, 3, 4], "b": [10.0, 12, 14, 16, 18], "c": 5 * [0.0]})
    table["d"] = [0.0, 100, 0, 100, 0]
    found = compare_rows(table, 1 / 9).set_index(["first", "second"])
    assert found.loc[("a", "b"), "ci95_high"] < 0
    assert found.loc[("c", "d"), "ci95_low"] == -100
    assert found.loc[("c", "d"), "ci95_high"] > 0
    few = compare_rows(table[:4], 1 / 9)
    assert few[["ci95_low", "ci95_high"]].isna().all(axis=None)
    assert few[["p", "p_holm", "first_better"]].notna().all(axis=None)


def test_runs_of_rows_that_do_not_differ():
    def pairs(**differ):
        names = "abcd"
        rows = [(x, y) for i, x in enumerate(names) for y in names[i + 1 :]]
        p = [0.01 if x + y in differ else 0.5 for x, y in rows]
        return pd.DataFrame(rows, columns=["first", "second"]).assign(p_holm=p)

    assert equal_runs("abcd", pairs()) == [(0, 3)]
    assert equal_runs("abcd", pairs(ad=1)) == [(0, 2), (1, 3)]
    assert equal_runs("abcd", pairs(ac=1, ad=1)) == [(0, 1), (1, 3)]
    assert equal_runs("abcd", pairs(ab=1, bc=1, cd=1)) == []
    assert equal_runs("abcd", pairs().query("second != 'd'")) == [(0, 2)]  # d was not compared


def test_runs_use_the_corrected_p():
    rng = np.random.default_rng(0)
    scores = pd.DataFrame({"a": rng.normal(70, 1, 10), "b": rng.normal(60, 1, 10)})
    assert equal_runs(["a", "b"], compare_rows(scores, 1 / 9)) == []
    scores["b"] = scores["a"] + rng.normal(0, 1, 10)
    assert equal_runs(["a", "b"], compare_rows(scores, 1 / 9)) == [(0, 1)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: corrected_interval([1.0], 0.1), "at least 2 folds"),
        (lambda: corrected_interval([1.0, np.nan], 0.1), "1 of 2 values are not finite"),
        (lambda: corrected_interval([1.0, 2.0], -1), "test_ratio is the number"),
        (lambda: corrected_interval([1.0, 2.0], 0.1, confidence=95), "between 0 and 1"),
        (lambda: bayesian_correlated_t_test([1.0, 2.0], 0.1, rope=-1), "rope is the largest"),
        (lambda: holm_correction([0.5, np.nan]), "between 0 and 1"),
        (lambda: holm_correction([[0.5]]), "one-dimensional"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(SCORES, RATIOS, st.floats(0.01, 0.99))
def test_the_interval_holds_the_mean_and_grows_with_the_overlap(scores, ratio, confidence):
    low, high = corrected_interval(scores, ratio, confidence=confidence)
    assert low - 1e-9 <= np.mean(scores) <= high + 1e-9
    wider = corrected_interval(scores, ratio + 0.1, confidence=confidence)
    assert wider[1] - wider[0] >= high - low


@given(SCORES.filter(lambda scores: np.ptp(scores) > 0))
def test_without_overlap_all_is_the_plain_t(differences):
    plain = stats.ttest_1samp(differences, 0)
    for ratio in (0, 1e-14):
        np.testing.assert_allclose(
            corrected_t_test(differences, ratio), (plain.statistic, plain.pvalue), rtol=1e-6
        )
        interval = corrected_interval(differences, ratio)
        np.testing.assert_allclose(interval, plain.confidence_interval(), rtol=1e-6, atol=1e-9)


@given(SCORES, RATIOS, st.floats(0, 10))
def test_turned_round_the_comparison_says_the_opposite(differences, ratio, rope):
    turned = [-value for value in differences]
    t, p = corrected_t_test(differences, ratio)
    np.testing.assert_allclose(corrected_t_test(turned, ratio), (-t, p))
    found = bayesian_correlated_t_test(differences, ratio, rope=rope)
    back = bayesian_correlated_t_test(turned, ratio, rope=rope)
    np.testing.assert_allclose(back, found[::-1], atol=1e-12)
    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0


@given(P_VALUES)
def test_holm_raises_and_keeps_the_order(p_values):
    corrected = holm_correction(p_values)
    assert (corrected >= p_values).all()
    assert (corrected <= 1).all()
    assert (np.diff(corrected[np.argsort(p_values)]) >= 0).all()


@given(PERCENT, RATIOS)
def test_a_printed_interval_lies_within_0_and_100_around_the_mean(scores, ratio):
    low, high = printed_interval(scores, ratio)
    if len(scores) < 5:
        assert np.isnan([low, high]).all()
    else:
        assert 0 <= low <= high <= 100
        assert low - 1e-9 <= np.mean(scores) <= high + 1e-9
