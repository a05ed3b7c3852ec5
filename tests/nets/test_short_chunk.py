import itertools

import pytest
import torch
from torch import nn

from sklearn_mer.nets import ShortChunkNet

from .narrow_maps import SHAPES, check_gradients_in_bfloat16
from .sizes import conv, dense, n_parameters, norm


def test_size_of_the_short_chunk_network():
    filters = (1, 128, 128, 256, 256, 256, 256, 512)
    blocks = sum(
        2 * conv(i, f, 9) + conv(f, f, 9) + 3 * norm(f) for i, f in itertools.pairwise(filters)
    )
    net = ShortChunkNet((128, 115), 4)
    assert n_parameters(net) == norm(1) + blocks + dense(512, 512) + norm(512) + dense(512, 4)
    assert net.blocks(torch.zeros(2, 1, 128, 115)).shape == (2, 512, 1, 1)
    # The branch beside is added: with nothing in the main one, it is all that is left.
    block = net.blocks[0].eval()
    nn.init.zeros_(block.bn2.weight)
    maps = torch.randn(2, 1, 8, 8)
    torch.testing.assert_close(block(maps), block.bn3(block.shortcut(maps)).relu())


def short_chunk(shape):
    # Without the batch normalisations, in which rounding in bfloat16 grows too much.
    net = ShortChunkNet(shape, 4, width=4)
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm1d | nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
    return net.eval()


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_in_bfloat16_are_those_of_float32(shape, channels_last):
    torch.manual_seed(0)
    check_gradients_in_bfloat16(short_chunk(shape), shape, channels_last)
