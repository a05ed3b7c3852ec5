"""matplotlib is optional, and only imported when something is drawn."""

import ast
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import sklearn_mer.plotting
from sklearn_mer.plotting import (
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
    ValenceArousalDisplay,
)

DISPLAYS = [
    QuadrantConfusionDisplay(np.eye(4)),
    ValenceArousalDisplay([0.0], [0.0]),
    TrainingHistoryDisplay([{"train_loss": 1.0}]),
]


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


def test_no_module_imports_matplotlib_before_something_is_drawn():
    files = list(Path(sklearn_mer.plotting.__file__).parent.glob("*.py"))
    assert len(files) > 3
    for file in files:
        statements = ast.parse(file.read_text(encoding="utf-8")).body
        imports = [ast.unparse(s) for s in statements if isinstance(s, ast.Import | ast.ImportFrom)]
        assert not [line for line in imports if "matplotlib" in line], file
