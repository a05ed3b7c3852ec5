import pytest
import torch
from torch import nn

from sklearn_mer.nets._gru import GRU


@pytest.fixture
def pair():
    """Our layers and torch's, with the same weights, and what enters them."""
    torch.manual_seed(0)
    ours, reference = GRU(5, 7), nn.GRU(5, 7, 2, batch_first=True)
    for number, cell in enumerate(ours.cells):
        for name, value in cell.named_parameters():
            getattr(reference, f"{name}_l{number}").data.copy_(value.data)
    return ours, reference, torch.randn(3, 11, 5)


def test_states_are_those_of_torch(pair):
    ours, reference, values = pair
    torch.testing.assert_close(ours(values), reference(values)[0])
    with torch.inference_mode():
        torch.testing.assert_close(ours(values), reference(values)[0])


def test_gradients_are_those_of_torch(pair):
    ours, reference, values = pair
    weights = torch.randn(3, 11, 7)
    inputs = [values.clone().requires_grad_(), values.clone().requires_grad_()]
    (ours(inputs[0]) * weights).sum().backward()
    (reference(inputs[1])[0] * weights).sum().backward()
    torch.testing.assert_close(inputs[0].grad, inputs[1].grad)
    for number, cell in enumerate(ours.cells):
        for name, value in cell.named_parameters():
            torch.testing.assert_close(value.grad, getattr(reference, f"{name}_l{number}").grad)


def test_gradients_are_the_slopes():
    torch.manual_seed(0)
    gru = GRU(3, 4).double()
    values = torch.randn(2, 5, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(gru, values)


def test_bfloat16_comes_near(pair):
    ours, _, values = pair
    exact = ours(values)
    with torch.autocast("cpu", torch.bfloat16):
        near = ours(values)
    assert near.dtype == torch.float32
    assert not torch.equal(near, exact)
    torch.testing.assert_close(near, exact, atol=0.02, rtol=0.02)
    near.sum().backward()
    assert all(p.grad.dtype == torch.float32 for p in ours.parameters())
