"""The short-chunk network with residual blocks."""

import itertools

from torch import nn
from torch.nn import functional as F

from ._layers import Standardize


class ShortChunkNet(nn.Module):
    """Seven residual blocks over the mel-spectrogram of a segment, then a global maximum.

    Batch normalisation of the input, then residual blocks that each halve bands and frames, the
    maximum over the remaining ones, and a hidden layer with batch normalisation.

    Parameters
    ----------
    input_shape : tuple of int
        Number of mel bands and frames of a segment, of any size.
    n_classes : int
        Number of classes.
    mean, std : float, default=0.0 and 1.0
        Mean and standard deviation that standardise the input, before its batch normalisation.
    width : int, default=128
        Number of filters of the first two blocks; the next four have twice as many, the last four
        times as many.
    dropout : float, default=0.5
        Probability of dropping a value before the last layer.

    See Also
    --------
    sklearn_mer.methods.ShortChunkCNN : Trains it.

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
        self.drop = nn.Dropout(dropout)
        self.output_layer = nn.Linear(4 * width, n_classes)

    def hidden(self, segments):
        """Return the values of the hidden layer.

        Parameters
        ----------
        segments : Tensor of shape (n_segments, n_mels, n_frames)
            The spectrograms of the segments.

        Returns
        -------
        Tensor of shape (n_segments, 4 * width)
            The hidden layer, after its normalisation.
        """
        maps = self.blocks(self.norm(self.standardize(segments).unsqueeze(1)))
        values = F.relu(self.hidden_layer(maps.amax((2, 3))))
        # Before the normalisation clips differ by too little for bfloat16.
        return self.hidden_norm(values.float())

    def forward(self, segments):
        """Return the logits.

        Parameters
        ----------
        segments : Tensor of shape (n_segments, n_mels, n_frames)
            The spectrograms of the segments.

        Returns
        -------
        Tensor of shape (n_segments, n_classes)
            The logits.
        """
        return self.output_layer(self.drop(self.hidden(segments)))


class ResidualBlock(nn.Module):
    """Two convolutions 3 x 3 and a third as the shortcut, which halve bands and frames."""

    def __init__(self, n_inputs, n_filters):
        super().__init__()
        self.conv1 = nn.Conv2d(n_inputs, n_filters, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(n_filters)
        self.conv2 = nn.Conv2d(n_filters, n_filters, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(n_filters)
        self.shortcut = nn.Conv2d(n_inputs, n_filters, 3, stride=2, padding=1)
        self.bn3 = nn.BatchNorm2d(n_filters)

    def forward(self, maps):
        if maps.shape[3] == 1:
            # The result is the same. But for maps of one frame, torch 2.13 on a CPU returns
            # uninitialised memory as the gradients of weights in bfloat16.
            maps = F.pad(maps, (0, 1))
        inner = F.relu(self.bn1(self.conv1(maps)))
        inner = self.bn2(self.conv2(inner))
        return F.relu(inner + self.bn3(self.shortcut(maps)))
