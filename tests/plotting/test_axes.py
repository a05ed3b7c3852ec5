"""matplotlib is optional, and only imported when something is drawn."""

import ast
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import sklearn_mer.plotting
from sklearn_mer.plotting import (
    EmotionCurveDisplay,
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
    ValenceArousalDisplay,
)

DISPLAYS = [
    QuadrantConfusionDisplay(np.eye(4)),
    ValenceArousalDisplay([0.0], [0.0]),
    TrainingHistoryDisplay([{"train_loss": 1.0}]),
]
LONG = ["happy or excited", "angry, tense, nervous", "sad, bored and tired", "serene"]
EPOCHS = [{"train_loss": 1.4, "train_accuracy": 0.2}, {"train_loss": 0.0012, "train_accuracy": 1.0}]
CORNERS = [[1, 1], [-1, 1], [-1, -1], [1, -1]]
DRAWN = {
    "confusion": lambda: QuadrantConfusionDisplay(np.full((4, 4), 123456)).plot(),
    "confusion, long names": lambda: QuadrantConfusionDisplay(np.eye(4), labels=LONG).plot(),
    "plane": lambda: ValenceArousalDisplay(*np.transpose(CORNERS), y_true=LONG, labels=LONG).plot(),
    "time": lambda: EmotionCurveDisplay([0, 9], [9, 5000], np.eye(4)[:2], labels=LONG).plot(),
    "path": lambda: EmotionCurveDisplay([0, 9], [9, 5000], np.eye(4)[:2]).plot(kind="plane"),
    "history": lambda: TrainingHistoryDisplay(EPOCHS).plot(),
}


@pytest.mark.parametrize("display", DISPLAYS, ids=lambda display: type(display).__name__)
def test_without_matplotlib_an_error_says_what_to_install(display, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"{type(display).__name__}.*sklearn-mer\[plot\]"):
        display.plot()


@pytest.mark.parametrize("display", DISPLAYS, ids=lambda display: type(display).__name__)
def test_a_display_can_be_drawn_twice(display, ax):
    assert display.plot(ax) is display
    first = len(ax.get_children()) + len(ax.child_axes)
    other = Figure().subplots()
    assert display.plot(other).ax_ is other
    assert len(other.get_children()) + len(other.child_axes) == first


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_cut(name):
    figure = DRAWN[name]().figure_
    figure.draw_without_rendering()
    outer = figure.bbox.padded(0.5)
    artists = [artist for axes in figure.axes for artist in (axes, *axes.child_axes)]
    boxes = [one.get_tightbbox() for artist in artists for one in (artist, *artist.texts)]
    assert boxes
    for box in filter(None, boxes):
        assert outer.x0 <= box.x0 <= box.x1 <= outer.x1
        assert outer.y0 <= box.y0 <= box.y1 <= outer.y1


@pytest.mark.parametrize("name", ["confusion", "confusion, long names"])
def test_titles_of_quadrants_touch_neither_frame_nor_squares(name):
    display = DRAWN[name]()
    display.figure_.draw_without_rendering()
    to_plane = display.ax_.transData.inverted()
    for corner, title, squares in zip(CORNERS, display.titles_, display.squares_, strict=True):
        box = title.get_window_extent().transformed(to_plane)
        middle = (0.5 * corner[0], 0.5 * corner[1])
        assert abs(box.x0 - middle[0]) < 0.5
        assert abs(box.x1 - middle[0]) < 0.5
        assert box.y1 < middle[1] + 0.47
        assert box.y0 > max(square.get_bbox().y1 for square in squares)


def test_no_module_imports_matplotlib_before_something_is_drawn():
    files = list(Path(sklearn_mer.plotting.__file__).parent.glob("*.py"))
    assert len(files) > 3
    for file in files:
        statements = ast.parse(file.read_text(encoding="utf-8")).body
        imports = [ast.unparse(s) for s in statements if isinstance(s, ast.Import | ast.ImportFrom)]
        assert not [line for line in imports if "matplotlib" in line], file
