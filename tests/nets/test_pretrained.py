"""What holds for all networks that pre-trained weights are published for."""

import pytest
import torch

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
