"""No row of Table 1 without its tests."""

import pytest
from cases import CASES, VARIANTS

from sklearn_mer.methods import available_methods


@pytest.mark.parametrize("key", available_methods())
def test_every_row_has_its_case(key):
    assert key in CASES, (
        f"Enter the row {key!r} in CASES of tests/cases.py: it is then tested to learn by "
        "heart, to beat chance, not to learn shuffled labels, and to be reached by no marker."
    )
    # Three deviations above chance, or the row has not been shown to beat it.
    assert CASES[key].macro_f1 >= 0.25 + 3 * 0.04
    assert CASES[key].learns


def test_every_case_is_of_a_row():
    assert set(CASES) == set(available_methods())
    assert {case.row for case in VARIANTS.values()} <= set(CASES)
