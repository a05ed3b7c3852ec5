"""
What distinguishes the quadrants
================================

Each descriptor of `SummaryFeatures`, averaged over the clips of a quadrant, in standard deviations
from the mean of all clips. The clips are synthesised; real music is less clear.
"""

import matplotlib.pyplot as plt
import pandas as pd

from sklearn_mer import SummaryFeatures
from sklearn_mer.datasets import make_quadrant_clips

X, y = make_quadrant_clips(200, random_state=0, return_X_y=True)
features = SummaryFeatures(duration=None).set_output(transform="pandas")
table = features.fit_transform(X)
standardised = (table - table.mean()) / table.std()
profile = standardised.groupby(y).mean().T
print("highest in", profile.idxmax().to_string(), sep="\n")

# %%
# The twenty descriptors that vary most between quadrants
# -------------------------------------------------------

profile = profile.loc[profile.var(axis=1).nlargest(20).index]
order = (profile["Q1"] + profile["Q2"]).sort_values().index[::-1]
profile = profile.loc[order]

figure, ax = plt.subplots(figsize=(6.4, 7.5), layout="constrained")
limit = profile.abs().to_numpy().max()
image = ax.imshow(profile, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
ax.set_xticks(range(4), ["Q1\nhappy", "Q2\nangry", "Q3\nsad", "Q4\nserene"])
ax.set_yticks(range(len(profile)), profile.index.str.replace("__", ", ").str.replace("_", " "))
ax.xaxis.tick_top()
for (row, column), value in pd.DataFrame(profile.to_numpy()).stack().items():
    color = "white" if abs(value) > 0.75 * limit else "black"
    ax.text(column, row, f"{value:+z.1f}", ha="center", va="center", color=color, fontsize=9)
figure.colorbar(image, ax=ax, label="standard deviations from the mean", shrink=0.5)
plt.show()

# %%
# Rows are ordered by arousal: at the top what is high for happy and angry clips, at the bottom what
# is high for sad and serene ones. `EmotionFeatures` has 2,193 columns of this kind
# (:doc:`/descriptors`); :doc:`plot_dimensions` asks which of their groups a classifier needs.
