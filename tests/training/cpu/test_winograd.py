"""Fast convolutions against torch's: exactly where numbers allow it, else nearly."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from sklearn_mer.nets import MelCRNN, ShortChunkNet
from sklearn_mer.training.cpu import _winograd
from sklearn_mer.training.cpu._engine import MicroBatchEngine
from sklearn_mer.training.cpu._layers import FastConv3x3
from sklearn_mer.training.cpu._winograd import convolve3x3

BFLOAT16 = torch.bfloat16
# (clips, inputs, filters, height, width): even and odd sizes, and maps smaller than a tile.
SHAPES = [
    (2, 3, 4, 6, 8),
    (1, 2, 3, 7, 9),
    (3, 5, 2, 1, 1),
    (1, 1, 1, 2, 1),
    (2, 4, 3, 1, 12),
    (1, 16, 20, 5, 33),
]


@pytest.fixture
def everywhere(monkeypatch):
    """Winograd's algorithm for small kernels and few tiles too."""
    monkeypatch.setattr(_winograd, "_SMALLEST_KERNEL", 1)
    monkeypatch.setattr(_winograd, "_FEWEST_TILES", 1)


def draw(shape, *, whole, seed):
    """Return numbers, small whole ones if asked to, channels last."""
    numbers = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    numbers = numbers.round().clamp(-2, 2) if whole else numbers
    return numbers.to(memory_format=torch.channels_last)


def make_case(shape, *, whole=False):
    """Return maps, weight, bias, and what is due for what the convolution gives out."""
    n, n_inputs, n_filters, height, width = shape
    weight = draw((n_filters, n_inputs, 3, 3), whole=whole, seed=1)
    bias = torch.arange(n_filters) - 1.0
    maps = draw((n, n_inputs, height, width), whole=whole, seed=0).to(BFLOAT16)
    due = draw((n, n_filters, height, width), whole=whole, seed=2).to(BFLOAT16)
    # Of whole numbers all that is added up stays one.
    return maps, 4 * weight if whole else weight, bias, due


def convolve(maps, weight, bias):
    return F.conv2d(maps, weight, bias, padding=1)


def both_ways(function, maps, weight, bias, due):
    """Return values, and gradients by maps, weight and bias."""
    leaves = [values.detach().clone().requires_grad_() for values in (maps, weight, bias)]
    given = function(*leaves)
    return given.detach(), *torch.autograd.grad(given, leaves, due)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_sums_of_small_whole_numbers_are_exact(everywhere, shape):
    maps, weight, bias, due = make_case(shape, whole=True)
    exact = both_ways(convolve, maps.double(), weight.double(), bias.double(), due.double())
    ours = both_ways(convolve3x3, maps, weight, bias, due)
    assert ours[0].dtype == ours[1].dtype == BFLOAT16
    assert ours[2].dtype == ours[3].dtype == torch.float32
    for got, expected in zip(ours, exact, strict=True):
        # Sums above 256 have no bfloat16 of their own.
        torch.testing.assert_close(got.double(), expected, rtol=2**-8, atol=2)
        assert got.shape == expected.shape
    small = exact[0].abs() < 64
    assert torch.equal(ours[0].double()[small], exact[0][small])


@pytest.mark.parametrize("shape", [*SHAPES, (4, 64, 128, 20, 31)], ids=str)
def test_the_error_is_a_few_times_that_of_bfloat16(everywhere, shape):
    maps, weight, bias, due = make_case(shape)
    exact = both_ways(convolve, maps.double(), weight.double(), bias.double(), due.double())
    ours = both_ways(convolve3x3, maps, weight, bias, due)
    for got, expected in zip(ours, exact, strict=True):
        error = (got.double() - expected).norm() / expected.norm().clamp_min(1)
        assert error < 4 * 2**-8


