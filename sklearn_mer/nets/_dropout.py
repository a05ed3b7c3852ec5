"""Dropout that does not cost more than the layers around it."""

import torch
from torch import nn
from torch.nn import functional as F


class Dropout(nn.Module):
    """Dropout whose mask is cheap on a CPU and repeatable from a generator.

    On a CPU, torch's own dropout spends more time on random numbers than a convolution of this
    library does on its sums. Here one 64-bit random number decides eight values, a byte each,
    so the probability is rounded to a multiple of 1/256 (0.1 becomes 26/256 = 0.1016); the
    values kept are scaled by that rounded probability, so the expectation is exact.

    Without a `generator`, or on a GPU, it is torch's own dropout.

    Parameters
    ----------
    p : float
        Probability of a value to be dropped, at least 0 and less than 1.

    Attributes
    ----------
    generator : torch.Generator or None
        Where the masks come from; set by whoever trains.
    """

    def __init__(self, p):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p={p} is no probability of dropping a value: give 0 <= p < 1.")
        self.p = p
        self.generator = None

    def extra_repr(self):
        """Return what torch prints for this layer."""
        return f"p={self.p}"

    def forward(self, x):
        """Drop values of `x`, of any shape, when training."""
        if not self.training or self.p == 0:
            return x
        if self.generator is None or x.device.type != "cpu":
            return F.dropout(x, self.p)
        threshold = min(round(self.p * 256), 255)  # one value in 256 is kept at the least
        return _ByteDropout.apply(x, threshold, self.generator)


class _ByteDropout(torch.autograd.Function):
    """Keeps the mask as integers as wide as the values, all ones or zeros: one `and` applies it."""

    @staticmethod
    def forward(ctx, x, threshold, generator):
        flat, shape_back = _flat(x)
        n = flat.numel()
        words = torch.empty((n + 7) // 8, dtype=torch.int64)
        words.random_(-(2**63), None, generator=generator)
        # Below zero where a byte is not below the threshold; the shift spreads the sign over all
        # bits. A comparison says the same but takes five times as long.
        integer = _INTEGER[x.element_size()]
        signs = words.view(torch.uint8)[:n].to(integer).neg_().add_(threshold - 1)
        ctx.mask = signs.bitwise_right_shift_(8 * x.element_size() - 1)
        ctx.scale = 256 / (256 - threshold)
        return shape_back(_masked(flat, ctx))

    @staticmethod
    def backward(ctx, gradient):
        flat, shape_back = _flat(gradient)
        return shape_back(_masked(flat, ctx)), None, None


_INTEGER = {2: torch.int16, 4: torch.int32, 8: torch.int64}


def _masked(flat, ctx):
    return (flat.view(ctx.mask.dtype) & ctx.mask).view(flat.dtype).mul_(ctx.scale)


def _flat(x):
    """Return `x` as one row without copying where its memory is in order, and the way back.

    Maps are always taken channels last, so that a mask meets the same values going forward and
    backward whatever layout each has.
    """
    if x.dim() == 4:
        last = x.permute(0, 2, 3, 1).contiguous()
        return last.view(-1), lambda flat: flat.view(last.shape).permute(0, 3, 1, 2)
    whole = x.contiguous()
    return whole.view(-1), lambda flat: flat.view(x.shape)
