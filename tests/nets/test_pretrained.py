"""The networks that pre-trained weights are published for."""

import pytest
import torch
from torch import nn

from sklearn_mer.nets import ArtistNet, MusiCNN, OpenL3Net, TaggingCRNN, TaggingFCN


def build(cls, *sizes):
    """Return a small network whose weights are the same in every run."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return cls(*sizes)


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("cls", "n_parameters"),
    [
        (TaggingCRNN, 394_100),
        (TaggingFCN, 447_732),
        (MusiCNN, 787_159),
        (ArtistNet, 264_448),
        (OpenL3Net, 4_687_042),
    ],
)
def test_published_sizes(cls, n_parameters):
    assert sum(parameter.numel() for parameter in cls().parameters()) == n_parameters


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (build(TaggingCRNN, (2, 3, 4, 5), 6, 7), (3, 96, 200)),
        (build(TaggingFCN, (2, 3, 4, 5, 6), 7), (3, 96, 1300)),
        (build(MusiCNN, 2, 3, 4, 6, 7), (3, 96, 187)),
    ],
)
def test_hidden_then_logits(net, shape):
    net.eval()
    hidden = net.hidden(noise(*shape))
    assert hidden.shape == (3, 6)
    last = net.output_layer if isinstance(net, MusiCNN) else net.dense
    torch.testing.assert_close(net(noise(*shape)), last(hidden))
    assert net(noise(*shape)).shape == (3, 7)
    with pytest.raises(AssertionError):
        torch.testing.assert_close(hidden[0], hidden[1])


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (build(TaggingCRNN, (2, 3, 4, 5), 6, 7), (4, 96, 96)),
        (build(TaggingFCN, (2, 3, 4, 5, 6), 7), (2, 96, 1280)),
        (build(MusiCNN, 2, 3, 4, 6, 7), (4, 96, 187)),
        (build(ArtistNet, (2, 3, 4, 5, 6)), (4, 128, 129)),
        (build(OpenL3Net, (2, 3, 4, 5)), (2, 128, 199)),
    ],
)
def test_gradients_reach_every_parameter(net, shape):
    net(noise(*shape)).square().sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def test_the_state_is_the_last_one_of_the_recurrence():
    net = TaggingCRNN((2, 2, 2, 2), 3, 4).eval()
    maps = []
    net.layer4.register_forward_hook(lambda *args: maps.append(args[2]))
    state = net.hidden(noise(2, 96, 400))
    gru = nn.GRU(2, 3, 2)
    gru.load_state_dict(net.layer5.state_dict())
    _, last = gru(maps[0][:, :, 0].permute(2, 0, 1))
    assert maps[0].shape == (2, 2, 1, 4)
    torch.testing.assert_close(state, last[-1])


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


def test_artist_convolutions_keep_the_length():
    net = ArtistNet().eval()
    lengths = []
    for block in net.blocks:
        block.register_forward_hook(lambda *args: lengths.append(args[2].shape[2]))
    assert net(noise(2, 128, 129)).shape == (2, 256)
    assert lengths == [32, 8, 2, 1, 1]
