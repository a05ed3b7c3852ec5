"""The sample-level network on raw waveforms."""

import itertools

from torch import nn

from ._dropout import Dropout
from ._layers import Standardize, he_normal
from ._pooling import MaxPoolReLU


class SampleNet(nn.Module):
    """Convolutions of three samples, the first with stride 3, the others pooled by 3.

    For segments of 59,049 samples (3 to the power of 10), nine poolings leave one value a filter.

    Parameters
    ----------
    input_shape : tuple of one int
        Samples of a segment, at least 59,049; what more of them leave is averaged.
    n_classes : int
    mean, std : float, default=0.0 and 1.0
        The input is standardised by these.
    width : int, default=128
        Filters of the first layers; the middle ones have twice as many, the last four times.
    dropout : float, default=0.5
        Before the last layer.

    References
    ----------
    .. [1] Lee et al., "Sample-level deep convolutional neural networks for music auto-tagging
       using raw waveforms", SMC 2017.

    Examples
    --------
    >>> import torch
    >>> from sklearn_mer.nets import SampleNet
    >>> net = SampleNet((59049,), 4, width=8)
    >>> net(torch.zeros(2, 59049)).shape
    torch.Size([2, 4])
    """

    min_samples = 3**10

    def __init__(self, input_shape, n_classes, *, mean=0.0, std=1.0, width=128, dropout=0.5):
        super().__init__()
        if input_shape[-1] < self.min_samples:
            raise ValueError(
                f"Segments of {input_shape[-1]} samples are too short for this network: it needs "
                f"at least {self.min_samples}. Use a longer segment_length."
            )
        filters = (width, width, width, *[2 * width] * 6, 4 * width)
        self.standardize = Standardize(mean, std)
        # Convolutions over time alone, written as 2-D ones: those know the channels-last layout.
        self.first = SampleBlock(1, width, stride=3)
        self.blocks = nn.Sequential(
            *(SampleBlock(*sizes, pool=3) for sizes in itertools.pairwise(filters))
        )
        self.last = SampleBlock(4 * width, 4 * width, kernel=1)
        self.drop = Dropout(dropout)
        self.output_layer = nn.Linear(4 * width, n_classes)
        he_normal(self)

    def hidden(self, segments):
        """Return the values before the last layer, of shape (n_segments, 4 * width).

        Parameters
        ----------
        segments : Tensor of shape (n_segments, n_samples)
        """
        maps = self.standardize(segments)[:, None, None]
        return self.last(self.blocks(self.first(maps))).mean((2, 3))

    def forward(self, segments):
        """Return the logits, of shape (n_segments, n_classes)."""
        return self.output_layer(self.drop(self.hidden(segments)))


class SampleBlock(nn.Module):
    """Convolution over time, batch normalisation, max-pooling, ReLU.

    Parameters
    ----------
    n_inputs, n_filters : int
    kernel : int, default=3
    stride : int, default=1
    pool : int, default=1
    """

    def __init__(self, n_inputs, n_filters, *, kernel=3, stride=1, pool=1):
        super().__init__()
        padding = (kernel - 1) // 2 if stride == 1 else 0
        self.conv = nn.Conv2d(
            n_inputs, n_filters, (1, kernel), stride=(1, stride), padding=(0, padding)
        )
        self.norm = nn.BatchNorm2d(n_filters)
        self.pool = MaxPoolReLU((1, pool), ceil_mode=False)

    def forward(self, maps):
        """Return maps of shape (n_segments, n_filters, 1, n_values)."""
        return self.pool(self.norm(self.conv(maps)))
