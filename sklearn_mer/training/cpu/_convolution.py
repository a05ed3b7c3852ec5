"""Convolutions 3 x 3 for training on a CPU, each by the way that is fastest there."""

import itertools

import torch
from torch.nn import functional as F

from ...nets import convolve3x3, convolve_and_norm
from ._winograd import is_faster, winograd


def fast_convolve3x3(maps, weight, bias, stride=1):
    """Do what `convolve3x3` does, which see; in bfloat16, exactly or nearly."""
    if stride == 1 and is_faster(maps, weight):
        return winograd(maps, weight, bias)
    if max(maps.shape[2:]) <= stride <= 2 and maps.dtype == torch.bfloat16:
        return _AtOnePlace.apply(maps, weight, bias)
    return convolve3x3(maps, weight, bias, stride)


def fast_convolve_and_norm(layer, norm, maps):
    """Do what `convolve_and_norm` does, which see; of one map in bfloat16, in one go.

    What a filter makes of the nine values around a place is linear in them, so their mean and
    covariance say what its own are. The filter itself can then be normalised, and the many maps
    it makes of one need not be; and all it takes is one product of matrices each way.
    """
    if not (norm.training and maps.shape[1] == 1 and torch.is_autocast_enabled("cpu")):
        return convolve_and_norm(layer, norm, maps)
    with torch.autocast("cpu", enabled=False):
        around = _around(maps[:, 0].float(), layer.stride[0])
        shape, around = around.shape[1:], around.flatten(1)
        mean, n_values = around.mean(1), around.shape[1]
        distances = around - mean[:, None]
        covariance = distances @ distances.t() / n_values
        taps = layer.weight.flatten(1)
        variances = ((taps @ covariance) * taps).sum(1).clamp_min(0)
        factors = norm.weight / (variances + norm.eps).sqrt()
        _keep_statistics(norm, taps @ mean + layer.bias, variances, n_values)
        # The bias as one more tap, of ones: its gradient comes of the same product. That of the
        # layer itself is taken away by the normalisation, and due nothing.
        distances = distances.bfloat16()
        rows = torch.cat([distances, torch.ones_like(distances[:1])])
        bias = norm.bias + 0 * layer.bias
        taps = torch.cat([(taps * factors[:, None]).t(), bias[None]]).bfloat16()
        return (rows.t() @ taps).view(*shape, -1).permute(0, 3, 1, 2)


def _around(maps, stride):
    """Return the nine values around each place of maps, nine maps for each."""
    padded = F.pad(maps, (1, 1, 1, 1))
    height, width = padded.shape[1:]
    taps = itertools.product(range(3), range(3))
    return torch.stack(
        [padded[:, i : height - 2 + i : stride, j : width - 2 + j : stride] for i, j in taps]
    )


@torch.no_grad()
def _keep_statistics(norm, means, variances, n_values):
    """Let a batch normalisation remember what it has seen, as torch does."""
    norm.running_mean.lerp_(means, norm.momentum)
    norm.running_var.lerp_(variances * (n_values / (n_values - 1)), norm.momentum)
    norm.num_batches_tracked += 1


class _AtOnePlace(torch.autograd.Function):
    """The convolution of maps of one or two lines and columns, whose other taps meet the margin.

    Then it is a product of matrices, and most of the weight is due nothing.
    """

    @staticmethod
    def forward(ctx, maps, weight, bias):
        with torch.autocast("cpu", enabled=False):
            ctx.save_for_backward(maps, weight)
            taps = _middle(weight, maps).bfloat16().flatten(1)
            values = maps.permute(0, 2, 3, 1).flatten(1)
            return F.linear(values, taps, bias.bfloat16())[:, :, None, None]

    @staticmethod
    def backward(ctx, gradient):
        maps, weight = ctx.saved_tensors
        gradient = gradient.flatten(1)
        values = maps.permute(0, 2, 3, 1)
        taps = _middle(weight, maps).bfloat16()
        for_maps = (gradient @ taps.flatten(1)).view(values.shape).permute(0, 3, 1, 2)
        for_weight = torch.zeros_like(weight)
        for_taps = gradient.t() @ values.flatten(1)
        _middle(for_weight, maps).copy_(for_taps.view(taps.shape))
        return for_maps, for_weight, gradient.sum(0, dtype=torch.float32)


def _middle(weight, maps):
    """Return the taps that meet maps of such a size, channels last."""
    height, width = maps.shape[2:]
    return weight.permute(0, 2, 3, 1)[:, 1 : 1 + height, 1 : 1 + width]
