import numpy as np
import pytest
from sklearn.utils import Bunch

from sklearn_mer.study import StudyData, _data, open_dataset


@pytest.mark.parametrize(
    "split",
    [["train"] * 60, ["train", "test"] * 7 + ["train"] * 46, [None] * 60, ["test"] * 60],
)
def test_splits_that_cannot_be_used(data, split):
    if split[:2] == ["train", "test"]:  # with test clips of a class that no training clip has
        split = ["train"] * 45 + ["test"] * 15
    with pytest.raises(ValueError, match="'tiny': the split needs training clips of at least two"):
        StudyData("tiny", data.X, data.y, split=split)


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


def test_the_published_splits_of_merge(data, monkeypatch):
    asked = []

    def load(**how):
        asked.append(how)
        parts = np.tile(["train", "validate", "test"], 20)
        return Bunch(data=data.X, target=data.y, groups=None, split=parts)

    monkeypatch.setitem(_data._LOADERS, "merge-balanced", load)
    found = open_dataset("merge-balanced", split="40_30_30")
    assert found.name == "merge-balanced:40_30_30"  # no row has published figures of that name
    assert found.split.tolist()[:3] == ["train", "validate", "test"]
    assert asked == [{"data_home": None, "on_error": "raise", "split": "40_30_30"}]
