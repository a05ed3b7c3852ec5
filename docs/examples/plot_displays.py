"""
Looking at a classifier in Russell's plane
==========================================

A score says how often a classifier is wrong; the displays of ``sklearn_mer.plotting`` show how. The
clips are synthesised; ``python plot_displays.py --real`` uses the 900 clips of 4QAED.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict, cross_validate
from sklearn.pipeline import make_pipeline

from sklearn_mer import CNNBaseline, SummaryFeatures
from sklearn_mer.datasets import load_4qaed, make_quadrant_clips
from sklearn_mer.plotting import (
    QuadrantConfusionDisplay,
    TrainingHistoryDisplay,
    ValenceArousalDisplay,
)

if "--real" in sys.argv[1:]:
    bunch = load_4qaed()
    clips, quadrants, duration = bunch.data["audio"], np.asarray(bunch.target), 30.0
else:
    duration = 3.0
    bunch = make_quadrant_clips(200, duration=duration, random_state=0)
    clips, quadrants = bunch.data, bunch.target

# %%
# Confusion of quadrants
# ----------------------
#
# A random forest on 81 plain descriptors, cross-validated. Each true quadrant is drawn at its place
# in the plane; in it, a small map of the same plane shows the predictions. A step to the side is a
# wrong valence, a step up or down a wrong arousal.

forest = make_pipeline(
    SummaryFeatures(duration=duration), RandomForestClassifier(300, random_state=0)
)
cv = StratifiedKFold(5, shuffle=True, random_state=0)
probabilities = cross_val_predict(forest, clips, quadrants, cv=cv, method="predict_proba")
predicted = np.unique(quadrants)[probabilities.argmax(axis=1)]
QuadrantConfusionDisplay.from_predictions(quadrants, predicted)
plt.show()

# %%
# The same as two numbers: the accuracy of valence and of arousal.

for name, positive in {"valence": ["Q1", "Q4"], "arousal": ["Q1", "Q2"]}.items():
    right = np.isin(predicted, positive) == np.isin(quadrants, positive)
    print(f"{name} is right for {100 * right.mean():.0f} % of the clips")

# %%
# Confidence
# ----------
#
# The forest is confident about clips in a corner. A clip of another colour there is a confident
# mistake, or a label to check.

ValenceArousalDisplay.from_predictions(probabilities, y_true=quadrants)
plt.show()

# %%
# Training histories
# ------------------
#
# Estimators that train networks record a training history. Here are three folds of
# ``cross_validate``; dots mark the end of training, at ``stop_accuracy`` or after twelve epochs.

cnn = CNNBaseline(stop_accuracy=0.9, max_epochs=12, batch_size=32, random_state=0)
found = cross_validate(cnn, clips, quadrants, cv=3, return_estimator=True)
TrainingHistoryDisplay.from_estimator(list(found["estimator"]))
plt.show()
