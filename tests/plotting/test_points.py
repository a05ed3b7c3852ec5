"""Names beside points."""

import numpy as np
import pytest

from sklearn_mer.plotting._points import spread_out


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0.5], [0.5]),
        ([0.1, 0.9], [0.1, 0.9]),
        ([0.5, 0.5, 0.5], [0.4, 0.5, 0.6]),
        ([1.0, 0.98], [1.0, 0.9]),
        ([0.0, 0.0, 0.5], [0.0, 0.1, 0.5]),
    ],
)
def test_names_are_kept_apart(places, expected):
    moved = spread_out(np.array(places), gap=0.1)
    gaps = np.diff(np.sort(moved))
    assert (gaps > 0.1 - 1e-9).all()
    np.testing.assert_allclose(np.sort(moved), np.sort(expected), atol=1e-9)
    assert (moved >= -1e-9).all()
    assert (moved <= 1 + 1e-9).all()
