"""Convolution 3 x 3, as a layer that whoever trains may work off faster."""

from torch import nn
from torch.nn import functional as F


def convolve3x3(maps, weight, bias, stride=1):
    """Return ``conv2d(maps, weight, bias)`` with a margin of one.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_inputs, height, width)
    weight : Tensor of shape (n_filters, n_inputs, 3, 3)
    bias : Tensor of shape (n_filters,)
    stride : int, default=1

    Returns
    -------
    Tensor of shape (n_clips, n_filters, height / stride, width / stride), rounded up
    """
    return F.conv2d(maps, weight, bias, stride, padding=1)


def convolve_and_norm(layer, norm, maps):
    """Return ``norm(layer(maps))``.

    Parameters
    ----------
    layer : Conv3x3
    norm : torch.nn.BatchNorm2d
    maps : Tensor of shape (n_clips, n_inputs, height, width)

    Returns
    -------
    Tensor of shape (n_clips, n_filters, height / stride, width / stride), rounded up
    """
    return norm(layer(maps))


class Conv3x3(nn.Conv2d):
    """Convolution 3 x 3 with a margin of one.

    Parameters
    ----------
    n_inputs, n_filters : int
    stride : int, default=1

    Attributes
    ----------
    function, normed_function : callable
        What does it, `convolve3x3` and `convolve_and_norm` or others that come near; set by
        whoever trains.
    """

    def __init__(self, n_inputs, n_filters, stride=1):
        super().__init__(n_inputs, n_filters, 3, stride, padding=1)
        self.function = convolve3x3
        self.normed_function = convolve_and_norm

    def forward(self, maps):
        """Convolve `maps`."""
        return self.function(maps, self.weight, self.bias, self.stride[0])

    def normed(self, maps, norm):
        """Convolve `maps`, then normalise them by `norm`, a batch normalisation."""
        return self.normed_function(self, norm, maps)
