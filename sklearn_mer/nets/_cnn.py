"""The network of the DL Baseline."""

import math

from torch import nn
from torch.nn import functional as F

from ._layers import Standardize, he_normal, max_pool_relu, pooled_size

# Mel bands and frames of each pooling; the paper gives (time, mel).
_POOLS = ((2, 2), (2, 2), (2, 3), (2, 3))
_KERNEL = 5
_FILTERS = 16


class MelCNN(nn.Module):
    """Four convolutions over a mel-spectrogram, then one hidden dense layer.

    Each of the four blocks is a convolution of 16 filters 5 x 5 without padding, ReLU and
    max-pooling. Batch normalisation and dropout follow each of the first three.

    Parameters
    ----------
    input_shape : tuple of int
        Number of mel bands and frames, at least ``smallest_input``.
    n_classes : int
        Number of classes.
    mean, std : float, default=0.0 and 1.0
        Mean and standard deviation that standardise the input.
    conv_dropout : float, default=0.1
        Probability of dropping a value after each of the first three blocks.
    dense_dropout : float, default=0.4
        Probability of dropping a value before the hidden layer.
    norm_last : bool, default=False
        Whether batch normalisation also follows the fourth block, as in the hybrid network.
    n_hidden : int, default=300
        Units of the hidden layer.

    See Also
    --------
    sklearn_mer.methods.CNNBaseline : Trains it.
    sklearn_mer.methods.HybridMER : Trains it with a network of descriptors.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    """

    smallest_input = (61, 77)

    def __init__(
        self,
        input_shape,
        n_classes,
        *,
        mean=0.0,
        std=1.0,
        conv_dropout=0.1,
        dense_dropout=0.4,
        norm_last=False,
        n_hidden=300,
    ):
        super().__init__()
        self.standardize = Standardize(mean, std)
        self.blocks = nn.Sequential(
            *(
                _Block(
                    _FILTERS if i else 1,
                    pool,
                    norm=i < 3 or norm_last,
                    dropout=conv_dropout if i < 3 else 0.0,
                )
                for i, pool in enumerate(_POOLS)
            )
        )
        self.n_hidden = n_hidden
        self.drop = nn.Dropout(dense_dropout)
        self.map_shape = _map_shape(input_shape)
        self.hidden_layer = nn.Linear(math.prod(self.map_shape), n_hidden)
        self.output_layer = nn.Linear(n_hidden, n_classes)
        he_normal(self)

    def hidden(self, spectrograms):
        """Return the values of the hidden layer.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.

        Returns
        -------
        Tensor of shape (n_clips, n_hidden)
            The hidden layer.
        """
        maps = self.blocks(self.standardize(spectrograms).unsqueeze(1))
        return F.relu(self.hidden_layer(self.drop(maps.flatten(1))))

    def forward(self, spectrograms):
        """Return the logits.

        Parameters
        ----------
        spectrograms : Tensor of shape (n_clips, n_mels, n_frames)
            The spectrograms.

        Returns
        -------
        Tensor of shape (n_clips, n_classes)
            The logits.
        """
        return self.output_layer(self.hidden(spectrograms))


class _Block(nn.Module):
    def __init__(self, n_inputs, pool, *, norm, dropout):
        super().__init__()
        self.conv = nn.Conv2d(n_inputs, _FILTERS, _KERNEL)
        self.pool = max_pool_relu(pool)
        self.norm = nn.BatchNorm2d(_FILTERS) if norm else nn.Identity()
        self.drop = nn.Dropout(dropout)

    def forward(self, maps):
        return self.drop(self.norm(self.pool(self.conv(maps))))


def _map_shape(input_shape):
    bands, frames = input_shape
    for mel_pool, time_pool in _POOLS:
        bands = pooled_size(bands, kernel=_KERNEL, pool=mel_pool)
        frames = pooled_size(frames, kernel=_KERNEL, pool=time_pool)
    if bands < 1 or frames < 1:
        bands_needed, frames_needed = MelCNN.smallest_input
        raise ValueError(
            f"Spectrograms of {input_shape[0]} mel bands x {input_shape[1]} frames are too small "
            f"for this network: it needs at least {bands_needed} x {frames_needed}. "
            "Use longer clips, a shorter hop or more bands."
        )
    return _FILTERS, bands, frames
