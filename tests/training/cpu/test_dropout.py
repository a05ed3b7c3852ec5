from functools import partial

import pytest
import torch

from sklearn_mer.training.cpu._dropout import FastDropout

KINDS = [torch.float32, torch.float64, torch.float16, torch.bfloat16]


def seeded(p, seed=0):
    return partial(FastDropout(seed), p=p)


def kept_share(p):
    """What is kept of a probability rounded to 1/256."""
    return 1 - min(round(256 * p), 255) / 256


@pytest.mark.parametrize("p", [0.1, 0.2, 0.3, 0.4, 0.5, 0.9])
@pytest.mark.parametrize("shape", [(1000, 1001), (50, 16, 30, 41)], ids=str)
def test_rate_and_expectation(p, shape):
    x = torch.full(shape, 2.0)
    out = seeded(p)(x)
    kept = out != 0
    n = x.numel()
    share = kept_share(p)
    deviation = (share * (1 - share) / n) ** 0.5
    assert abs(kept.float().mean().item() - share) < 5 * deviation
    # One value for all that are kept, and the mean stays.
    assert out[kept].unique().tolist() == pytest.approx([2 / share])
    assert out.double().mean().item() == pytest.approx(2, abs=2 / share * 5 * deviation)


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_neighbours_are_independent(p):
    kept = (seeded(p)(torch.ones(400_000)) != 0).double()
    for lag in (1, 2, 4, 7, 8, 9, 16, 64):
        pair = torch.corrcoef(torch.stack([kept[:-lag], kept[lag:]]))
        assert abs(pair[0, 1].item()) < 5 / 400_000**0.5


@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 3, 5, 7), (2, 16, 9, 11)], ids=str)
@pytest.mark.parametrize("memory", ["contiguous", "channels last", "transposed"])
def test_the_same_mask_forward_and_backward(shape, memory):
    x = torch.randn(shape, dtype=torch.float64)
    if memory == "channels last":
        x = x.contiguous(memory_format=torch.channels_last) if x.dim() == 4 else x
    elif memory == "transposed":
        x = x.transpose(-1, 0).contiguous().transpose(-1, 0)
    x.requires_grad_()
    out = seeded(0.5)(x)
    factor = 1 / kept_share(0.5)
    mask = (out != 0).double()
    torch.testing.assert_close(out, x * mask * factor)
    for layout in (torch.ones_like, lambda t: torch.ones(t.shape, dtype=t.dtype)):
        (gradient,) = torch.autograd.grad(out, x, layout(out), retain_graph=True)
        torch.testing.assert_close(gradient, mask * factor)
    weights = torch.randn(shape, dtype=torch.float64)
    (gradient,) = torch.autograd.grad(out, x, weights)
    torch.testing.assert_close(gradient, weights * mask * factor)


def test_the_mask_does_not_depend_on_the_layout_of_memory():
    x = torch.randn(2, 5, 6, 7)
    last = x.contiguous(memory_format=torch.channels_last)
    assert torch.equal(seeded(0.4)(x), seeded(0.4)(last))


@pytest.mark.parametrize("dtype", KINDS, ids=str)
def test_kinds_of_numbers(dtype):
    x = torch.ones(10_000, dtype=dtype)
    out = seeded(0.5)(x)
    assert out.dtype == dtype
    assert set(out.tolist()) == {0.0, 2.0}
    assert torch.equal(out != 0, seeded(0.5)(torch.ones(10_000)) != 0)


def test_repeatable_by_seed_and_by_nothing_else():
    x = torch.ones(1000)
    torch.manual_seed(0)
    before = torch.get_rng_state()
    one, two = seeded(0.3), seeded(0.3)
    first = one(x)
    assert torch.equal(first, two(x))
    assert not torch.equal(one(x), first)
    assert not torch.equal(seeded(0.3, seed=1)(x), first)
    assert torch.equal(torch.get_rng_state(), before)


def test_input_is_left_alone():
    x = torch.ones(1000)
    seeded(0.5)(x)
    assert (x == 1).all()


def test_dropped_values_are_gone_whatever_they_were():
    x = torch.full((1000,), torch.nan)
    out = seeded(0.5)(x)
    assert set(out[~out.isnan()].tolist()) == {0.0}
    assert 400 < out.isnan().sum() < 600


def test_the_largest_probabilities_keep_a_little():
    out = seeded(0.9999)(torch.ones(100_000))
    assert out.max() == 256
    assert out.mean().item() == pytest.approx(1, abs=0.3)


def test_bfloat16_is_rounded_as_torch_rounds():
    x = torch.randn(100_000).bfloat16()
    out = seeded(0.1)(x)
    expected = (x.float() * (256 / 230)).bfloat16()
    assert torch.equal(out, torch.where(out == 0, 0, expected))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_infinities_stay(dtype):
    out = seeded(0.5)(torch.full((1000,), -torch.inf, dtype=dtype))
    assert set(out.tolist()) == {0.0, -torch.inf}


def test_each_mask_is_another():
    drop = FastDropout(7)
    masks = torch.stack([drop(torch.ones(4000), 0.5) != 0 for _ in range(50)]).double()
    pairs = torch.corrcoef(masks).fill_diagonal_(0)
    assert pairs.abs().max() < 5 / 4000**0.5


def test_seeding_begins_anew():
    drop = FastDropout(3)
    first, second = drop(torch.ones(100), 0.5), drop(torch.ones(100), 0.5)
    drop.seed(3)
    assert torch.equal(drop(torch.ones(100), 0.5), first)
    assert torch.equal(drop(torch.ones(100), 0.5), second)


def test_the_largest_seeds():
    assert not torch.equal(
        seeded(0.5, 2**64 - 1)(torch.ones(100)), seeded(0.5, 2**64 - 2)(torch.ones(100))
    )


def test_no_values():
    assert seeded(0.5)(torch.ones(0, 3)).shape == (0, 3)
