"""The short-chunk network with residual blocks."""

import itertools

from torch import nn
from torch.nn import functional as F

from ._conv import Conv3x3
from ._dropout import Dropout
from ._layers import Standardize


class ShortChunkNet(nn.Module):
    """Seven residual blocks over the mel-spectrogram of a segment, and its loudest answers.

    Batch normalisation of the input; residual blocks, each halving bands and frames; the
    maximum over what is left of both; a hidden layer with batch normalisation.

    Parameters
    ----------
    input_shape : tuple of int
        Mel bands and frames of a segment, of any size.
    n_classes : int
    mean, std : float, default=0.0 and 1.0
        The input is standardised by these, before the batch normalisation that follows.
    width : int, default=128
        Filters of the first two blocks; the next four have twice as many, the last four times.
    dropout : float, default=0.5
        Before the last layer.

    References
    ----------
    .. [1] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import ShortChunkNet
    >>> net = ShortChunkNet((128, 115), 4, width=8)
    >>> net(torch.zeros(2, 128, 115)).shape
    torch.Size([2, 4])
    """

    def __init__(self, input_shape, n_classes, *, mean=0.0, std=1.0, width=128, dropout=0.5):
        super().__init__()
        self.input_shape = tuple(input_shape)
        filters = (1, width, width, *[2 * width] * 4, 4 * width)
        self.standardize = Standardize(mean, std)
        self.norm = nn.BatchNorm2d(1)
        self.blocks = nn.Sequential(*itertools.starmap(ResidualBlock, itertools.pairwise(filters)))
        self.hidden_layer = nn.Linear(4 * width, 4 * width)
        self.hidden_norm = nn.BatchNorm1d(4 * width)
        self.drop = Dropout(dropout)
        self.output_layer = nn.Linear(4 * width, n_classes)

    def hidden(self, segments):
        """Return the values of the hidden layer, of shape (n_segments, 4 * width).

        Parameters
        ----------
        segments : Tensor of shape (n_segments, n_mels, n_frames)
        """
        maps = self.blocks(self.norm(self.standardize(segments).unsqueeze(1)))
        values = F.relu(self.hidden_layer(maps.amax((2, 3))))
        # Clips differ little here before they are normalised: too little for bfloat16.
        return self.hidden_norm(values.float())

    def forward(self, segments):
        """Return the logits, of shape (n_segments, n_classes)."""
        return self.output_layer(self.drop(self.hidden(segments)))


class ResidualBlock(nn.Module):
    """Two convolutions 3 x 3 and one beside them, added; bands and frames are halved.

    Parameters
    ----------
    n_inputs, n_filters : int
    """

    def __init__(self, n_inputs, n_filters):
        super().__init__()
        self.conv1 = Conv3x3(n_inputs, n_filters, stride=2)
        self.bn1 = nn.BatchNorm2d(n_filters)
        self.conv2 = Conv3x3(n_filters, n_filters)
        self.bn2 = nn.BatchNorm2d(n_filters)
        self.shortcut = Conv3x3(n_inputs, n_filters, stride=2)
        self.bn3 = nn.BatchNorm2d(n_filters)

    def forward(self, maps):
        """Return maps of half the bands and frames."""
        if maps.shape[3] == 1:
            # The same result; but of one frame alone, torch 2.13 on a CPU gives gradients in
            # bfloat16 that hold whatever was in memory before.
            maps = F.pad(maps, (0, 1))
        inner = F.relu(self.conv1.normed(maps, self.bn1))
        inner = self.conv2.normed(inner, self.bn2)
        return F.relu(inner + self.shortcut.normed(maps, self.bn3))
