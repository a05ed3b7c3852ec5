"""Convolutions 3 x 3 for training on a CPU, each by the way that is fastest there."""

import torch

from ..nets import convolve3x3
from ._winograd import is_faster, winograd


def fast_convolve3x3(maps, weight, bias, stride=1):
    """Do what `convolve3x3` does, which see; in bfloat16, exactly or nearly."""
    if stride == 1 and is_faster(maps, weight):
        return winograd(maps, weight, bias)
    if maps.shape[1] == 1 and maps.requires_grad and torch.is_autocast_enabled("cpu"):
        dtype = torch.get_autocast_dtype("cpu")
        return _OfOneMap.apply(maps.to(dtype), weight.to(dtype), bias.to(dtype), stride)
    return convolve3x3(maps, weight, bias, stride)


class _OfOneMap(torch.autograd.Function):
    """The convolution of one map, whose gradient takes torch ten times as long as its values."""

    @staticmethod
    def forward(ctx, maps, weight, bias, stride):
        ctx.save_for_backward(maps, weight)
        ctx.stride = stride
        return convolve3x3(maps, weight, bias, stride)

    @staticmethod
    def backward(ctx, gradient):
        maps, weight = ctx.saved_tensors
        _, for_weight, for_bias = torch.ops.aten.convolution_backward(
            gradient,
            maps,
            weight,
            weight.shape[:1],
            (ctx.stride, ctx.stride),
            (1, 1),
            (1, 1),
            False,
            (0, 0),
            1,
            (False, True, True),
        )
        for_maps = _gradient_of_map(gradient, weight, maps.shape, ctx.stride)
        return for_maps, for_weight, for_bias, None


def _gradient_of_map(gradient, weight, shape, stride):
    """Return what all values that came of a place of the map are due to it, in float32."""
    n_clips, n_filters, height, width = gradient.shape
    values = gradient.permute(0, 2, 3, 1).reshape(-1, n_filters)
    by_tap = (weight.flatten(1).t() @ values.t()).float()
    due = torch.zeros(n_clips, stride * height + 2, stride * width + 2)
    for tap, due_by_tap in enumerate(by_tap.view(9, n_clips, height, width)):
        row, column = divmod(tap, 3)
        rows = slice(row, row + stride * height, stride)
        due[:, rows, column : column + stride * width : stride] += due_by_tap
    return due[:, None, 1 : shape[2] + 1, 1 : shape[3] + 1]
