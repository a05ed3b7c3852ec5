"""Transposed convolution at the speed of the convolution that it transposes."""

import torch
from torch import nn
from torch.nn import functional as F

# What two neighbouring values of a line are as one.
_PAIR = {
    torch.bfloat16: torch.int32,
    torch.float32: torch.int64,
    torch.float64: torch.complex128,
}


class ConvTranspose2d(nn.ConvTranspose2d):
    """`torch.nn.ConvTranspose2d`, whose values come several times as fast in bfloat16 on a CPU.

    There, torch 2.13 works a transposed convolution off without the routines that it has for
    convolutions. But its values are the gradient of a convolution by its input, which torch does
    well, and its own gradients are that convolution and its gradient by the weights.
    For one group, without dilation.
    """

    def forward(self, maps):
        """Return the larger maps.

        Parameters
        ----------
        maps : Tensor of shape (n_clips, in_channels, height, width)

        Returns
        -------
        Tensor of shape (n_clips, out_channels, larger height, larger width)
        """
        if maps.device.type != "cpu":
            return super().forward(maps)
        weight, bias = self.weight, self.bias
        if torch.is_autocast_enabled("cpu"):
            dtype = torch.get_autocast_dtype("cpu")
            maps, weight, bias = maps.to(dtype), weight.to(dtype), bias.to(dtype)
        return _Transposed.apply(maps, weight, bias, self._larger(maps), self.stride, self.padding)

    def _larger(self, maps):
        """Return the height and width of what is given out."""
        return [
            (n - 1) * stride - 2 * padding + kernel + extra
            for n, stride, padding, kernel, extra in zip(
                maps.shape[2:],
                self.stride,
                self.padding,
                self.kernel_size,
                self.output_padding,
                strict=True,
            )
        ]


class _Transposed(torch.autograd.Function):
    """Takes its maps for the gradient of what a convolution gives out, and returns its input's."""

    @staticmethod
    def forward(ctx, maps, weight, bias, size, stride, padding):
        ctx.save_for_backward(maps, weight)
        ctx.stride, ctx.padding = stride, padding
        if _doubles_one_map(weight, stride, padding) and maps.dtype in _PAIR:
            return _doubled(maps, weight, size).add_(bias)
        # Only its shape and layout are read.
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


def _doubles_one_map(weight, stride, padding):
    return weight.shape[1:] == (1, 5, 5) and (stride, padding) == ((2, 2), (2, 2))


def _doubled(maps, weight, size):
    """Return the values before the bias where one map is made, which torch takes long for.

    A value given out at an even place meets the first, third and fifth tap of the kernel, one
    at an odd place the other two. So a convolution 3 x 3 makes four maps, of even and odd lines
    and places, which are put between each other. Of several lines at once, as four maps take
    torch as long as 16.
    """
    n_lines = 4 if maps.shape[2] % 4 == 0 else 1
    taps = F.pad(weight, (0, 1, 0, 1)).unflatten(3, (3, 2)).unflatten(2, (3, 2)).flip(2, 4)
    taps = taps.permute(1, 3, 5, 0, 2, 4).flatten(0, 2)
    taps = torch.cat([F.pad(taps, (0, 0, i, n_lines - 1 - i)) for i in range(n_lines)])
    taps = taps.contiguous(memory_format=torch.channels_last)
    places = F.conv2d(maps, taps, stride=(n_lines, 1), padding=1)
    lines = places.permute(0, 2, 3, 1).contiguous().view(_PAIR[places.dtype])
    lines = lines.transpose(2, 3).clone(memory_format=torch.contiguous_format)
    lines = lines.view(places.dtype).flatten(1, 2)
    return lines[:, None, : size[0], : size[1]].contiguous()


def _add(values, bias):
    """Add the bias in place, whole lines at a time, which is quicker than channel by channel."""
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
