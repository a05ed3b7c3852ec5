import pytest
import torch
from torch.nn import functional as F

from sklearn_mer.training.cpu._pooling import fast_max_pool_relu

SHAPES = [(2, 16, 12, 31), (1, 3, 7, 11), (3, 1, 5, 4), (1, 20, 2, 2), (2, 5, 1, 1)]


def make_maps(shape, dtype, layout=torch.channels_last):
    maps = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    maps = maps.mul(2).round().to(dtype)  # so that there are ties, and many zeros
    return maps.to(memory_format=layout).requires_grad_()


def max_pool_relu(maps, pool, ceil_mode):
    return F.relu(F.max_pool2d(maps, pool, ceil_mode=ceil_mode))


def both(maps, pool, ceil_mode=True):
    """Return values and gradients of torch's operations and of ours."""
    results = []
    for pooled in (
        function(maps, pool, ceil_mode) for function in (max_pool_relu, fast_max_pool_relu)
    ):
        weights = torch.arange(1.0, pooled.numel() + 1).reshape(pooled.shape).to(maps.dtype)
        (gradient,) = torch.autograd.grad(pooled, maps, weights)
        results += [pooled.detach(), gradient]
    return results


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("pool", [(2, 2), (2, 3), (1, 4), (3, 1)])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("ceil_mode", [True, False])
def test_equal_to_torch_to_the_last_bit(ceil_mode, shape, pool, dtype):
    if not ceil_mode and (shape[2] < pool[0] or shape[3] < pool[1]):
        return  # not one full window, which torch refuses
    values, gradient, our_values, our_gradient = both(make_maps(shape, dtype), pool, ceil_mode)
    assert our_values.dtype == our_gradient.dtype == dtype
    assert torch.equal(our_values, values)
    assert torch.equal(our_gradient, gradient)


def test_another_layout_is_kept():
    contiguous = make_maps((2, 4, 9, 9), torch.float32, torch.contiguous_format)
    values, gradient, our_values, our_gradient = both(contiguous, (2, 2))
    assert torch.equal(our_values, values)
    assert torch.equal(our_gradient, gradient)
    assert fast_max_pool_relu(contiguous, (2, 2)).is_contiguous()


def test_infinities_reach_the_output():
    maps = torch.tensor([[[[float("inf"), 1.0], [float("-inf"), -1.0]]]])
    assert fast_max_pool_relu(maps, (1, 2)).flatten().tolist() == [float("inf"), 0.0]
