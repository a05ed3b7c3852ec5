import torch
from torch import nn

from sklearn_mer.nets import MusiCNN


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_musicnn_pads_even_lengths_with_one_less_before():
    net = MusiCNN(2, 2, 2, 3, 4).eval()
    block = net.temporal[0]
    nn.init.zeros_(block.conv.weight)
    nn.init.zeros_(block.conv.bias)
    block.conv.weight.data[:, :, :, 63] = 1.0  # 63 before, 64 after: the frame itself
    series = noise(1, 1, 96, 187).abs()
    expected = block.norm(series.repeat(1, 2, 1, 1)).amax(2)
    torch.testing.assert_close(block(series), expected)


def test_musicnn_normalises_before_the_maximum():
    # A negative scale turns the order round: the maximum of what is normalised is the minimum.
    block = MusiCNN(2, 2, 2, 3, 4).eval().timbral[0]
    block.norm.weight.data.fill_(-1.0)
    series = noise(1, 1, 96, 187)
    inner = torch.relu(block.conv(nn.functional.pad(series, (3, 3))))
    torch.testing.assert_close(block(series), block.norm(inner).amax(2))
    assert inner.shape == (1, 2, 59, 187)


def test_musicnn_interleaves_maxima_and_means():
    net = MusiCNN(2, 2, 2, 3, 4).eval()
    pooled = noise(2, 2, 16)
    flat = torch.stack([pooled[:, 0], pooled[:, 1]], dim=2).reshape(2, 32)
    assert flat[0, 1] == pooled[0, 1, 0]
    expected = net.hidden_norm(torch.relu(net.hidden_layer(net.pooled_norm(flat))))
    torch.testing.assert_close(net.hidden_of_pooled(pooled), expected)
