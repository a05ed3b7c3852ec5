"""Max-pooling and ReLU, as one layer that whoever trains may work off faster."""

from torch import nn
from torch.nn import functional as F


def max_pool_relu(maps, pool, ceil_mode=True):
    """Return ``relu(max_pool2d(maps, pool))``.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_channels, height, width)
    pool : tuple of int
        Height and width of a window.
    ceil_mode : bool, default=True
        Whether windows that are not full, at the end, are kept.

    Returns
    -------
    Tensor of shape (n_clips, n_channels, height / pool[0], width / pool[1]), rounded up or down
    """
    return F.relu(F.max_pool2d(maps, pool, ceil_mode=ceil_mode))


class MaxPoolReLU(nn.Module):
    """Max-pooling followed by ReLU.

    Parameters
    ----------
    pool : tuple of int
        Height and width of a window.
    ceil_mode : bool, default=True
        Whether windows that are not full, at the end, are kept.

    Attributes
    ----------
    function : callable
        What does it, `max_pool_relu` or an equal; set by whoever trains.
    """

    def __init__(self, pool, ceil_mode=True):
        super().__init__()
        self.pool = pool
        self.ceil_mode = ceil_mode
        self.function = max_pool_relu

    def extra_repr(self):
        """Return what torch prints for this layer."""
        return f"pool={self.pool}, ceil_mode={self.ceil_mode}"

    def forward(self, maps):
        """Pool `maps`."""
        # The two commute: pooling first leaves ReLU a quarter or less of the values.
        return self.function(maps, self.pool, self.ceil_mode)
