"""A front end through which a network can learn any table of numbers."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from sklearn_mer.nets import SMALLEST_INPUT

N_MELS, N_FRAMES = SMALLEST_INPUT


class Tiled(TransformerMixin, BaseEstimator):
    """Repeats each column of X over bands and frames of the smallest "spectrogram".

    A spectrogram of a waveform does not change with its sign, so scikit-learn's blobs cannot be
    learned from it; of this, they can.
    """

    def fit(self, X, y=None):
        self.n_columns_ = X.shape[1]
        return self

    def transform(self, X):
        n_bands_a_column = -(-N_MELS // self.n_columns_)
        bands = np.repeat(X.astype(np.float32), n_bands_a_column, axis=1)[:, :N_MELS]
        return np.repeat(bands[:, :, None], N_FRAMES, axis=2)

    def transform_copies(self, X, sampler):
        return np.stack([self.transform(sampler.copies(clip)) for clip in X])
