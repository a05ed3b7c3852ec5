"""
A method of your own beside the SVM baseline
============================================

A method is a class with ``fit`` and ``predict``. Here is one, compared with `SVMBaseline` on the
same folds, with the test that the study uses. The clips are synthesised.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from sklearn_mer import SummaryFeatures, SVMBaseline
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.model_selection import (
    RepeatedStratifiedGroupKFold,
    compare_rows,
    corrected_interval,
)

# %%
# The method
# ----------
#
# ``__init__`` only assigns its parameters; ``fit`` sets attributes that end in ``_``.


class LinearMER(ClassifierMixin, BaseEstimator):
    """Linear discriminant analysis of 81 descriptors."""

    def __init__(self, shrinkage="auto"):
        self.shrinkage = shrinkage

    def fit(self, X, y):
        """Learn from clips."""
        linear = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=self.shrinkage)
        self.model_ = make_pipeline(SummaryFeatures(duration=None), linear).fit(X, y)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X):
        """Return probabilities of the classes."""
        return self.model_.predict_proba(X)

    def predict(self, X):
        """Return the most probable classes."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


# %%
# The same folds for both
# -----------------------
#
# Four times five folds; clips by one artist are never on both sides.

clips = make_quadrant_clips(120, random_state=0)
cv = RepeatedStratifiedGroupKFold(5, n_repeats=4, random_state=0)
methods = {
    "SVM": SVMBaseline(features=SummaryFeatures(duration=None)),
    "linear (ours)": LinearMER(),
}
scores = pd.DataFrame(
    {
        name: 100
        * cross_val_score(
            method, clips.data, clips.target, groups=clips.groups, cv=cv, scoring="f1_macro"
        )
        for name, method in methods.items()
    }
)
print(scores.agg(["mean", "std"]).round(1))

# %%
# Do they differ?
# ---------------
#
# Folds share training clips, so that a plain t-test finds differences that are not there. The
# corrected one does not; it needs the number of test clips by training clips, 1/4 here.

pair = compare_rows(scores, 1 / 4).iloc[0]
print(f"{pair.difference:+.1f} points for the SVM, p = {pair.p:.2f}")

# %%
# Left: macro F1 of each fold, joined where the fold is the same. Right: the mean difference with
# its 95 % interval. Where the interval holds 0, these folds do not show a difference.

figure, (left, right) = plt.subplots(
    1, 2, figsize=(9, 4), layout="constrained", width_ratios=[3, 2]
)
left.plot([0, 1], scores.T, color="0.75", linewidth=1)
for position, name in enumerate(scores):
    left.scatter(
        np.full(len(scores), position), scores[name], color=["#0072B2", "#D55E00"][position]
    )
left.set(xticks=[0, 1], xticklabels=list(scores), xlim=(-0.4, 1.4), ylabel="macro F1 (%)")
left.set_title("20 folds")
difference = scores["SVM"] - scores["linear (ours)"]
low, high = corrected_interval(difference, 1 / 4)
right.errorbar(
    difference.mean(),
    0,
    xerr=[[difference.mean() - low], [high - difference.mean()]],
    fmt="o",
    color="black",
    capsize=5,
)
right.axvline(0, color="0.5", linestyle="--")
right.set(yticks=[], xlabel="SVM minus linear (points)", title="difference, 95 % interval")
plt.show()

# %%
# On the paper's folds, beside all rows of Table 1: :doc:`/user_guide/study`.
