"""The pictures of the report: which there are, and what each is called."""

from collections import Counter
from dataclasses import dataclass
from functools import partial

from . import _draw_cost, _draw_rows, _draw_scores
from ._summaries import LEVEL

# Names of picture files, so that those of an earlier report can be told.
NAMES = ("scores", "differences", "classes", "cost")
PREFIXES = ("confusion_", "learning_")
# Inches: with letters of 9 points, one that can be read on a phone too.
_WIDTH = 4.7


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes
    ----------
    name : str
        Of its files.
    caption : str
        What it shows and what that rests on.
    size : tuple of float
        Width and height in inches.
    draw : callable
        Takes a matplotlib Figure of this size.
    wide : bool
        Whether it needs a row of the page to itself.
    """

    name: str
    caption: str
    size: tuple
    draw: object
    wide: bool = False


def plan_pictures(content):
    """Return the pictures that a content has enough for, by section.

    Parameters
    ----------
    content : ReportContent

    Returns
    -------
    dict of str to list of Picture
        Keys "scores", "differences", "confusion", "classes", "learning", "cost".
    """
    if not content.best_first:
        return {}
    return {
        "scores": [_scores(content)],
        "differences": [_differences(content)] if len(content.comparisons) else [],
        "confusion": [_confusion(content, key) for key in content.best_first],
        "classes": [_classes(content)],
        "learning": [
            _learning(content, key) for key in content.best_first if content.histories[key]
        ],
        "cost": [_cost(content)],
    }


def folds_of(content, keys):
    """Say on how many folds a picture of some rows rests.

    Parameters
    ----------
    content : ReportContent
    keys : list of str

    Returns
    -------
    str
        A sentence.
    """
    counts = {key: content.n_folds(key) for key in keys}
    (usual, _), *_ = Counter(counts.values()).most_common(1)
    text = f"Rests on {_folds(usual)}{' a row' if len(keys) > 1 else ''}"
    others = [f"{n} of {content.titles[key]}" for key, n in counts.items() if n != usual]
    return f"{text}, {', '.join(others)}." if others else f"{text}."


def _folds(n):
    return f"{n} fold" if n == 1 else f"{n} folds"


def _height(n_rows, *, row=0.33, rest=1.0):
    return rest + row * n_rows


def _scores(content):
    caption = (
        "Macro F1 of each fold: a dot a fold, the box holds their middle half, the line in it is "
        "the median. Diamond: the paper's mean. " + folds_of(content, content.best_first)
    )
    size = (_WIDTH, _height(len(content.best_first)))
    return Picture("scores", caption, size, partial(_draw_scores.boxes, content))


def _differences(content):
    compared = _draw_scores.compared_rows(content)
    caption = (
        "Mean macro F1 with its 95 % interval, best row first. Grey bars join rows of which no two "
        f"differ (corrected paired t-test on the folds that both have, Holm's correction for all "
        f"pairs, p at least {LEVEL:g}). "
        "That two are joined does not say that they are alike: few folds tell little. "
        + folds_of(content, compared)
    )
    size = (_WIDTH, _height(len(compared)))
    return Picture("differences", caption, size, partial(_draw_scores.intervals, content))


def _confusion(content, key):
    caption = f"{content.titles[key]}: the test clips of {_folds(content.n_folds(key))}."
    size = (3.1, 3.2)
    return Picture(f"confusion_{key}", caption, size, partial(_draw_rows.confusion, content, key))


def _classes(content):
    caption = "F1 of each class, mean over folds. " + folds_of(content, content.best_first)
    size = (_WIDTH, _height(len(content.best_first), rest=1.2))
    return Picture("classes", caption, size, partial(_draw_scores.classes, content))


def _learning(content, key):
    histories = content.histories[key]
    n_stages = len(histories[0]) if isinstance(histories[0], dict) else 1
    caption = (
        f"{content.titles[key]}: a line a fold, the dot is where training stopped. On training "
        f"clips. Rests on {_folds(len(histories))}"
    )
    without = content.n_folds(key) - len(histories)
    caption += f"; {without} more ended before histories were kept." if without else "."
    size = (4.2 if n_stages == 1 else 2.9 * n_stages, 3.8)
    return Picture(
        f"learning_{key}", caption, size, partial(_draw_rows.learning, content, key), n_stages > 1
    )


def _cost(content):
    caption = (
        "Mean macro F1 against what a fold costs: seconds of training, and the largest memory of "
        "the process. Cells that ran side by side shared the machine, so times are upper bounds. "
        + folds_of(content, content.best_first)
    )
    size = (_WIDTH, 2 * max(2.3, _height(len(content.best_first), row=0.17, rest=0.7)))
    return Picture("cost", caption, size, partial(_draw_cost.cost, content))
