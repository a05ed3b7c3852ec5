"""
An embedding as a step of a pipeline
====================================

An embedding turns each clip into some numbers by a network. Here the network is an autoencoder: it
learns from spectrograms, without labels, and the classifier after it learns from its 32 numbers. In
a pipeline both are trained on the training clips of a fold only. The clips are synthesised.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklearn_mer import AutoencoderEmbedding, MelSpectrogram, SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.plotting import QUADRANT_COLORS, QUADRANT_MARKERS, QUADRANT_NAMES

X, y = make_quadrant_clips(200, random_state=0, return_X_y=True)

# %%
# Three ways from clips to numbers
# --------------------------------

mel = MelSpectrogram(n_mels=64, duration=None)
codes = AutoencoderEmbedding(
    frontend=mel,
    n_filters=(8, 16, 32),
    n_latent=32,
    batch_size=16,
    lr=0.003,
    max_epochs=20,
    random_state=0,
)
mean_over_time = make_pipeline(mel, FunctionTransformer(lambda pictures: pictures.mean(axis=2)))
ways = {
    "mean spectrum, 64": mean_over_time,
    "codes, 32": codes,
    "descriptors, 81": SummaryFeatures(duration=None),
}

# %%
# The same classifier after each
# ------------------------------

cv = StratifiedKFold(3, shuffle=True, random_state=0)
found = {}
for name, way in ways.items():
    pipeline = make_pipeline(way, StandardScaler(), LogisticRegression(max_iter=1000))
    found[name] = cross_validate(
        pipeline, X, y, cv=cv, scoring="f1_macro", return_estimator=True, return_indices=True
    )
    scores = 100 * found[name]["test_score"]
    print(f"{name:18} macro F1 {scores.mean():.0f} %")

# %%
# The pipeline of the first fold that ends with the codes. A notebook shows it as this page does; on
# this page, names of steps and parameters link to the reference.

pipeline = found["codes, 32"]["estimator"][0]
pipeline

# %%
# Seen
# ----
#
# Left: the scores of the folds. Right: test clips of the first fold, along the two directions in
# which the codes of the training clips vary most between quadrants.

train, test = (found["codes, 32"]["indices"][part][0] for part in ("train", "test"))
plane = LinearDiscriminantAnalysis(n_components=2, solver="eigen", shrinkage="auto")
plane.fit(pipeline[:-1].transform(X[train]), y[train])
places = plane.transform(pipeline[:-1].transform(X[test]))

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
for position, scores in enumerate(100 * one["test_score"] for one in found.values()):
    left.barh(position, scores.mean(), color="#2B66A3", alpha=0.5)
    left.scatter(scores, np.full(len(scores), position), color="black", s=16, zorder=2)
left.axvline(25, color="black", linestyle="--", linewidth=1)
left.annotate("chance", (25, -0.62), xytext=(4, 0), textcoords="offset points", va="center")
left.set(yticks=range(3), yticklabels=list(found), xlim=(0, 100), ylim=(2.6, -0.85))
left.set(xlabel="macro F1 (%)", title="3 folds")
for number, quadrant in enumerate(np.unique(y)):
    right.scatter(
        *places[y[test] == quadrant].T,
        color=QUADRANT_COLORS[number],
        marker=QUADRANT_MARKERS[number],
        label=f"{quadrant} {QUADRANT_NAMES[number]}",
    )
right.set(xlabel="first direction", ylabel="second direction", title="codes of test clips")
right.legend(fontsize=9)
plt.show()

# %%
# The descriptors are better here: 133 training clips teach the autoencoder little. Networks that
# were trained on much more music, such as `MusiCNNEmbedding` or `HubEmbedding`, take its place
# without another change; they need weights: :doc:`/user_guide/embeddings`.
