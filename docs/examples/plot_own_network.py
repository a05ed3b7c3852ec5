"""
A network of your own
=====================

Any torch module becomes a scikit-learn classifier with skorch, and goes behind `MelSpectrogram` in
a pipeline: folds, searches and displays then work as for the methods of the library.
"""

import matplotlib.pyplot as plt
import torch
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder
from skorch import NeuralNetClassifier
from skorch.callbacks import EpochScoring
from torch import nn

from sklearn_mer import MelSpectrogram
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.plotting import TrainingHistoryDisplay

# %%
# The module
# ----------
#
# Two convolutions over time, whose channels are mel bands, and the mean over time.


class TimeNet(nn.Module):
    """From spectrograms (n_clips, n_mels, n_frames) to the logits of four classes."""

    def __init__(self, n_mels=64, n_filters=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(n_mels),
            nn.Conv1d(n_mels, n_filters, 5),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(n_filters, n_filters, 5),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(n_filters, 4),
        )

    def forward(self, spectrograms):
        """Return logits."""
        return self.layers(spectrograms)


# %%
# The classifier
# --------------
#
# The seed is set where the module is made, so that each fold trains the same network.


class SeededClassifier(NeuralNetClassifier):
    """A skorch classifier whose weights and batches depend on the seed alone."""

    def fit(self, X, y, **params):
        """Train from the first epoch on."""
        with torch.random.fork_rng():
            torch.manual_seed(0)
            return super().fit(X, y, **params)


network = SeededClassifier(
    TimeNet,
    criterion=nn.CrossEntropyLoss,
    optimizer=torch.optim.AdamW,
    lr=0.003,
    max_epochs=25,
    batch_size=32,
    iterator_train__shuffle=True,
    train_split=None,
    callbacks=[
        EpochScoring("accuracy", on_train=True, name="train_accuracy", lower_is_better=False)
    ],
    verbose=0,
)
model = make_pipeline(MelSpectrogram(n_mels=64, duration=None), network)

# %%
# Cross-validated
# ---------------

X, labels = make_quadrant_clips(200, random_state=0, return_X_y=True)
y = LabelEncoder().fit_transform(labels)  # the loss of torch needs classes as 0 to 3
found = cross_validate(model, X, y, cv=4, scoring="f1_macro", return_estimator=True)
print(f"macro F1: {found['test_score'].mean():.2f} ± {found['test_score'].std():.2f}")

# %%
# What was recorded in each epoch, fold by fold:

histories = [pipeline[-1].history for pipeline in found["estimator"]]
keys = ["train_loss", "train_accuracy"]
TrainingHistoryDisplay.from_history(
    [[{key: epoch[key] for key in keys} for epoch in history] for history in histories]
)
plt.show()

# %%
# The networks of the library are trained by the same means; their classes take a front end,
# samplers and settings as parameters (:doc:`/user_guide/methods`).
