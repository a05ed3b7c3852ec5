"""The networks of the rows beside `cnn` and `hybrid`, layer by layer."""

import itertools

import pytest
import torch
from torch import nn

from sklearn_mer.nets import MelCNNGRU, MelCRNN, SampleNet, ShortChunkNet

CLIP = (128, 942)


def n_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.fixture(autouse=True)
def _own_generator():
    with torch.random.fork_rng([]):
        torch.manual_seed(0)
        yield


def conv(n_inputs, n_filters, size):
    return n_inputs * n_filters * size + n_filters


def norm(n_filters):
    return 2 * n_filters


def gru(n_inputs, n_units):
    return 3 * n_units * (n_inputs + n_units + 2)


def dense(n_inputs, n_units):
    return n_inputs * n_units + n_units


def test_size_of_the_cnn_with_grus():
    convolutions = conv(1, 16, 25) + 3 * conv(16, 16, 25) + 3 * norm(16)
    last = dense(50, 300) + dense(300, 75) + dense(75, 4)
    net = MelCNNGRU(CLIP, 4, n_units=50)
    assert n_parameters(net) == convolutions + gru(80, 50) + gru(50, 50) + last
    assert net.sequence(torch.zeros(2, *CLIP)).shape == (2, 25, 80)
    one_step = MelCNNGRU(CLIP, 4, n_units=50, one_step=True)
    assert n_parameters(one_step) == convolutions + gru(2000, 50) + gru(50, 50) + last
    assert one_step.sequence(torch.zeros(2, *CLIP)).shape == (2, 1, 2000)


def test_the_grus_get_time_in_order():
    net = MelCNNGRU(CLIP, 4, n_units=4).eval()
    spectrograms = torch.zeros(1, *CLIP)
    spectrograms[:, :, 600:] = 1
    differs = (net.sequence(spectrograms) != net.sequence(torch.zeros(1, *CLIP))).any(2)[0]
    first = int(differs.nonzero()[0])
    assert differs[first:].all()
    # Steps are 36 frames apart, and each hears about a hundred.
    assert 600 / 36 - 4 < first < 600 / 36
    assert not differs[:first].any()


def test_size_of_the_crnn():
    filters = (1, 64, 128, 128, 128)
    blocks = sum(conv(i, f, 9) + norm(f) for i, f in itertools.pairwise(filters))
    net = MelCRNN(CLIP, 4)
    assert n_parameters(net) == norm(1) + blocks + gru(128, 32) + gru(32, 32) + dense(32, 4)
    assert net.blocks(torch.zeros(1, 1, *CLIP)).shape == (1, 128, 1, 9)


@pytest.mark.parametrize(("shape", "maps"), [((96, 96), (1, 1)), ((200, 500), (2, 5))])
def test_the_crnn_takes_other_sizes(shape, maps):
    net = MelCRNN(shape, 3, width=2).eval()
    assert net.blocks(torch.zeros(1, 1, *shape)).shape == (1, 4, *maps)
    assert net(torch.zeros(2, *shape)).shape == (2, 3)


@pytest.mark.parametrize("shape", [(95, 300), (300, 95)])
def test_spectrograms_too_small_for_the_crnn(shape):
    with pytest.raises(ValueError, match=r"too small.*at least 96 x 96.*longer clips"):
        MelCRNN(shape, 4)


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


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda **p: MelCNNGRU((64, 160), 4, n_units=5, **p), (64, 160)),
        (lambda **p: MelCRNN((96, 200), 4, width=2, **p), (96, 200)),
        (lambda **p: ShortChunkNet((64, 40), 4, width=2, **p), (64, 40)),
        (lambda **p: SampleNet((59049,), 4, width=1, **p), (59049,)),
    ],
    ids=["cnn_gru", "crnn", "short_chunk", "sample_cnn"],
)
def test_input_is_standardised_and_gradients_reach_all(make, shape):
    values = torch.randn(3, *shape)
    plain, scaled = make(), make(mean=-30.0, std=12.0)
    own = {name: value for name, value in scaled.state_dict().items() if "standardize" in name}
    scaled.load_state_dict({**plain.state_dict(), **own})
    torch.testing.assert_close(
        scaled.eval()(12 * values - 30), plain.eval()(values), rtol=1e-3, atol=1e-3
    )
    plain.train()(values).square().sum().backward()
    assert all(p.grad is not None for p in plain.parameters())
    moved = [float(p.grad.abs().max()) > 0 for p in plain.parameters() if p.dim() > 1]
    assert all(moved)
