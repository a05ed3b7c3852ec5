"""Draw the picture of the page on the paper's best figure, ``_static/fusion.svg``.

python docs/fusion_picture.py

Reads ``benchmarks/results``: scores of folds, of a leaking hybrid, of shares of the training clips,
and what is taken for what. Needs matplotlib.
"""

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from results_table import FOLDS, read_folds

from sklearn_mer.plotting import QUADRANT_COLORS, QUADRANT_NAMES

# The same picture from the same scores, with text as text.
matplotlib.rcParams.update({"svg.hashsalt": "fusion", "svg.fonttype": "none"})
PATH = Path(__file__).parent / "_static" / "fusion.svg"
BEST_PUBLISHED = 80.24
AMBER, RED, BLUE, _ = QUADRANT_COLORS


def main():
    """Write the picture."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    methods, curve, confusion, right = figure.subplots(2, 2).ravel()
    draw_methods(methods)
    draw_curve(curve)
    draw_confusion(confusion)
    draw_right(right)
    figure.savefig(PATH, metadata={"Date": None})


def draw_methods(axes):
    """Draw the folds of the honest and the leaking hybrid, the SVM and the fusions."""
    leakage = pd.read_csv(FOLDS / "leakage.csv")
    folds = read_folds()
    default = folds[folds["recipe"] == "default"]
    scores = {
        "DNN and head,\nleaking": leakage["leaking"],
        "DNN and head,\nhonest": leakage["honest"],
        **{key: 100 * default.loc[default["method"] == key, "f1_macro"] for key in ROWS},
    }
    median = {"color": "black", "linewidth": 1.6}
    how = {"widths": 0.5, "showfliers": False, "orientation": "horizontal", "medianprops": median}
    axes.boxplot(list(scores.values()), **how)
    axes.set_yticks(range(1, len(scores) + 1), list(scores))
    axes.axvline(BEST_PUBLISHED, color=RED, linestyle="--")
    axes.set_xlabel("macro F1 of a fold (%)")
    axes.set_title("Folds of 4QAED; dashed: the paper's 80.24")


ROWS = ("svm", "hybrid", "fusion_audio", "fusion")


def draw_curve(axes):
    """Draw macro F1 over the number of training clips."""
    curve = pd.read_csv(FOLDS / "fusion_curve.csv")
    looks = {"fusion": (BLUE, "s"), "fusion_audio": (AMBER, "o")}
    for key, scores in curve.groupby("method"):
        means = scores.groupby("n_train")["macro_f1"].mean()
        color, marker = looks[key]
        axes.plot(means.index, means, color=color, marker=marker, label=key)
    axes.set_xscale("log")
    ticks = sorted(curve["n_train"].unique())
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("training clips")
    axes.set_ylabel("macro F1 (%)")
    axes.set_title("More clips, better scores")
    axes.legend()


def draw_confusion(axes):
    """Draw the share of each quadrant's predictions."""
    confusion = pd.read_csv(FOLDS / "fusion_confusion.csv", index_col="true")
    shares = 100 * confusion.div(confusion.sum(axis=1), axis=0).to_numpy()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    axes.figure.colorbar(image, ax=axes, format="{x:g} %")
    for (row, column), share in np.ndenumerate(shares):
        color = "white" if share > 50 else "black"
        axes.text(column, row, f"{share:.0f}", ha="center", va="center", color=color)
    pairs = zip(confusion.index, QUADRANT_NAMES, strict=True)
    names = [f"{quadrant}\n{name}" for quadrant, name in pairs]
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted by fusion")
    axes.set_ylabel("true")
    axes.set_title("Predictions per true quadrant (%)")


def draw_right(axes):
    """Draw how many clips are right in how many repeats."""
    right = pd.read_csv(FOLDS / "fusion_right.csv")
    axes.bar(right["repeats_right"], right["clips"], color=BLUE)
    axes.set_xticks(right["repeats_right"])
    axes.set_xlabel("repeats, of 10, in which fusion is right")
    axes.set_ylabel("clips")
    axes.set_title("Most are always right, some never")


if __name__ == "__main__":
    main()
