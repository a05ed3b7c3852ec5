"""Convolutions of stride two over maps one frame wide.

There torch 2.13 on a CPU leaves the weights' gradients in bfloat16 as the memory was before:
now zeros, now anything. So memory is filled with something huge first.
"""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from sklearn_mer.nets import MelAutoencoder, ShortChunkNet

# One frame from the start, or after one, two or three halvings.
SHAPES = [(1, 1), (16, 1), (16, 2), (16, 4), (16, 8), (5, 3), (128, 8), (16, 20)]


def autoencoder(shape):
    return MelAutoencoder(shape, n_filters=(4, 8, 8, 16), n_latent=6)


def short_chunk(shape):
    # Without the batch normalisations, in which rounding in bfloat16 grows too much.
    net = ShortChunkNet(shape, 4, width=4)
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm1d | nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
    return net.eval()


def gradients(net, inputs, bfloat16):
    net.zero_grad()
    soil_memory(net)
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        made = net(inputs)
    (made.float() - 0.5).square().sum().backward()
    return {name: weight.grad.clone() for name, weight in net.named_parameters()}


def soil_memory(net):
    """Free blocks, of the size of the weights, that hold 1e30."""
    kinds = [torch.bfloat16, torch.float32] * 3
    soiled = [torch.full_like(w, 1e30, dtype=kind) for w in net.parameters() for kind in kinds]
    del soiled


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("make", [autoencoder, short_chunk])
def test_gradients_in_bfloat16_are_those_of_float32(make, shape, channels_last):
    torch.manual_seed(0)
    net = make(shape)
    if channels_last:
        net.to(memory_format=torch.channels_last)
    inputs = torch.rand(3, *shape) * 2 - 1
    expected = gradients(net, inputs, bfloat16=False)
    for _ in range(3):
        for name, got in gradients(net, inputs, bfloat16=True).items():
            error = (got - expected[name]).norm()
            assert error < 0.3 * expected[name].norm() + 1e-3, name


@pytest.mark.parametrize("shape", SHAPES)
def test_the_autoencoder_is_plain_convolutions(shape):
    torch.manual_seed(0)
    net = autoencoder(shape).eval()
    maps = inputs = torch.rand(2, *shape).unsqueeze(1) * 2 - 1
    sizes = [tuple(shape)]
    with torch.inference_mode():
        for layer in net.down:
            maps = F.leaky_relu(F.conv2d(maps, layer.weight, layer.bias, 2, 2), 0.2)
            sizes.append(tuple(maps.shape[2:]))
        code = net.to_code(maps.flatten(1))
        torch.testing.assert_close(net.hidden(inputs[:, 0]), code)
        maps = net.from_code(code).view_as(maps)
        for layer, size in zip(net.up, reversed(sizes[:-1]), strict=True):
            padding = tuple(1 - n % 2 for n in size)
            maps = F.conv_transpose2d(maps, layer.weight, layer.bias, 2, 2, padding)
            assert maps.shape[2:] == size
            maps = F.leaky_relu(maps, 0.2) if layer is not net.up[-1] else maps.tanh()
        torch.testing.assert_close(net.decode(code), maps[:, 0])
