"""Labels and names that break other drawings: dollar signs, control characters, underscores."""

import io
from xml.dom import minidom

import matplotlib
import numpy as np
import pytest

from sklearn_mer.plotting import (
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
    ValenceArousalDisplay,
    name_points,
)

ODD = ["$a$b$", "x\x07 $\\frac{$", "_hidden", '<&">|\n\x1b[31m']
EPOCHS = [{"train_loss": 1.0, "$x_$\x07": 0.5}, {"train_loss": 0.5, "$x_$\x07": 0.25}]
DRAWN = {
    "confusion": lambda ax: QuadrantConfusionDisplay(np.eye(4, dtype=int), labels=ODD).plot(ax),
    "plane": lambda ax: ValenceArousalDisplay.from_predictions(
        np.eye(4), y_true=ODD, labels=ODD, classes=ODD, ax=ax
    ),
    "history": lambda ax: TrainingHistoryDisplay.from_history(
        {"$stage_$\x07": EPOCHS, "head": EPOCHS}, metrics=["train_loss", "$x_$\x07"], ax=ax
    ),
    "points": lambda ax: name_points(ax, np.arange(2.0), np.arange(2.0), ["$a_$b$", "c"]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_any_names_can_be_drawn_and_the_file_is_xml(name, ax):
    DRAWN[name](ax)
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        text = io.StringIO()
        ax.figure.savefig(text, format="svg")
    shown = minidom.parseString(text.getvalue().encode()).documentElement.toxml()
    assert "$" in shown


def test_a_class_whose_name_begins_with_an_underscore_is_in_the_legend(ax):
    DRAWN["plane"](ax)
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts[2] == "_hidden (1)"
    assert len(texts) == 4
