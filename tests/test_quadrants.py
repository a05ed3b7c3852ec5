import numpy as np
import pytest

from sklearn_mer.songs import valence_arousal

LABELS = ["Q1", "Q2", "Q3", "Q4"]


def test_the_corners_the_centre_and_the_formula():
    corners = np.column_stack(valence_arousal(np.eye(4), LABELS))
    assert corners.tolist() == [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    assert valence_arousal([[0.25] * 4]) == (0, 0)
    proba = np.random.default_rng(0).dirichlet(np.ones(4), size=50)
    valence, arousal = valence_arousal(proba, LABELS)
    np.testing.assert_allclose(valence, 2 * (proba[:, 0] + proba[:, 3]) - 1)
    np.testing.assert_allclose(arousal, 2 * (proba[:, 0] + proba[:, 1]) - 1)


def test_columns_in_any_order_of_any_names_and_of_some_quadrants():
    names = ["happy", "angry", "sad", "calm"]
    columns = ["angry", "calm", "happy", "sad"]
    assert valence_arousal(np.eye(4), labels=names)[0].tolist() == [-1, 1, 1, -1]
    assert valence_arousal(np.eye(4), columns, labels=names)[1].tolist() == [1, -1, 1, -1]
    assert valence_arousal([[0.75, 0.25]], ["Q2", "Q4"]) == (-0.5, 0.5)
    assert valence_arousal(np.eye(2), np.array([3, 1]), labels=[1, 2, 3, 4])[0].tolist() == [-1, 1]


def test_rounding_leaves_the_range():
    proba = np.array([[0.5, 0, 0, 0.5 + 1e-7]], np.float32)
    valence, arousal = valence_arousal(proba, LABELS)
    assert valence == 1
    assert abs(arousal) < 1e-6
    assert [values.shape for values in valence_arousal(np.empty((0, 4)), LABELS)] == [(0,), (0,)]


@pytest.mark.parametrize(
    ("proba", "classes", "message"),
    [
        ([[1, 0]], ["jazz", "rock"], r"not quadrants: \['jazz', 'rock'\].*set labels="),
        ([[0.5] * 10 + [0.5]], list("abcdefghijk"), r"\['a', 'b', 'c', 'd', 'e'\] and 6 more"),
        ([[1, 0]], LABELS, r"\(1, 2\)"),
        ([0.25] * 4, LABELS, r"\(4,\)"),
        (np.eye(4)[None], LABELS, r"\(1, 4, 4\)"),
        ([[1, 0, 0, 0], [0.5, 0, 0, 0]], LABELS, r"1 of 2 rows do not, the first is row 1"),
        ([[np.nan, 0, 0, 1]], LABELS, "missing"),
        ([[np.inf, 0, 0, 0]], LABELS, "add up to 1"),
        ([[1.5, -0.5, 0, 0]], LABELS, "negative"),
        ([[1, 0]], ["Q1", "Q1"], "more than once"),
    ],
)
def test_what_is_wrong_is_named(proba, classes, message):
    with pytest.raises(ValueError, match=message):
        valence_arousal(proba, classes)


def test_labels_that_are_not_four():
    with pytest.raises(ValueError, match="four different labels"):
        valence_arousal(np.eye(4), labels=["a", "a", "b", "c"])
