import itertools

import pytest
import torch
from torch import nn

from sklearn_mer.nets import SampleNet

from .sizes import conv, dense, n_parameters, norm


def test_size_of_the_sample_network():
    filters = (128, 128, 128, *[256] * 6, 512)
    blocks = sum(conv(i, f, 3) + norm(f) for i, f in itertools.pairwise(filters))
    ends = conv(1, 128, 3) + norm(128) + conv(512, 512, 1) + norm(512) + dense(512, 4)
    net = SampleNet((59049,), 4)
    assert n_parameters(net) == blocks + ends
    small = SampleNet((59049,), 4, width=1).eval()
    maps = small.first(torch.zeros(1, 1, 1, 59049))
    assert maps.shape == (1, 1, 1, 19683)
    assert small.blocks(maps).shape == (1, 4, 1, 1)
    with pytest.raises(ValueError, match=r"59048 samples are too short.*at least 59049"):
        SampleNet((59048,), 4)


def test_pooling_before_relu_is_relu_before_pooling():
    block = SampleNet((59049,), 4, width=3).blocks[0].eval()
    maps = torch.randn(2, 3, 1, 60)
    plain = nn.functional.max_pool2d(block.norm(block.conv(maps)).relu(), (1, 3))
    assert torch.equal(block(maps), plain)