def test_blocks_of_any_size_give_the_same_values(everywhere, monkeypatch):
    case = make_case((3, 4, 6, 9, 10))
    whole = both_ways(convolve3x3, *case)
    monkeypatch.setattr(_winograd, "_BLOCK", 16 * 5 * 6 * 4)  # four of the 15 lines of tiles
    monkeypatch.setattr(_winograd, "_LONG_BLOCK", 1)
    in_blocks = both_ways(convolve3x3, *case)
    for got, expected in zip(in_blocks[:2], whole[:2], strict=True):
        assert torch.equal(got, expected)
    for got, expected in zip(in_blocks[2:], whole[2:], strict=True):  # rounded block by block
        assert (got - expected).norm() < 4 * 2**-8 * expected.norm()


def test_gradients_are_computed_where_wanted_only(everywhere):
    maps, weight, bias, due = make_case((1, 2, 2, 4, 4))
    convolve3x3(maps, weight.requires_grad_(), bias.requires_grad_()).backward(due)
    assert maps.grad is None
    assert weight.grad is not None
    maps.requires_grad_()
    convolve3x3(maps, weight.detach(), bias.detach()).backward(due)
    assert maps.grad is not None


def test_the_gradient_of_the_weight_is_channels_last_as_the_weight(everywhere):
    _, _, for_weight, _ = both_ways(convolve3x3, *make_case((1, 3, 4, 4, 4)))
    assert for_weight.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_reaches_the_output(everywhere, number):
    maps, weight, bias, _ = make_case((1, 2, 3, 6, 6))
    maps[0, 0, 2, 3] = number
    assert not convolve3x3(maps, weight, bias)[0, :, 1:4, 2:5].isfinite().any()


@pytest.mark.parametrize(
    "change",
    [
        lambda maps: maps.float(),
        lambda maps: maps.contiguous(),
        lambda maps: maps[:, :, :2],  # few tiles
    ],
    ids=["float32", "channels first", "few tiles"],
)
def test_others_are_left_to_torch(change):
    maps, weight, bias, _ = make_case((2, 64, 128, 32, 32))
    maps = change(maps)
    assert not _winograd.is_faster(maps, weight)
    weight, bias = weight.to(maps.dtype), bias.to(maps.dtype)
    assert torch.equal(convolve3x3(maps, weight, bias), convolve(maps, weight, bias))


def test_large_convolutions_are_worked_off_so():
    maps, weight, _, _ = make_case((2, 64, 128, 32, 32))
    assert _winograd.is_faster(maps, weight)
    assert not _winograd.is_faster(maps, weight[:64])


@pytest.mark.parametrize(
    ("net", "shape"), [(ShortChunkNet, (64, 64)), (MelCRNN, (96, 100))], ids=["short_chunk", "crnn"]
)
def test_training_in_bfloat16_uses_it_and_the_network_itself_does_not(net, shape, monkeypatch):
    torch.manual_seed(0)
    module = net(shape, 4, width=8).to(memory_format=torch.channels_last)
    inputs, targets = (torch.randn(16, *shape),), torch.arange(16) % 4

    def run():
        engine = MicroBatchEngine(
            module, nn.CrossEntropyLoss(), micro_batch=8, n_threads=2, bfloat16=True, seed=0
        )
        try:
            loss, _ = engine.run(inputs, targets)
        finally:
            engine.close()
        return loss, [p.grad.clone() for p in module.parameters()]

    loss, gradients = run()
    monkeypatch.setattr(_winograd, "_SMALLEST_KERNEL", 1)
    monkeypatch.setattr(_winograd, "_FEWEST_TILES", 1)
    fast_loss, fast_gradients = run()
    torch.testing.assert_close(fast_loss, loss, rtol=0.05, atol=0.05)
    assert any(not torch.equal(a, b) for a, b in zip(gradients, fast_gradients, strict=True))
    again = run()[1]
    assert all(torch.equal(a, b) for a, b in zip(again, fast_gradients, strict=True))
    assert not any(isinstance(layer, FastConv3x3) for layer in module.modules())
