"""
Would more clips help?
======================

The score over the number of training clips. Where the curve still rises, more labelled clips may be
worth more than another method. The clips are synthesised, and folds are by artist.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import LearningCurveDisplay
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.model_selection import RepeatedStratifiedGroupKFold

# %%
# Descriptors once, training often
# --------------------------------
#
# Each point of a curve is five trainings. The descriptors do not depend on them: they are computed
# once, before the folds.

clips = make_quadrant_clips(240, random_state=0)
X = SummaryFeatures(duration=None).fit_transform(clips.data)
methods = {
    "SVM": make_pipeline(StandardScaler(), SVC(C=5)),
    "random forest": RandomForestClassifier(100, random_state=0),
}

# %%
# The curves
# ----------

figure, ax = plt.subplots(figsize=(7, 4.2), layout="constrained")
for color, (name, method) in zip(["#0072B2", "#D55E00"], methods.items(), strict=True):
    display = LearningCurveDisplay.from_estimator(
        method,
        X,
        clips.target,
        groups=clips.groups,
        cv=RepeatedStratifiedGroupKFold(5, n_repeats=1, random_state=0),
        train_sizes=np.geomspace(0.1, 1, 6),
        shuffle=True,
        random_state=0,
        scoring="f1_macro",
        score_type="test",
        ax=ax,
        line_kw={"color": color, "marker": "o"},
        fill_between_kw={"color": color, "alpha": 0.15},
    )
    display.lines_[0].set_label(name)
    few, many = display.test_scores.mean(axis=1)[[0, -1]]
    print(f"{name:13} {few:.2f} with {display.train_sizes[0]} clips, {many:.2f} with all")
ax.axhline(0.25, color="0.5", linestyle="--", linewidth=1)
ax.annotate(
    "chance", (display.train_sizes[-1], 0.25), xytext=(0, 4), textcoords="offset points", ha="right"
)
ax.set(xlabel="training clips", ylabel="macro F1, clips by other artists", ylim=(0.2, 1))
ax.set_xticks(display.train_sizes, display.train_sizes)
ax.minorticks_off()
ax.legend(title="mean and deviation of 5 folds", loc="lower right", bbox_to_anchor=(1, 0.12))
plt.show()

# %%
# The band is the standard deviation over folds, not an interval of the mean. These clips are easier
# than music: draw the curve of your own before you label more.
