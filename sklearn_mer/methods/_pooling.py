"""Max-pooling and ReLU in one pass over the maps, for training on a CPU.

There, torch's pooling of a whole training step costs more than the convolutions: it keeps
64-bit indices and its backward pass fills the maps with zeros first. Here one byte remembers
where a maximum was, and the backward pass writes each value once.
"""

import numba
import numpy as np
import torch

from ..nets import max_pool_relu

# Numbers that are above zero are in the same order as the integers of their bits, and those
# below zero are integers below zero: all that ReLU and maximum need to know.
_INTEGER = {torch.bfloat16: torch.int16, torch.float32: torch.int32}
_NOWHERE = 255


def fast_max_pool_relu(maps, pool, ceil_mode=True):
    """Do what `max_pool_relu` does, to the last bit.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_channels, height, width)
        Channels last in memory; others are left to torch.
    pool : tuple of int
        Height and width of a window, at most 255 values in all.
    ceil_mode : bool, default=True
        Whether windows that are not full, at the end, are kept.

    Returns
    -------
    Tensor of shape (n_clips, n_channels, height / pool[0], width / pool[1]), rounded up or down
    """
    last = maps.is_contiguous(memory_format=torch.channels_last)
    if maps.device.type != "cpu" or maps.dtype not in _INTEGER or not last:
        return max_pool_relu(maps, pool, ceil_mode)
    return _FastMaxPoolReLU.apply(maps, *pool, ceil_mode)


class _FastMaxPoolReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, maps, height, width, ceil_mode):
        values = _as_integers(maps)
        n, rows, columns, channels = values.shape
        rest = (height - 1, width - 1) if ceil_mode else (0, 0)
        shape = (n, (rows + rest[0]) // height, (columns + rest[1]) // width, channels)
        pooled = torch.empty(shape, dtype=_INTEGER[maps.dtype])
        ctx.where = np.empty(shape, dtype=np.uint8)
        ctx.window, ctx.shape, ctx.dtype = (height, width), tuple(values.shape), maps.dtype
        _pool(values, height, width, pooled.numpy(), ctx.where)
        return _as_maps(pooled, maps.dtype)

    @staticmethod
    def backward(ctx, gradient):
        spread = torch.empty(ctx.shape, dtype=_INTEGER[ctx.dtype])
        _spread(_as_integers(gradient.to(ctx.dtype)), ctx.where, *ctx.window, spread.numpy())
        _, n_rows, n_columns, _ = ctx.where.shape
        spread[:, n_rows * ctx.window[0] :] = 0  # what belongs to no window
        spread[:, :, n_columns * ctx.window[1] :] = 0
        return _as_maps(spread, ctx.dtype), None, None, None


def _as_integers(maps):
    last = maps.detach().permute(0, 2, 3, 1).contiguous()
    return last.view(_INTEGER[maps.dtype]).numpy()


def _as_maps(integers, dtype):
    return integers.view(dtype).permute(0, 3, 1, 2)


# The innermost loops run over channels, side by side in memory, so that they become wide
# instructions; the compiler does so only where their number is not fixed.
@numba.njit(nogil=True, cache=True)
def _pool(values, height, width, pooled, where):
    n_rows, n_columns, n_channels = values.shape[1:]
    for n, i, j in np.ndindex(pooled.shape[:3]):
        best, place = pooled[n, i, j], where[n, i, j]
        for c in range(n_channels):
            best[c] = 0
            place[c] = _NOWHERE
        for a in range(min(height, n_rows - i * height)):
            for b in range(min(width, n_columns - j * width)):
                value = values[n, i * height + a, j * width + b]
                here = numba.uint8(a * width + b)
                for c in range(n_channels):
                    above = value[c] > best[c]
                    best[c] = value[c] if above else best[c]
                    place[c] = here if above else place[c]


@numba.njit(nogil=True, cache=True)
def _spread(gradient, where, height, width, spread):
    n_rows, n_columns, n_channels = spread.shape[1:]
    for n, i, j in np.ndindex(gradient.shape[:3]):
        value, place = gradient[n, i, j], where[n, i, j]
        for a in range(min(height, n_rows - i * height)):
            for b in range(min(width, n_columns - j * width)):
                target = spread[n, i * height + a, j * width + b]
                here = numba.uint8(a * width + b)
                for c in range(n_channels):
                    target[c] = value[c] if place[c] == here else 0
