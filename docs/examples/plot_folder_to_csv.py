"""
From a folder of songs to a table
=================================

A model is trained on a folder with one sub-folder per class, and predicts a folder of songs without
labels. The table is a CSV file, and a picture. The clips are synthesised; put folders of your own
in their place.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from sklearn_mer import SummaryFeatures, SVMBaseline, predict_songs
from sklearn_mer.datasets import load_folder, load_songs, make_quadrant_folder
from sklearn_mer.plotting import QUADRANT_COLORS, QUADRANT_NAMES

# %%
# Train
# -----

temporary = tempfile.TemporaryDirectory()  # deleted at the end
work = Path(temporary.name)
X, y = load_folder(make_quadrant_folder(work / "music", 120, random_state=0), return_X_y=True)
model = SVMBaseline(features=SummaryFeatures(duration=3)).fit(X, y)

# %%
# Predict
# -------
#
# `load_songs` lists the songs of a folder at any depth, or of a playlist. A file that cannot be
# used is a row with the reason.

make_quadrant_folder(work / "new", 12, random_state=1)
(work / "new" / "broken.mp3").touch()
songs = load_songs(work / "new")
table = predict_songs(model, songs)
columns = ["predicted", "Q1", "Q2", "Q3", "Q4", "valence", "arousal", "error"]
print(table[columns].round(2).to_string())

# %%
# Store
# -----

table.round(4).to_csv(work / "moods.csv")
print(pd.read_csv(work / "moods.csv")["predicted"].value_counts().to_string())

# %%
# Look
# ----
#
# How the probability of each song is divided. A song with a long bar of one colour is one of which
# the model is sure.

heard = table[table["error"] == ""].sort_values(["predicted", "Q1", "Q4"], ascending=False)
figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
left = 0
for number in (1, 0, 3, 2):
    quadrant, color = f"Q{number + 1}", QUADRANT_COLORS[number]
    label = f"{quadrant} {QUADRANT_NAMES[number]}"
    ax.barh(heard.index, heard[quadrant], left=left, color=color, label=label)
    left = left + heard[quadrant]
ax.set(xlim=(0, 1), xlabel="probability")
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=4, frameon=False)
plt.show()

# %%
# On the command line the same is ``sklearn-mer train music/ --out my.mer`` and
# ``sklearn-mer predict new/ --model my.mer --csv moods.csv``; without ``--model``, a model of real
# music predicts that comes with the package (:doc:`/user_guide/songs`).
