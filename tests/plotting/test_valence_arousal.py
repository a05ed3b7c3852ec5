import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from sklearn_mer.plotting import ValenceArousalDisplay

LABELS = ["Q1", "Q2", "Q3", "Q4"]


@pytest.fixture
def proba():
    return np.random.default_rng(0).dirichlet(np.ones(4), size=20)


@pytest.fixture
def true():
    return np.array(LABELS * 5)


def test_points_lie_where_the_probabilities_say(proba, true, ax):
    display = ValenceArousalDisplay.from_predictions(proba, y_true=true, ax=ax)
    q1, q2, q3, q4 = proba.T
    expected = np.column_stack([q1 + q4 - q2 - q3, q1 + q2 - q3 - q4])
    for label in LABELS:
        offsets = display.points_[label].get_offsets()
        np.testing.assert_allclose(offsets, expected[true == label])
        mean = display.means_[label].get_offsets()[0]
        np.testing.assert_allclose(mean, expected[true == label].mean(axis=0))


def test_certainty_is_a_corner_of_its_own_quadrant(ax):
    display = ValenceArousalDisplay.from_predictions(np.eye(4), y_true=LABELS, ax=ax)
    corners = [display.points_[label].get_offsets()[0].tolist() for label in LABELS]
    assert corners == [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    names = {text.get_text(): np.sign(text.get_position()).tolist() for text in ax.texts}
    assert names == dict(
        zip(["Q1\nhappy", "Q2\nangry", "Q3\nsad", "Q4\nserene"], corners, strict=True)
    )


def test_classes_differ_in_colour_and_marker(proba, true, ax):
    points = ValenceArousalDisplay.from_predictions(proba, y_true=true, ax=ax).points_
    assert len({tuple(one.get_facecolor()[0]) for one in points.values()}) == 4
    assert len({one.get_paths()[0].vertices.tobytes() for one in points.values()}) == 4
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["Q1 (5)", "Q2 (5)", "Q3 (5)", "Q4 (5)"]


def test_many_points_are_smaller(proba, ax):
    few = ValenceArousalDisplay.from_predictions(proba, ax=ax).points_[None]
    many = ValenceArousalDisplay.from_predictions(np.repeat(proba, 45, axis=0), ax=ax).points_[None]
    assert many.get_sizes()[0] < few.get_sizes()[0]
    assert many.get_alpha() < 1


def test_without_labels_all_points_are_alike(proba, ax):
    display = ValenceArousalDisplay.from_predictions(proba, ax=ax, scatter_kw={"s": 3})
    assert list(display.points_) == [None]
    assert len(display.points_[None].get_offsets()) == 20
    assert display.points_[None].get_sizes().tolist() == [3]
    assert display.means_ == {}
    assert ax.get_legend() is None


def test_a_class_without_clips_and_no_means(proba, true, ax):
    few = true != "Q2"
    display = ValenceArousalDisplay.from_predictions(
        proba[few], y_true=true[few], ax=ax, means=False
    )
    assert list(display.points_) == ["Q1", "Q3", "Q4"]
    assert display.means_ == {}


def test_columns_are_found_by_the_classes_of_the_estimator(ax):
    names = ["happy", "angry", "sad", "calm"]  # not in the order of ``classes_``
    X = np.repeat(np.eye(4), 5, axis=0)
    y = np.repeat(names, 5)
    forest = LogisticRegression(C=100).fit(X, y)
    display = ValenceArousalDisplay.from_estimator(forest, X, y, labels=names, ax=ax)
    for name, corner in zip(names, [(1, 1), (-1, 1), (-1, -1), (1, -1)], strict=True):
        assert (np.sign(display.points_[name].get_offsets()) == corner).all()
    assert {text.get_text() for text in ax.texts} >= {"Q1\nhappy", "Q3\nsad"}


def test_an_estimator_that_has_seen_two_classes(ax):
    two = DummyClassifier(strategy="prior").fit([[0]] * 4, ["Q2", "Q2", "Q2", "Q4"])
    display = ValenceArousalDisplay.from_estimator(two, [[0]], ax=ax)
    assert display.points_[None].get_offsets().tolist() == [[-0.5, 0.5]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: d.from_predictions(np.ones((2, 3)) / 3), r"shape \(2, 3\)"),
        (lambda d: d.from_predictions(np.ones((2, 4))), "add up to 1"),
        (lambda d: d.from_predictions(np.eye(4), y_true=["Q1"] * 3), "shapes"),
        (lambda d: d.from_predictions(np.eye(4), y_true=["x"] * 4), r"y_true has labels"),
        (lambda d: d.from_predictions(np.eye(4), classes=["a", "b", "c", "d"]), "classes has"),
        (lambda d: d([2.0], [0.0]), "between -1 and 1"),
        (lambda d: d([np.nan], [0.0]), "between -1 and 1"),
        (
            lambda d: d.from_estimator(SVC().fit([[0], [1]], ["Q1", "Q2"]), [[0]]),
            "must be a classifier with predict_proba",
        ),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make(ValenceArousalDisplay)
