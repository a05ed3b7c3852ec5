"""
How a leak looks like a good score
==================================

Altered copies of clips help a classifier, if they are made of training clips only. If they are made
before the data are split, copies of test clips are in the training set. Here the labels are drawn
by lot: nothing can be learned, an honest score is 25 %, and whatever is above is a leak.
"""

import matplotlib.pyplot as plt
import numpy as np
from imblearn.pipeline import make_pipeline
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from sklearn_mer import SummaryFeatures
from sklearn_mer.augmentation import PitchShift
from sklearn_mer.datasets import make_quadrant_clips

X, _ = make_quadrant_clips(100, random_state=0, return_X_y=True)
y = np.random.default_rng(0).permutation(np.repeat(["Q1", "Q2", "Q3", "Q4"], 25))
sampler = PitchShift(semitones=(-1, 1), n_copies=2, duration=None, random_state=0)
learner = [SummaryFeatures(duration=None), StandardScaler(), KNeighborsClassifier(1)]
cv = StratifiedKFold(5, shuffle=True, random_state=0)

# %%
# Wrong: copies first, then folds
# -------------------------------

X_more, y_more = sampler.fit_resample(X, y)
wrong = cross_val_score(make_pipeline(*learner), X_more, y_more, cv=cv)

# %%
# Right: the sampler is a step of the pipeline
# --------------------------------------------
#
# It acts in ``fit``, and sees the training clips of the fold only.

right = cross_val_score(make_pipeline(sampler, *learner), X, y, cv=cv)

# %%
# Right, too: a clip and its copies are one group
# -----------------------------------------------

groups = np.concatenate([np.arange(100), np.repeat(np.arange(100), 2)])  # clips, then copies
by_clip = StratifiedGroupKFold(5, shuffle=True, random_state=0)
grouped = cross_val_score(make_pipeline(*learner), X_more, y_more, groups=groups, cv=by_clip)

# %%
# Labels by lot
# -------------

names = ["copies before the split", "copies in the pipeline", "folds by clip"]
for name, scores in zip(names, [wrong, right, grouped], strict=True):
    print(f"{name:24} accuracy {100 * scores.mean():.0f} %")

figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for position, (scores, color) in enumerate(
    zip([wrong, right, grouped], ["#D55E00", "#0072B2", "#0072B2"], strict=True)
):
    ax.barh(position, 100 * scores.mean(), color=color, alpha=0.6)
    ax.scatter(100 * scores, np.full(5, position), color="black", s=14, zorder=2)
ax.axvline(25, color="black", linestyle="--", linewidth=1)
ax.annotate("chance", (25, -0.75), xytext=(4, 0), textcoords="offset points", va="center")
ax.set(yticks=range(3), yticklabels=names, xlim=(0, 100), ylim=(2.6, -1), xlabel="accuracy (%)")
plt.show()

# %%
# The paper's best figure, 80.24, may contain such a leak: one part of a network was trained on
# clips that are in the test fold of another. :doc:`/user_guide/best_scores` shows what that is
# worth on 4QAED. Artists are a leak of the same kind: split by them, with ``groups``.
