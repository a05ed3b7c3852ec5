"""Convolutions 3 x 3 with fewer products, for training in bfloat16 on a CPU.

Winograd's minimal filtering, F(2 x 2, 3 x 3) of Lavin and Gray ("Fast algorithms for convolutional
neural networks", CVPR 2016): two times two values take 16 products a channel instead of 36. Torch
has no such convolution for bfloat16. Both gradients are computed in the same way. Intermediate
rounding to bfloat16 makes the error about twice that of a plain convolution in bfloat16.
"""

import itertools

import numpy as np
import torch
from torch.nn import functional as F

from ._tiles import INPUT, OUTPUT, PLACES, SUM, count_tiles, from_tiles, to_tiles

# With smaller kernels or fewer tiles, making the tiles costs more than it saves.
_SMALLEST_KERNEL = 64 * 128
_FEWEST_TILES = 256
# Number of values of a block of tiles, which should stay in the cache of a core.
_BLOCK = 1 << 19
# For the gradient of the weights, whose sums over tiles should also be long.
_LONG_BLOCK = 1 << 20

# From the taps of a kernel to a tile, and the same for a kernel rotated by 180 degrees.
_G = torch.tensor([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
_TAPS = torch.kron(_G, _G)
_TURNED = torch.arange(PLACES).view(4, 4)[[3, 1, 2, 0]][:, [3, 1, 2, 0]].flatten()


def convolve3x3(maps, weight, bias):
    """Return ``conv2d(maps, weight, bias, padding=1)`` by whichever algorithm is faster.

    Parameters
    ----------
    maps, weight, bias : Tensor
        As of `winograd`, in any type.

    Returns
    -------
    Tensor of shape (n_clips, n_filters, height, width)
    """
    if is_faster(maps, weight):
        return winograd(maps, weight, bias)
    return F.conv2d(maps, weight, bias, padding=1)


def winograd(maps, weight, bias):
    """Return ``conv2d(maps, weight, bias, padding=1)``, nearly.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_inputs, height, width)
        Maps in bfloat16.
    weight : Tensor of shape (n_filters, n_inputs, 3, 3)
    bias : Tensor of shape (n_filters,)

    Returns
    -------
    Tensor of shape (n_clips, n_filters, height, width)
        With channels last in memory.
    """
    return _Winograd.apply(maps, weight, bias)


def is_faster(maps, weight):
    """Return whether Winograd's algorithm can be used, and is faster than torch's.

    Parameters
    ----------
    maps, weight : Tensor
        As of `winograd`.

    Returns
    -------
    bool
    """
    n_clips, _, height, width = maps.shape
    return (
        maps.device.type == "cpu"
        and maps.dtype == torch.bfloat16
        and maps.is_contiguous(memory_format=torch.channels_last)
        and weight.shape[0] * weight.shape[1] >= _SMALLEST_KERNEL
        and n_clips * count_tiles(height) * count_tiles(width) >= _FEWEST_TILES
    )


class _Winograd(torch.autograd.Function):
    @staticmethod
    def forward(ctx, maps, weight, bias):
        with torch.autocast("cpu", enabled=False):
            kernels = _transform(weight.float())
            ctx.save_for_backward(maps, kernels)
            return _convolve(maps, kernels.transpose(1, 2), bias.detach().float())

    @staticmethod
    def backward(ctx, gradient):
        maps, kernels = ctx.saved_tensors
        for_maps = for_weight = for_bias = None
        if ctx.needs_input_grad[0]:
            for_maps = _convolve(gradient, kernels[_TURNED], torch.zeros(maps.shape[1]))
        if any(ctx.needs_input_grad[1:]):
            for_weight, for_bias = _gradients(maps, gradient)
        return for_maps, for_weight, for_bias


def _transform(weight):
    """Return the kernels as tiles, of shape (16, n_filters, n_inputs)."""
    taps = weight.permute(2, 3, 0, 1).flatten(2).flatten(0, 1)
    return (_TAPS @ taps).view(PLACES, *weight.shape[:2]).bfloat16()


def _convolve(maps, kernels, bias):
    """Convolve with kernels of shape (16, n_inputs, n_filters)."""
    values, (n_inputs, n_filters) = _bits(maps), kernels.shape[1:]
    n_clips, height, width, _ = values.shape
    convolved = torch.empty((n_clips, height, width, n_filters), dtype=torch.bfloat16)
    blocks = _Blocks(values, max(n_inputs, n_filters), _BLOCK)
    inputs, products = blocks.tiles(n_inputs), blocks.tiles(n_filters)
    for first, last, n_tiles in blocks:
        to_tiles(values, first, last, INPUT, _numpy(inputs))
        torch.bmm(inputs[:, :n_tiles], kernels, out=products[:, :n_tiles])
        from_tiles(_numpy(products), first, last, bias.numpy(), _numpy(convolved))
    return convolved.permute(0, 3, 1, 2)


def _gradients(maps, gradient):
    """Return the gradients of the weight and of the bias, given that of the output."""
    values, gradients = _bits(maps), _bits(gradient)
    n_inputs, n_filters = values.shape[3], gradients.shape[3]
    product = torch.empty((PLACES, n_filters, n_inputs), dtype=torch.bfloat16)
    total, for_bias = torch.zeros(product.shape), torch.zeros(n_filters)
    blocks = _Blocks(values, max(n_inputs, n_filters), _LONG_BLOCK)
    inputs, due = blocks.tiles(n_inputs), blocks.tiles(n_filters)
    for first, last, n_tiles in blocks:
        to_tiles(values, first, last, INPUT, _numpy(inputs))
        to_tiles(gradients, first, last, OUTPUT, _numpy(due))
        torch.bmm(due[:, :n_tiles].transpose(1, 2), inputs[:, :n_tiles], out=product)
        total += product
        for_bias += due[SUM, :n_tiles].sum(0, dtype=torch.float32)
    taps = (_TAPS.t() @ total.flatten(1)).view(3, 3, n_filters, n_inputs)
    # Channels last, as the weight.
    return taps.permute(2, 0, 1, 3).contiguous().permute(0, 3, 1, 2), for_bias


class _Blocks:
    """Blocks of lines of tiles that fit into the cache of a core.

    Yields the first and last line of each block, and its number of tiles.
    """

    def __init__(self, values, n_channels, size):
        n_clips, height, width, _ = values.shape
        self.n_lines, self.n_wide = n_clips * count_tiles(height), count_tiles(width)
        self.step = min(self.n_lines, max(1, size // (PLACES * self.n_wide * n_channels)))

    def __iter__(self):
        edges = [*range(0, self.n_lines, self.step), self.n_lines]
        for first, last in itertools.pairwise(edges):
            yield first, last, (last - first) * self.n_wide

    def tiles(self, n_channels):
        """Return memory for the tiles of a block, which all blocks use in turn."""
        return torch.empty((PLACES, self.step * self.n_wide, n_channels), dtype=torch.bfloat16)


def _bits(maps):
    return _numpy(maps.detach().permute(0, 2, 3, 1).contiguous())


def _numpy(values) -> np.ndarray:
    return values.view(torch.int16).numpy()
