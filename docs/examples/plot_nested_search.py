"""
The best of many scores is too high
===================================

A grid search reports the best mean score of its candidates. That candidate was best partly by
chance, on these very folds. A nested search chooses inside each training fold, and scores the
choice on clips that had no part in it. The difference is the optimism.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer import SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips

# %%
# Few clips and a large grid
# --------------------------
#
# 160 hard clips, in four sets of 40; 30 candidates. Small sets and large grids are where optimism
# grows.

X, y = make_quadrant_clips(160, overlap=2, random_state=0, return_X_y=True)
X = SummaryFeatures(duration=None).fit_transform(X)
grid = {"svc__C": np.logspace(-1, 3, 5), "svc__gamma": np.logspace(-4, 0, 6)}
model = make_pipeline(StandardScaler(), SVC())

# %%
# Both searches
# -------------

rows = []
for number, part in enumerate(np.arange(160).reshape(4, 40)):
    inner = StratifiedKFold(4, shuffle=True, random_state=number)
    outer = StratifiedKFold(4, shuffle=True, random_state=100 + number)
    search = GridSearchCV(model, grid, cv=inner, scoring="f1_macro")
    best = search.fit(X[part], y[part]).best_score_
    nested = cross_val_score(search, X[part], y[part], cv=outer, scoring="f1_macro").mean()
    rows.append({"best of 30": 100 * best, "nested": 100 * nested})
found = pd.DataFrame(rows, index=pd.RangeIndex(1, 5, name="set"))
found["optimism"] = found["best of 30"] - found["nested"]
print(found.round(1))

# %%
# The optimism of each set
# ------------------------

figure, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
for number, row in found.iterrows():
    ax.plot([row["nested"], row["best of 30"]], [number, number], color="0.6", zorder=0)
ax.scatter(found["nested"], found.index, color="#0072B2", label="nested search")
ax.scatter(found["best of 30"], found.index, color="#D55E00", label="best of 30 candidates")
ax.set(xlabel="macro F1 (%)", ylabel="set of 40 clips", yticks=found.index)
ax.set_ylim(0.4, 4.6)
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
plt.show()

print(f"mean optimism: {found['optimism'].mean():+.1f} points")

# %%
# In both searches the scored models are trained on 30 clips: the difference is the choice alone. On
# the 900 clips of 4QAED, with 16 candidates, the optimism is small, about a point:
# :doc:`/user_guide/study`.
