"""
Which musical dimensions separate which quadrants
=================================================

`EmotionFeatures` describes a clip in eight musical dimensions. For each of them: how much does a
classifier lose without the dimension, and what does it reach with the dimension alone? The clips
are synthesised; results on real music are at the end.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import EmotionFeatures
from sklearn_mer.datasets import load_4qaed, make_quadrant_clips
from sklearn_mer.model_selection import RepeatedStratifiedGroupKFold

# %%
# Clips and descriptors
# ---------------------
#
# 120 clips of three seconds by 24 artists. ``python plot_dimensions.py --real`` uses the 900 clips
# of 4QAED instead, if the data home contains them.

SAMPLE_RATE = 16000

if "--real" in sys.argv[1:]:
    bunch = load_4qaed()
    clips, quadrants, duration = bunch.data["audio"], np.asarray(bunch.target), 30.0
else:
    bunch = make_quadrant_clips(120, sample_rate=SAMPLE_RATE, random_state=0)
    clips, quadrants, duration = bunch.data, bunch.target, None

features = EmotionFeatures(sample_rate=SAMPLE_RATE, duration=duration, n_jobs=2)
X = features.fit_transform(clips)
dimension_of = pd.Series([name.split("__")[0] for name in features.get_feature_names_out()])
columns = {name: list(at.index) for name, at in dimension_of.groupby(dimension_of, sort=False)}
print(pd.Series({name: len(at) for name, at in columns.items()}).to_string())

# %%
# A classifier with equal weights for all dimensions
# --------------------------------------------------
#
# Almost half of the columns are tone colour, which would dominate an SVM on all columns. Here each
# dimension is divided by the root of its number of columns, so that all eight have the same weight
# in the distance between two clips.


def make_classifier(names):
    """Return an SVM on these dimensions."""
    scale = ColumnTransformer(
        [(name, StandardScaler(), columns[name]) for name in names],
        transformer_weights={name: len(columns[name]) ** -0.5 for name in names},
    )
    return make_pipeline(scale, SVC(C=3.0))


# %%
# Importance by dimension
# -----------------------
#
# Permuting one column at a time says little if a hundred others carry the same information. So all
# columns of a dimension are permuted together: each test clip gets, for example, the dynamics of
# another one. Test clips are by artists that are not in the training clips.

LABELS = ["Q1", "Q2", "Q3", "Q4"]


def score(model, X, y):
    """Return the F1 of each quadrant, in percent."""
    return 100 * f1_score(y, model.predict(X), labels=LABELS, average=None)


def permuted(X, at, rng):
    """Return a copy in which these columns, together, belong to other clips."""
    X = X.copy()
    X[:, at] = X[rng.permutation(len(X))][:, at]
    return X


def measure(train, test, rng, n_permutations=10):
    """Return the drop by permutation, the F1 alone and the F1 of all, of one fold."""
    everything = make_classifier(columns).fit(X[train], quadrants[train])
    full = score(everything, X[test], quadrants[test])
    drop, alone = {}, {}
    for name, at in columns.items():
        shuffled = [permuted(X[test], at, rng) for _ in range(n_permutations)]
        scores = [score(everything, other, quadrants[test]) for other in shuffled]
        drop[name] = full - np.mean(scores, axis=0)
        one = make_classifier([name]).fit(X[train], quadrants[train])
        alone[name] = score(one, X[test], quadrants[test])
    return drop, alone | {"all eight": full}


def averaged(folds):
    """Return a table of dimensions by quadrants, the mean over folds."""
    table = pd.concat([pd.DataFrame(fold, index=LABELS).T for fold in folds])
    table.insert(0, "macro", table.mean(axis=1))
    return table.groupby(level=0, sort=False).mean()


rng = np.random.default_rng(0)
splitter = RepeatedStratifiedGroupKFold(5, n_repeats=3, random_state=0)
splits = splitter.split(X, quadrants, bunch.groups)
drops, alones = zip(*(measure(train, test, rng) for train, test in splits), strict=True)
drop, alone = averaged(drops), averaged(alones)
print("drop of F1 when permuted (points)", drop.round(1), sep="\n")
print("\nF1 of the dimension alone (%)", alone.round(1), sep="\n")

# %%
# Left: the loss by permutation. Right: the score of each dimension alone. The first column is the
# macro F1.


def draw(ax, table, title, **colours):
    """Draw a heat map with its numbers and a colour bar."""
    image = ax.imshow(table, aspect="auto", **colours)
    ax.set_xticks(range(table.shape[1]), table.columns)
    ax.set_yticks(range(len(table)), table.index.str.replace("_", " "))
    ax.set_title(title)
    for (row, column), value in np.ndenumerate(table.to_numpy()):
        red, green, blue, _ = image.to_rgba(value)
        dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
        color = "white" if dark else "black"
        ax.text(column, row, f"{value:z.0f}", ha="center", va="center", color=color)
    ax.figure.colorbar(image, ax=ax)


figure, axes = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
limit = np.abs(drop.to_numpy()).max()
colours = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
draw(axes[0], drop, "Drop of F1 when permuted (points)", **colours)
draw(axes[1], alone, "F1 of the dimension alone (%)", cmap="Blues", vmin=0, vmax=100)
plt.show()

# %%
# Reading
# -------
#
# A dimension alone reaches far more than is lost without it: tempo, loudness and brightness change
# together from quadrant to quadrant, so dimensions share most of their information. A small drop
# does not mean that a dimension is uninformative. The loss is largest for dynamics and rhythm,
# mainly in Q3. With test folds of 24 clips, the standard error over folds of a loss is up to one
# and a half points in the first column and up to three in the others; smaller differences mean
# nothing.
#
# On real music
# -------------
#
# The same on 4QAED, with test clips by artists that are not in the training clips
# (``python plot_dimensions.py --real``, 2,193 columns; describing the clips takes minutes the first
# time):
#
# ============  =====  ====  ====  ====  ====  =====  ====  ====  ====  ====
# Dimension     Drop when permuted (points)    F1 alone (%)
# ------------  -----------------------------  -----------------------------
# \             macro  Q1    Q2    Q3    Q4    macro  Q1    Q2    Q3    Q4
# ============  =====  ====  ====  ====  ====  =====  ====  ====  ====  ====
# dynamics      3.0    3.9   1.7   1.9   4.7   56.3   59.1  71.6  45.6  49.0
# rhythm        5.7    7.6   2.9   11.6  0.7   66.4   68.9  77.4  62.6  56.8
# tone colour   3.3    1.7   2.6   1.9   7.2   67.0   68.4  81.9  58.5  59.2
# harmony       4.5    3.7   7.6   3.7   2.9   61.2   59.0  80.4  50.8  54.8
# melody        2.6    3.7   1.4   2.4   2.8   62.7   66.6  77.5  54.1  52.4
# texture       2.9    3.3   0.8   4.2   3.1   63.0   67.3  74.6  55.7  54.2
# expressivity  1.1    1.7   1.3   1.0   0.6   55.6   60.0  71.7  46.8  44.1
# form          1.2    1.8   0.4   1.6   0.8   57.7   58.2  74.0  51.8  46.7
# all eight     \      \     \     \     \     70.7   73.9  83.1  64.3  61.3
# ============  =====  ====  ====  ====  ====  =====  ====  ====  ====  ====
#
# The loss is largest for rhythm, mainly in Q1 and Q3. Harmony matters most for Q2, tone colour and
# dynamics for Q4. The standard error over folds of a loss is about half a point in the first column
# and up to one in the others; it is an underestimate, because the folds share clips.
