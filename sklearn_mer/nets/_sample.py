"""The sample-level network on raw waveforms."""

import itertools

from torch import nn

from ._layers import Standardize, he_normal, max_pool_relu


class SampleNet(nn.Module):
    """Convolutions of three samples, the first with stride 3, the others pooled by 3.

    Of segments of 59,049 samples (3 to the power of 10), nine poolings leave one value per
    filter.

    Parameters
    ----------
    input_shape : tuple of one int
        Number of samples of a segment, at least 59,049. What remains of longer ones is averaged.
    n_classes : int
        Number of classes.
    mean, std : float, default=0.0 and 1.0
        Mean and standard deviation that standardise the input.
    width : int, default=128
        Number of filters of the first layers; the middle ones have twice as many, the last four
        times as many.
    dropout : float, default=0.5
        Probability of dropping a value before the last layer.

    See Also
    --------
    sklearn_mer.methods.SampleCNN : Trains it.

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
        # Convolutions over time, written as 2-D ones, which support the channels-last layout.
        self.first = SampleBlock(1, width, stride=3)
        self.blocks = nn.Sequential(
            *(SampleBlock(*sizes, pool=3) for sizes in itertools.pairwise(filters))
        )
        self.last = SampleBlock(4 * width, 4 * width, kernel=1)
        self.drop = nn.Dropout(dropout)
        self.output_layer = nn.Linear(4 * width, n_classes)
        he_normal(self)

    def hidden(self, segments):
        """Return the values before the last layer.

        Parameters
        ----------
        segments : Tensor of shape (n_segments, n_samples)
            The segments.

        Returns
        -------
        Tensor of shape (n_segments, 4 * width)
            The last hidden layer.
        """
        maps = self.standardize(segments)[:, None, None]
        return self.last(self.blocks(self.first(maps))).mean((2, 3))

    def forward(self, segments):
        """Return the logits.

        Parameters
        ----------
        segments : Tensor of shape (n_segments, n_samples)
            The segments.

        Returns
        -------
        Tensor of shape (n_segments, n_classes)
            The logits.
        """
        return self.output_layer(self.drop(self.hidden(segments)))


class SampleBlock(nn.Module):
    """Convolution over time, batch normalisation, max-pooling, ReLU."""

    def __init__(self, n_inputs, n_filters, *, kernel=3, stride=1, pool=1):
        super().__init__()
        padding = (kernel - 1) // 2 if stride == 1 else 0
        self.conv = nn.Conv2d(
            n_inputs, n_filters, (1, kernel), stride=(1, stride), padding=(0, padding)
        )
        self.norm = nn.BatchNorm2d(n_filters)
        self.pool = max_pool_relu((1, pool), ceil_mode=False)

    def forward(self, maps):
        return self.pool(self.norm(self.conv(maps)))
