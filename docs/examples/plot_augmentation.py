"""
What an augmentation does to a clip
===================================

Samplers add altered copies of clips to a training set. Their mel-spectrograms show what is altered;
a network has to find the same emotion in all of them.
"""

import matplotlib.pyplot as plt
import numpy as np

from sklearn_mer import MelSpectrogram
from sklearn_mer.augmentation import (
    BandStop,
    PitchShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
)
from sklearn_mer.datasets import make_quadrant_clips

# %%
# A copy each
# -----------
#
# ``copies`` alters one waveform, ``fit_resample`` a whole training set. Ranges of parameters are
# wide here, so that the eye sees them.

SECONDS = 3
clips = make_quadrant_clips(8, duration=SECONDS, random_state=1)
clip = clips.data[2]
options = {"duration": SECONDS, "random_state": 0}
samplers = [
    PitchShift(semitones=(7, 7), **options),
    TimeStretch(rates=[1.5], **options),
    TimeShift(max_shift=1.5, **options | {"random_state": 3}),
    TimeMask(fraction=(0.3, 0.4), **options),
    BandStop(center=(1000, 1000), bandwidth=(1.9, 1.99), slope=(24, 24), **options),
    SevenBandEQ(decibels=(-24, 24), **options),
]
mel = MelSpectrogram(duration=SECONDS)
pictures = {"the clip": mel.fit_transform([clip])[0]}
for sampler in samplers:
    pictures[type(sampler).__name__] = mel.transform(sampler.copies(clip))[0]

# %%
# Seen
# ----

figure, axes = plt.subplots(2, 4, figsize=(11, 5), layout="constrained", sharex=True, sharey=True)
loudest = max(picture.max() for picture in pictures.values())
for ax, (name, picture) in zip(axes.flat, pictures.items(), strict=False):
    image = ax.imshow(
        picture,
        origin="lower",
        aspect="auto",
        cmap="magma",
        extent=(0, SECONDS, 0, len(picture)),
        vmin=loudest - 60,
        vmax=loudest,
    )
    ax.set_title(name)
axes[-1, -1].set_axis_off()
axes[0, 3].xaxis.set_tick_params(labelbottom=True)
figure.supxlabel("seconds")
figure.supylabel("mel band")
figure.colorbar(image, ax=axes, label="dB")
plt.show()

# %%
# How much is altered
# -------------------
#
# The mean distance of the copy from the clip, in decibels:

for name, picture in pictures.items():
    print(f"{name:12} {np.abs(picture - pictures['the clip']).mean():5.1f} dB")

# %%
# In an imbalanced-learn pipeline samplers act in ``fit`` only; networks take them as ``augment``
# (:doc:`/user_guide/augmentation`).
