import numpy as np
import pytest
from sklearn.dummy import DummyClassifier

from sklearn_mer.plotting import TrainingHistoryDisplay

from .learners import Learner, X, Y, history


def test_a_history_is_drawn_epoch_by_epoch(ax):
    display = TrainingHistoryDisplay.from_history(history(4), ax=ax)
    assert display.axes_.shape == (2, 1)
    loss, accuracy = display.lines_[:, 0, 0]
    assert loss.get_xdata().tolist() == [1, 2, 3, 4]
    assert loss.get_ydata().tolist() == [1.4 / i for i in (1, 2, 3, 4)]
    assert accuracy.get_ydata().tolist() == [i / 9 for i in range(4)]
    assert display.axes_[0, 0].get_ylabel() == "training loss"
    assert display.axes_[1, 0].get_ylabel() == "training accuracy"
    assert display.ax_ is ax


def test_folds_are_lines_of_their_own_length(ax):
    display = TrainingHistoryDisplay.from_history([history(2), history(5), history(1)], ax=ax)
    assert display.lines_.shape == (2, 1, 3)
    assert [len(line.get_xdata()) for line in display.lines_[0, 0]] == [2, 5, 1]
    assert len({line.get_color() for line in display.lines_[0, 0]}) == 1


def test_stages_lie_side_by_side(ax):
    folds = [{"dnn": history(2 + i), "head": history(6)} for i in range(2)]
    display = TrainingHistoryDisplay.from_history(folds, ax=ax)
    assert display.lines_.shape == (2, 2, 2)
    assert [panel.get_title() for panel in display.axes_[0]] == ["dnn", "head"]
    assert [len(line.get_xdata()) for line in display.lines_[0, 0]] == [2, 3]
    boxes = [panel.get_position() for panel in display.axes_[0]]
    assert boxes[0].x1 < boxes[1].x0
    assert display.axes_[1, 0].get_position().y1 < display.axes_[0, 0].get_position().y0


def test_one_metric_is_drawn_in_the_axes_given(ax):
    display = TrainingHistoryDisplay.from_history(history(3), ax=ax, metrics=["train_loss"])
    assert display.axes_[0, 0] is ax
    assert len(ax.lines) == 1


def test_a_history_of_losses_alone(ax):
    losses = [{"train_loss": 3.0}, {"train_loss": 2.0}]
    display = TrainingHistoryDisplay.from_history(losses, ax=ax, line_kw={"color": "red"})
    assert display.axes_.shape == (1, 1)
    assert display.lines_[0, 0, 0].get_color() == "red"


def test_an_epoch_that_lacks_a_value_is_a_gap(ax):
    epochs = [{"train_loss": 3.0}, {}, {"train_loss": 2.0}]
    line = TrainingHistoryDisplay.from_history(epochs, ax=ax).lines_[0, 0, 0]
    np.testing.assert_array_equal(line.get_ydata(), [3.0, np.nan, 2.0])


def test_from_estimators(ax):
    fitted = [Learner(n).fit(X, Y) for n in (2, 3)]
    display = TrainingHistoryDisplay.from_estimator(fitted, ax=ax)
    assert [len(line.get_xdata()) for line in display.lines_[0, 0]] == [2, 3]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda d: d.from_history([]), "A history must be a list with one dict per epoch"),
        (lambda d: d.from_history({}), "A history must be"),
        (lambda d: d.from_history("loss"), "A history must be"),
        (lambda d: d.from_history({"dnn": 3}), "A history must be"),
        (lambda d: d.from_history([[1.0, 2.0]]), "A history must be"),
        (lambda d: d.from_history([{"a": history(1)}, {"b": history(1)}]), "the same stages"),
        (
            lambda d: d.from_history(history(2), metrics=["valid_loss"]),
            "valid_loss.* not in",
        ),
        (lambda d: d.from_history([{"dur": 1.0}]), r"which have \['dur'\]"),
        (
            lambda d: d.from_estimator(DummyClassifier().fit(X, Y)),
            r"without: \['DummyClassifier'\]",
        ),
        (lambda d: d.from_estimator([]), "Fitted estimators"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make(TrainingHistoryDisplay)
