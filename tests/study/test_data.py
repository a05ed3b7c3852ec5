import numpy as np
import pytest

from sklearn_mer.study import StudyData


def test_data_of_unequal_lengths_is_refused(data):
    with pytest.raises(ValueError, match="one entry per clip"):
        StudyData("odd", data.X, data.y[:-1])


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (None, ["a"], "X must hold clips, and y one label for each; got X of shape"),
        ([1, 2], "ab", r"one label for each; .* y of shape \(\)"),
        ([1, 2], [[0, 1], [1, 0]], r"y of shape \(2, 2\)"),
        ([1, 2, 3], ["a", None, "b"], "y lacks the labels of 1 clips"),
        ([1, 2, 3], [1.0, np.nan, 2.0], "y lacks the labels of 1 clips"),
        ([1, 2, 3], ["a", "b"], r"one entry per clip, got lengths \[2, 3\]"),
    ],
)
def test_data_that_cannot_be_used(X, y, message):
    with pytest.raises(ValueError, match=f"Data set 'tiny': .*{message}"):
        StudyData("tiny", X, y)
