"""
The emotion of a song over time
===============================

`predict_over_time` hears a file window by window. The song is a medley here, of four synthesised
parts whose quadrants are known: sad, serene, happy, angry.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import soundfile

from sklearn_mer import SummaryFeatures, SVMBaseline, predict_over_time
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.plotting import EmotionCurveDisplay

# %%
# A classifier of clips of six seconds
# ------------------------------------

X, y = make_quadrant_clips(200, duration=6, random_state=0, return_X_y=True)
classifier = SVMBaseline(features=SummaryFeatures(duration=6)).fit(X, y)

# %%
# A medley
# --------
#
# Four parts of 24 s that the classifier has not heard, each typical of its quadrant
# (``overlap=0``).

parts, quadrants = make_quadrant_clips(4, duration=24, overlap=0, random_state=7, return_X_y=True)
order = ["Q3", "Q4", "Q1", "Q2"]
medley = np.concatenate([parts[list(quadrants).index(quadrant)] for quadrant in order])
folder = tempfile.TemporaryDirectory()  # deleted at the end
song = Path(folder.name, "medley.wav")
soundfile.write(song, medley, 16000)

# %%
# Window by window
# ----------------
#
# Windows are as long as what the classifier hears of a clip, and begin every two seconds.

curve = predict_over_time(classifier, song, hop=2)
print(curve.head().round(2).to_string())

# %%
# The stacked probabilities; lines mark where a part begins.

display = EmotionCurveDisplay.from_curve(curve)
for start in (24, 48, 72):
    display.ax_.axvline(start, color="black", linestyle="--", linewidth=1)
plt.show()

# %%
# The same in Russell's plane: the way of the song from window to window.

EmotionCurveDisplay.from_curve(curve, kind="plane")
plt.show()

# %%
# A window across a border hears both parts, so that the curve turns within six seconds. A curve of
# real music shows how the sound changes, in terms of the labels of whole songs: no one has rated
# its seconds (:doc:`/user_guide/songs`).
