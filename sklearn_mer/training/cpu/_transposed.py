"""Transposed convolution in bfloat16, at the speed of the convolution that it transposes.

For it, torch 2.13 does not use the routines that it has for convolutions in bfloat16. But its
output is the gradient of a convolution by its input, which torch computes fast, and its own
gradients are that convolution and the gradient of that convolution by its weight.
"""

import torch


def conv_transpose2d(maps, weight, bias, stride, padding, output_padding):
    """Return ``torch.nn.functional.conv_transpose2d`` of the same arguments.

    Parameters
    ----------
    maps : Tensor of shape (n_clips, n_inputs, height, width)
    weight : Tensor of shape (n_inputs, n_filters, height, width)
    bias : Tensor of shape (n_filters,)
    stride, padding, output_padding : tuple of 2 int

    Returns
    -------
    Tensor of shape (n_clips, n_filters, larger height, larger width)
    """
    sizes = zip(maps.shape[2:], weight.shape[2:], stride, padding, output_padding, strict=True)
    size = [(n - 1) * step - 2 * pad + kernel + extra for n, kernel, step, pad, extra in sizes]
    return _Transposed.apply(maps, weight, bias, size, stride, padding)


class _Transposed(torch.autograd.Function):
    @staticmethod
    def forward(ctx, maps, weight, bias, size, stride, padding):
        ctx.save_for_backward(maps, weight)
        ctx.stride, ctx.padding = stride, padding
        # Only its shape and memory layout are read.
        shape = (len(maps), weight.shape[1], *size)
        larger = torch.empty(shape, dtype=maps.dtype, memory_format=torch.channels_last)
        values, _ = _gradients(maps, larger, weight, ctx, of_input=True)
        return _add(values, bias)

    @staticmethod
    def backward(ctx, gradient):
        maps, weight = ctx.saved_tensors
        for_maps = None
        if ctx.needs_input_grad[0]:
            for_maps = torch.conv2d(gradient, weight, None, ctx.stride, ctx.padding)
        _, for_weight = _gradients(maps, gradient, weight, ctx, of_input=False)
        return for_maps, for_weight, gradient.sum((0, 2, 3)), None, None, None


def _add(values, bias):
    """Add the bias in place, by whole lines, which is faster than by channels."""
    values = values.contiguous(memory_format=torch.channels_last)
    lines = values.permute(0, 2, 3, 1).flatten(2)
    lines += bias.repeat(values.shape[3])
    return values


def _gradients(out, into, weight, ctx, *, of_input):
    """Return the gradients of a convolution by its input or its weight, where `out` is its own."""
    wanted = (of_input, not of_input, False)
    return torch.ops.aten.convolution_backward(
        out, into, weight, None, ctx.stride, ctx.padding, (1, 1), False, (0, 0), 1, wanted
    )[:2]
