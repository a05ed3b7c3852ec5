"""
Is one method better than another?
==================================

Four methods on the same 50 folds, and what can be said of each pair: an interval of the difference,
a p-value that is corrected for overlapping folds and for many tests, and the probability that the
methods are equivalent. The clips are synthesised.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.model_selection import (
    RepeatedStratifiedGroupKFold,
    compare_rows,
    corrected_interval,
)

# %%
# Scores on common folds
# ----------------------
#
# Ten times five folds by artist, the same for each method. One row per fold.

clips = make_quadrant_clips(120, random_state=0)
X = SummaryFeatures(duration=None).fit_transform(clips.data)
cv = RepeatedStratifiedGroupKFold(5, n_repeats=10, random_state=0)
methods = {
    "SVM": SVC(C=5),
    "logistic": LogisticRegression(max_iter=1000),
    "forest": RandomForestClassifier(50, random_state=0),
    "Bayes": GaussianNB(),
}
scores = pd.DataFrame(
    {
        name: 100
        * cross_val_score(
            make_pipeline(StandardScaler(), method),
            X,
            clips.target,
            groups=clips.groups,
            cv=cv,
            scoring="f1_macro",
        )
        for name, method in methods.items()
    }
)
print(scores.agg(["mean", "std"]).round(1))

# %%
# All pairs
# ---------
#
# Folds share training clips, so their scores are not independent. ``test_ratio`` is the number of
# test clips per training clip: 1/4 for five folds. Methods that differ by at most one point
# (``rope``) count as equivalent.

pairs = compare_rows(scores, test_ratio=1 / 4, rope=1.0)
names = pairs["first"] + " - " + pairs["second"]
table = pairs.set_index(names).drop(columns=["first", "second", "n_folds", "p"])
print(table.round(2).to_string())

# %%
# Seen
# ----
#
# Left: the difference of each pair, with its corrected 95 % interval in black. The plain interval,
# in orange, takes the folds as independent and is too short. The grey band is the ``rope``. Right:
# the probabilities of the Bayesian test.

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", sharey=True)
for position, pair in pairs.iterrows():
    plain = corrected_interval(scores[pair["first"]] - scores[pair["second"]], 0)
    left.plot(plain, [position + 0.22] * 2, color="#D55E00", linewidth=3)
    left.plot([pair["ci95_low"], pair["ci95_high"]], [position] * 2, color="black", linewidth=1.5)
    left.plot(pair["difference"], position, "o", color="black")
left.axvspan(-1, 1, color="0.9", zorder=0)
left.axvline(0, color="0.5", linestyle="--", linewidth=1)
left.set(yticks=pairs.index, yticklabels=names, ylim=(len(pairs) - 0.5, -0.5))
left.set(xlabel="difference of macro F1 (points)", title="95 % intervals")
start = np.zeros(len(pairs))
for column, color in [
    ("first_better", "#0072B2"),
    ("equivalent", "0.8"),
    ("second_better", "#D55E00"),
]:
    label = column.replace("_", " ")
    right.barh(pairs.index, pairs[column], left=start, height=0.6, color=color, label=label)
    start += pairs[column]
right.set(xlabel="probability", xlim=(0, 1))
right.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)
plt.show()

# %%
# A small p-value says that there is a difference, not that it matters; a large one says that these
# folds do not show one. Only "equivalent" says that there is none that matters. The study writes
# the same columns for the rows of Table 1: :doc:`/user_guide/study`.
