"""Fast layers for training on a CPU, put in the place of torch's."""

import torch
from torch import nn
from torch.nn import functional as F

from ._pooling import fast_max_pool_relu
from ._transposed import conv_transpose2d


def replace_layers(module, drop):
    """Replace all layers inside a module for which there are faster ones.

    The new layers share the parameters of the old ones.

    Parameters
    ----------
    module : torch.nn.Module
        Modified in place.
    drop : FastDropout
        Drops values in all layers.
    """
    for name, layer in list(module.named_children()):
        fast = _fast_layer(layer, drop)
        if fast is None:
            replace_layers(layer, drop)
        else:
            setattr(module, name, fast.train(layer.training))


def _fast_layer(layer, drop):
    """Return a faster layer, or None if there is none."""
    if isinstance(layer, nn.Dropout) and 0 < layer.p < 1:
        return FastDropoutLayer(layer, drop)
    if _is_max_pool_relu(layer):
        return FastMaxPoolReLU(layer[0])
    if _is_plain_transposed(layer):
        return FastConvTranspose2d(layer)
    return None


def _is_max_pool_relu(layer):
    if not isinstance(layer, nn.Sequential) or [*map(type, layer)] != [nn.MaxPool2d, nn.ReLU]:
        return False
    pool = layer[0]
    return (
        isinstance(pool.kernel_size, tuple)
        and pool.stride == pool.kernel_size
        and (pool.padding, pool.dilation, pool.return_indices) == (0, 1, False)
    )


def _is_plain_transposed(layer):
    return (
        isinstance(layer, nn.ConvTranspose2d)
        and layer.bias is not None
        and (layer.dilation, layer.groups, layer.padding_mode) == ((1, 1), 1, "zeros")
    )


class FastDropoutLayer(nn.Module):
    """Dropout whose masks follow from a seed (see `FastDropout`)."""

    def __init__(self, layer, drop):
        super().__init__()
        self.p = layer.p
        self.drop = drop

    def forward(self, x):
        return self.drop(x, self.p) if self.training else x


class FastMaxPoolReLU(nn.Module):
    """Max-pooling and ReLU in one pass."""

    def __init__(self, layer):
        super().__init__()
        self.pool = layer.kernel_size
        self.ceil_mode = layer.ceil_mode

    def forward(self, maps):
        return fast_max_pool_relu(maps, self.pool, self.ceil_mode)


class FastConvTranspose2d(nn.Module):
    """Transposed convolution that is fast in bfloat16."""

    def __init__(self, layer):
        super().__init__()
        self.weight, self.bias = layer.weight, layer.bias
        self.sizes = layer.stride, layer.padding, layer.output_padding

    def forward(self, maps):
        tensors = maps, self.weight, self.bias
        if torch.is_autocast_enabled("cpu"):
            dtype = torch.get_autocast_dtype("cpu")
            return conv_transpose2d(*(x.to(dtype) for x in tensors), *self.sizes)
        return F.conv_transpose2d(*tensors, *self.sizes)
