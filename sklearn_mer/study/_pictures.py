"""The pictures of the report: which there are, their captions, and drawing them once."""

import io
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .._files import replace_file
from ..model_selection import FEWEST_FOLDS
from ..plotting import inline_svg
from . import _draw

# Names of picture files, to recognise those of an earlier report.
_NAMES = re.compile("scores|differences|classes|cost|(confusion|learning|cost)_.*")
_STYLE = Path(__file__).parent / "templates" / "report.mplstyle"
_SCORES = (
    "Macro F1 of each fold: one dot per fold; the box holds the middle half of the folds, the "
    "line in it is their median. Diamond: the paper's mean."
)
_DIFFERENCES = (
    "Mean macro F1 with its 95 % interval, best row first. No interval is shown for fewer than "
    f"{FEWEST_FOLDS} folds. Grey bars join rows of which no two differ significantly (corrected "
    "paired t-test on the common folds, Holm's correction for all pairs, p at least "
    f"{_draw.LEVEL:g}). Joined rows need not be equivalent: few folds show only large differences."
)
_CLASSES = "F1 of each class, mean over folds."
_TIME = (
    "Mean macro F1 against the time that training takes. Cells that ran in parallel shared the "
    "machine, so times are upper bounds."
)
_MEMORY = "Mean macro F1 against the peak memory of the process."


@dataclass(frozen=True)
class Picture:
    """One picture."""

    name: str  # of its files
    caption: str  # what it shows, and on how many folds it is based
    draw: object  # takes a matplotlib Figure, and sets its size
    wide: bool = False  # whether it has a row of the page to itself


def plan_pictures(content):
    """Return the pictures that a report has data for: a dict of section to list of Picture."""
    best = content.best_first
    if not best:
        return {}
    based = _based_on(content, best)
    return {
        "scores": [Picture("scores", f"{_SCORES} {based}", partial(_draw.boxes, content))],
        "differences": [_differences(content)] if len(content.comparisons) else [],
        "confusion": [_confusion(content, key) for key in best],
        "classes": [Picture("classes", f"{_CLASSES} {based}", partial(_draw.classes, content))],
        "learning": [_learning(content, key) for key in best if content.histories(key)],
        "cost": [
            _cost(content, "fit_seconds", "training time per fold (seconds)", f"{_TIME} {based}"),
            _cost(content, "peak_memory_mb", "peak memory per fold (MiB)", f"{_MEMORY} {based}"),
        ],
    }


def draw_pictures(content, folder):
    """Draw the pictures into a folder; return (Picture, ``<svg>`` element) pairs by section."""
    planned = plan_pictures(content)
    folder.mkdir(parents=True, exist_ok=True)
    names = {picture.name for pictures in planned.values() for picture in pictures}
    for file in [*folder.glob("*.png"), *folder.glob("*.svg")]:
        if _NAMES.fullmatch(file.stem) and file.stem not in names:
            file.unlink()
    return {
        section: [(picture, save_picture(picture, folder)) for picture in pictures]
        for section, pictures in planned.items()
    }


def draw_figure(picture):
    """Return a picture as a matplotlib Figure; draw it in :func:`style`."""
    from matplotlib.figure import Figure

    figure = Figure(layout="constrained")
    picture.draw(figure)
    return figure


def style():
    """Return a context with the report's style of matplotlib, whatever the user's is."""
    from matplotlib.style import context

    return context(["default", _STYLE])


def save_picture(picture, folder):
    """Write a picture as PNG and SVG; return its ``<svg>`` element."""
    with style():
        figure = draw_figure(picture)
        pixels, text = io.BytesIO(), io.StringIO()
        figure.savefig(pixels, format="png")
        # The layout is known by now, and need not be computed again.
        figure.set_layout_engine("none")
        metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(text, format="svg", metadata=metadata)
    replace_file(folder / f"{picture.name}.png", pixels.getbuffer())
    replace_file(folder / f"{picture.name}.svg", text.getvalue())
    return inline_svg(text.getvalue(), picture.name, picture.caption)


def _based_on(content, keys):
    """Say on how many folds a picture of some rows is based."""
    counts = {key: content.n_folds(key) for key in keys}
    (usual, _), *_ = Counter(counts.values()).most_common(1)
    text = f"Based on {_folds(usual)}{' per row' if len(keys) > 1 else ''}"
    others = [f"{n} for {content.titles[key]}" for key, n in counts.items() if n != usual]
    return f"{', '.join([text, *others])}."


def _folds(n):
    return f"{n} fold" if n == 1 else f"{n} folds"


def _differences(content):
    caption = f"{_DIFFERENCES} {_based_on(content, _draw.compared_rows(content))}"
    return Picture("differences", caption, partial(_draw.intervals, content))


def _confusion(content, key):
    caption = f"{content.titles[key]}: the test clips of {_folds(content.n_folds(key))}."
    return Picture(f"confusion_{key}", caption, partial(_draw.confusion, content, key))


def _cost(content, name, xlabel, caption):
    name_of_file = {"fit_seconds": "cost_time", "peak_memory_mb": "cost_memory"}[name]
    return Picture(name_of_file, caption, partial(_draw.cost, content, name, xlabel))


def _learning(content, key):
    histories = content.histories(key)
    caption = (
        f"{content.titles[key]}: one line per fold, on the training clips; the dot marks the last "
        f"epoch. Based on {_folds(len(histories))}"
    )
    without = content.n_folds(key) - len(histories)
    caption += f"; {without} more without a stored history." if without else "."
    wide = isinstance(histories[0], dict) and len(histories[0]) > 1
    return Picture(f"learning_{key}", caption, partial(_draw.learning, content, key), wide)
