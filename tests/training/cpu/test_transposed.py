"""The fast transposed convolution against torch's."""

import copy

import pytest
import torch
from torch import nn

from sklearn_mer.training.cpu._layers import FastConvTranspose2d
from sklearn_mer.training.cpu._transposed import conv_transpose2d

SHAPES = [(2, 6, 5, 7), (1, 6, 4, 2), (3, 6, 1, 3), (2, 6, 3, 1)]
EXTRA = [(0, 0), (0, 1), (1, 0), (1, 1)]
OTHERS = [(1, 2, 0), (2, 1, 0), (2, 3, 1), (3, 2, 1)]


def layers(extra, dtype=torch.float64, n_made=3):
    """Return torch's layer and ours, with the same weights."""
    torch.manual_seed(0)
    settings = {"stride": 2, "padding": 2, "output_padding": extra, "dtype": dtype}
    theirs = nn.ConvTranspose2d(6, n_made, 5, **settings)
    return theirs, Fast(theirs)


class Fast(FastConvTranspose2d):
    """In any type, not in bfloat16 only."""

    def forward(self, maps):
        return conv_transpose2d(maps, self.weight, self.bias, *self.sizes)


def values_and_gradients(layer, maps):
    made = layer(maps)
    weights = torch.arange(1.0, made.numel() + 1).reshape(made.shape).to(made.dtype)
    return made, *torch.autograd.grad(made, [maps, *layer.parameters()], weights)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("extra", EXTRA, ids=str)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("n_made", [3, 1])
def test_values_and_gradients_are_those_of_torch(n_made, shape, extra, layout):
    maps = torch.randn(shape, dtype=torch.float64).to(memory_format=layout).requires_grad_()
    theirs, ours = (values_and_gradients(layer, maps) for layer in layers(extra, n_made=n_made))
    for expected, got in zip(theirs, ours, strict=True):
        torch.testing.assert_close(got, expected)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("n_made", [3, 1])
def test_autocast_computes_in_bfloat16(n_made, shape):
    theirs, _ = layers((1, 1), torch.float32, n_made)
    ours = FastConvTranspose2d(theirs)
    maps = torch.randn(shape, requires_grad=True)
    expected = values_and_gradients(theirs, maps)
    assert all(map(torch.equal, values_and_gradients(ours, maps), expected))
    with torch.autocast("cpu", torch.bfloat16):
        assert ours(maps).dtype == torch.bfloat16
        got = values_and_gradients(ours, maps)
    for exact, rounded in zip(expected, got, strict=True):
        assert (rounded.float() - exact).norm() < 0.02 * exact.norm()


@pytest.mark.parametrize(("stride", "padding", "extra"), OTHERS)
def test_other_strides_and_padding(stride, padding, extra):
    torch.manual_seed(0)
    settings = {"stride": stride, "padding": padding, "output_padding": extra}
    theirs = nn.ConvTranspose2d(6, 1, 5, **settings)
    maps = torch.randn(2, 6, 5, 7, requires_grad=True)
    both = (values_and_gradients(layer, maps) for layer in (theirs, Fast(theirs)))
    for expected, got in zip(*both, strict=True):
        torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-3)


def test_gradient_of_maps_is_left_out_where_nobody_wants_it():
    _, ours = layers((0, 0))
    made = ours(torch.randn(2, 6, 5, 7, dtype=torch.float64))
    made.sum().backward()
    assert ours.weight.grad.abs().sum() > 0


def test_maps_are_left_as_they_were():
    _, ours = layers((0, 0))
    maps = torch.randn(2, 6, 5, 7, dtype=torch.float64)
    before = copy.deepcopy(maps)
    ours(maps)
    assert torch.equal(maps, before)
