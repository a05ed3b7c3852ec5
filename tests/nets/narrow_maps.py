"""Convolutions of stride two over maps one frame wide.

There torch 2.13 on a CPU leaves the weights' gradients in bfloat16 as the memory was before:
now zeros, now anything. So memory is filled with something huge first.
"""

import torch

# One frame from the start, or after one, two or three halvings.
SHAPES = [(1, 1), (16, 1), (16, 2), (16, 4), (16, 8), (5, 3), (128, 8), (16, 20)]


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


def check_gradients_in_bfloat16(net, shape, channels_last):
    """Whether they are those of float32."""
    if channels_last:
        net.to(memory_format=torch.channels_last)
    inputs = torch.rand(3, *shape) * 2 - 1
    expected = gradients(net, inputs, bfloat16=False)
    for _ in range(3):
        for name, got in gradients(net, inputs, bfloat16=True).items():
            error = (got - expected[name]).norm()
            assert error < 0.3 * expected[name].norm() + 1e-3, name
