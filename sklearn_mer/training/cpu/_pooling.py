"""Max-pooling and ReLU in one pass over the maps, for training on a CPU.

Torch's max-pooling stores 64-bit indices, and its backward pass fills the maps with zeros first.
Here one byte stores the position of a maximum, and the backward pass writes each value once.
"""

import numba
import numpy as np
import torch
from torch.nn import functional as F

# Positive numbers have the order of the integers of their bits, and negative ones are negative
# integers: that is all that ReLU and maximum need.
_INTEGER = {torch.bfloat16: torch.int16, torch.float32: torch.int32}
_NOWHERE = 255


def fast_max_pool_relu(maps, pool, ceil_mode=True):
    """Return ``relu(max_pool2d(maps, pool))``, bit-identical to torch.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_channels, height, width)
        Maps with channels last in memory; torch processes others.
    pool : tuple of int
        Height and width of a window, at most 255 values in all.
    ceil_mode : bool, default=True
        Whether incomplete windows at the end are kept.

    Returns
    -------
    Tensor of shape (n_clips, n_channels, height / pool[0], width / pool[1]), rounded up or down
    """
    last = maps.is_contiguous(memory_format=torch.channels_last)
    if maps.device.type != "cpu" or maps.dtype not in _INTEGER or not last:
        return F.relu(F.max_pool2d(maps, pool, ceil_mode=ceil_mode))
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
        spread[:, n_rows * ctx.window[0] :] = 0  # values in no window
        spread[:, :, n_columns * ctx.window[1] :] = 0
        return _as_maps(spread, ctx.dtype), None, None, None


def _as_integers(maps):
    last = maps.detach().permute(0, 2, 3, 1).contiguous()
    return last.view(_INTEGER[maps.dtype]).numpy()


def _as_maps(integers, dtype):
    return integers.view(dtype).permute(0, 3, 1, 2)


# Rows of maps are read as flat lines, so that the innermost loops run over contiguous channels and
# become vector instructions. The compiler vectorises them only if the number of channels is not a
# constant, and if indices are unsigned, so that they cannot count from the end.
@numba.njit(nogil=True, cache=True)
def _pool(values, height, width, pooled, where):
    n_rows, n_columns, n_channels = values.shape[1:]
    channels = numba.uint64(n_channels)
    for n, i in np.ndindex(pooled.shape[:2]):
        best, place = pooled[n, i].reshape(-1), where[n, i].reshape(-1)
        best[:] = 0
        place[:] = _NOWHERE
        for a in range(min(height, n_rows - i * height)):
            row = values[n, i * height + a].reshape(-1)
            for b in range(width):
                here = numba.uint8(a * width + b)
                for j in range(_n_windows(pooled.shape[2], n_columns, width, b)):
                    window = numba.uint64(j * n_channels)
                    source = numba.uint64((j * width + b) * n_channels)
                    for c in range(channels):
                        value = row[source + c]
                        above = value > best[window + c]
                        best[window + c] = value if above else best[window + c]
                        place[window + c] = here if above else place[window + c]


@numba.njit(nogil=True, cache=True)
def _spread(gradient, where, height, width, spread):
    n_rows, n_columns, n_channels = spread.shape[1:]
    channels = numba.uint64(n_channels)
    for n, i in np.ndindex(gradient.shape[:2]):
        value, place = gradient[n, i].reshape(-1), where[n, i].reshape(-1)
        for a in range(min(height, n_rows - i * height)):
            row = spread[n, i * height + a].reshape(-1)
            for b in range(width):
                here = numba.uint8(a * width + b)
                for j in range(_n_windows(gradient.shape[2], n_columns, width, b)):
                    window = numba.uint64(j * n_channels)
                    target = numba.uint64((j * width + b) * n_channels)
                    for c in range(channels):
                        row[target + c] = value[window + c] if place[window + c] == here else 0


@numba.njit(nogil=True, cache=True)
def _n_windows(n_windows, n_columns, width, b):
    """Return how many windows have a column `b`; an incomplete last one may lack it."""
    return min(n_windows, (n_columns - b + width - 1) // width)
