"""Dropout, as a layer that whoever trains may work off faster."""

from torch import nn
from torch.nn import functional as F


class Dropout(nn.Module):
    """Dropout.

    Parameters
    ----------
    p : float
        Probability of a value to be dropped, at least 0 and less than 1.

    Attributes
    ----------
    function : callable
        Takes values and `p` and does it; torch's own, which draws from the global generator, or
        what whoever trains sets.
    """

    def __init__(self, p):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p={p} is no probability of dropping a value: give 0 <= p < 1.")
        self.p = p
        self.function = F.dropout

    def extra_repr(self):
        """Return what torch prints for this layer."""
        return f"p={self.p}"

    def forward(self, x):
        """Drop values of `x`, of any shape, when training."""
        return self.function(x, self.p) if self.training and self.p > 0 else x
