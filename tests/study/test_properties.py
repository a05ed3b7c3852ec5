"""Properties of statistics and tables that hold for any scores and names."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sklearn_mer.study import (
    bayesian_correlated_t_test,
    corrected_interval,
    corrected_t_test,
    holm_correction,
)
from sklearn_mer.study._statistics import printed_interval
from sklearn_mer.study._tables import csv_text, pipe_table, plain_line

# Hundredths of a point: real scores differ by no less.
SCORES = st.lists(st.integers(-5000, 5000).map(lambda n: n / 100), min_size=2, max_size=20)
PERCENT = st.lists(st.floats(0, 100), max_size=20)
RATIOS = st.floats(0, 1)
P_VALUES = st.lists(st.floats(0, 1), max_size=20)
NAMES = st.text(st.characters(codec=None), max_size=8)


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


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_any_names_give_one_line_each_in_markdown_and_no_formula_in_csv(names):
    lines = pipe_table(["Name", "F1"], [[name, "1"] for name in names]).split("\n")
    assert len(lines) == len(names) + 2
    for name, line in zip(names, lines[2:], strict=True):
        assert plain_line(name).replace("|", "\\|") in line
        line.encode("utf-8")
    text = csv_text(pd.DataFrame({"name": pd.Series(names, dtype=object), "f1": 1.0}))
    text.encode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[1] for row in rows] == ["f1", *["1.00"] * len(names)]
    assert not [row[0] for row in rows if row[0].lstrip().startswith(("=", "+", "-", "@"))]
