"""
Can a probability be trusted?
=============================

Two questions about a classifier: are clips to which it gives 80 % right in eight of ten cases
(calibration), and does it notice music that it does not know (familiarity)?
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer import SummaryFeatures, SVMBaseline
from sklearn_mer.datasets import make_quadrant_clips

# %%
# Calibration
# -----------
#
# Three classifiers, and the probability of the quadrant that each predicts for clips that it was
# not trained on. The clips are sorted by it into five parts; how many of each part are right?

X, y = make_quadrant_clips(320, overlap=1.5, random_state=0, return_X_y=True)
described = SummaryFeatures(duration=None).fit_transform(X)
classifiers = {
    "naive Bayes": GaussianNB(),
    "logistic regression": LogisticRegression(max_iter=1000),
    "random forest": RandomForestClassifier(100, random_state=0),
}
curves = {}
for name, classifier in classifiers.items():
    pipeline = make_pipeline(StandardScaler(), classifier)
    probabilities = cross_val_predict(pipeline, described, y, cv=5, method="predict_proba")
    largest = probabilities.max(axis=1)
    right = np.unique(y)[probabilities.argmax(axis=1)] == y
    curves[name] = calibration_curve(right, largest, n_bins=5, strategy="quantile")
    print(f"{name:20} told {100 * largest.mean():.0f} %, right {100 * right.mean():.0f} %")

# %%
# Familiarity
# -----------
#
# The share of training clips that lie at least as far from the others as the clip does. Below 0.05,
# a prediction should not be relied on. The sounds here: new clips of the same kind, the same kind
# played four times as fast, pure tones and white noise. The last three, each taken as a collection,
# are so unlike the training clips that `familiarity` warns.

classifier = SVMBaseline(features=SummaryFeatures(duration=None)).fit(X, y)
rng = np.random.default_rng(0)
n_samples = X.shape[1]
seconds = np.arange(n_samples) / 16000
faster = make_quadrant_clips(40, duration=12, overlap=1.5, random_state=1).data
tones = [0.5 * np.sin(2 * np.pi * pitch * seconds) for pitch in np.geomspace(110, 1760, 40)]
sounds = {
    "new clips": make_quadrant_clips(40, overlap=1.5, random_state=1).data,
    "four times as fast": faster[:, ::4],
    "pure tones": np.array(tones),
    "white noise": rng.uniform(-0.5, 0.5, (40, n_samples)),
}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    familiarity = {name: classifier.familiarity(sound) for name, sound in sounds.items()}
for name, values in familiarity.items():
    print(f"{name:20} below 0.05: {100 * (values < 0.05).mean():3.0f} %")

# %%
# Both
# ----

figure, (left, middle) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
COLORS = ["#D55E00", "#009E73", "#0072B2"]
left.plot([0.25, 1], [0.25, 1], color="0.5", linestyle="--", label="perfect")
for (name, (seen, told)), color in zip(curves.items(), COLORS, strict=True):
    left.plot(told, seen, "o-", color=color, label=name)
left.set(xlabel="probability of the predicted quadrant", ylabel="share of right predictions")
left.set(xlim=(0.25, 1.03), ylim=(0.25, 1.03), title="calibration")
left.legend(loc="upper left")
for position, values in enumerate(familiarity.values()):
    spread = rng.uniform(-0.2, 0.2, len(values))
    middle.scatter(values, position + spread, s=14, color="#0072B2" if position == 0 else "#D55E00")
middle.axvline(0.05, color="0.5", linestyle="--")
middle.annotate("0.05", (0.05, -0.45), xytext=(4, 0), textcoords="offset points", va="center")
middle.set(
    yticks=range(4), yticklabels=list(familiarity), xlabel="familiarity", title="familiarity"
)
middle.set(ylim=(3.6, -0.7), xlim=(-0.03, 1.03))
plt.show()

# %%
# Naive Bayes is far too sure of itself, the forest a little too modest. A familiar clip may still
# be predicted wrongly; the prediction of an unfamiliar one is a guess. On real music:
# :doc:`/user_guide/ready_models`.
