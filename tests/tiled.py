"""A front end through which a network can learn any table of numbers."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from sklearn_mer.nets import MelCNN

N_MELS, N_FRAMES = MelCNN.smallest_input


class Tiled(TransformerMixin, BaseEstimator):
    """Repeats each column of X over bands and frames of the smallest "spectrogram".

    A spectrogram of a waveform does not change with its sign, so scikit-learn's blobs cannot be
    learned from it; of this, they can.
    """

    def __init__(self, n_mels=N_MELS, n_frames=N_FRAMES):
        self.n_mels = n_mels
        self.n_frames = n_frames

    def fit(self, X, y=None):
        self.n_columns_ = X.shape[1]
        return self

    def transform(self, X):
        bands = stretched(X, self.n_mels)
        return np.repeat(bands[:, :, None], self.n_frames, axis=2)

    def transform_copies(self, X, sampler):
        return np.stack([self.transform(sampler.copies(clip)) for clip in X])


def stretched(X, length):
    """Return rows of `length` values, each column of X repeated as often as the others."""
    n_times = -(-length // X.shape[1])
    return np.repeat(X.astype(np.float32), n_times, axis=1)[:, :length]
