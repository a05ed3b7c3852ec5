"""Max-pooling and ReLU, as one layer that whoever trains may work off faster."""

from torch import nn
from torch.nn import functional as F


def max_pool_relu(maps, pool):
    """Return ``relu(max_pool2d(maps, pool))``, with the last, incomplete windows kept.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_channels, height, width)
    pool : tuple of int
        Height and width of a window.

    Returns
    -------
    Tensor of shape (n_clips, n_channels, ceil(height / pool[0]), ceil(width / pool[1]))
    """
    return F.relu(F.max_pool2d(maps, pool, ceil_mode=True))


class MaxPoolReLU(nn.Module):
    """Max-pooling followed by ReLU.

    Parameters
    ----------
    pool : tuple of int
        Height and width of a window.

    Attributes
    ----------
    function : callable
        What does it, `max_pool_relu` or an equal; set by whoever trains.
    """

    def __init__(self, pool):
        super().__init__()
        self.pool = pool
        self.function = max_pool_relu

    def extra_repr(self):
        """Return what torch prints for this layer."""
        return f"pool={self.pool}"

    def forward(self, maps):
        """Pool `maps`."""
        # The two commute: pooling first leaves ReLU a quarter or less of the values.
        return self.function(maps, self.pool)
