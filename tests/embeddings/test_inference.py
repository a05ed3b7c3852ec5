"""Copies of networks for inference give what the networks give."""

import copy

import pytest
import torch
from torch import nn

from sklearn_mer.embeddings._inference import _fourier, fast_musicnn, fast_tagger


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def close(got, expected):
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    # Strips of 96 frames: less than one, whole ones, with a rest, with frames left out.
    ("network", "n_frames"),
    [("crnn", 97), ("crnn", 192), ("crnn", 251), ("fcn", 1280), ("fcn", 1283)],
)
def test_taggers(network, n_frames, nets):
    net = nets[network]
    spectrograms = 20 * noise(2, 96, n_frames) - 30
    with torch.inference_mode():
        expected, maps = net.hidden_and_maps(spectrograms)
        fast = fast_tagger(net)
        got, fast_maps = fast.hidden_and_maps(spectrograms)
        close(fast(spectrograms), net(spectrograms))
    close(got, expected)
    assert len(fast_maps) == len(maps)
    for fast_map, one in zip(fast_maps, maps, strict=True):
        close(fast_map, one)


@pytest.mark.parametrize("n_frames", [187, 150, 11, 5])
def test_musicnn(n_frames, nets):
    net = copy.deepcopy(nets["musicnn"])
    for block in (*net.timbral, *net.temporal):
        nn.init.zeros_(block.conv.bias)
        block.conv.weight.data[0] *= -1
        block.norm.weight.data[1] *= -1  # the maximum is that of the smallest
    spectrograms = noise(3, 96, n_frames)
    with torch.inference_mode():
        maps = net.input_norm(spectrograms.unsqueeze(1))
        fast = fast_musicnn(net)
        for part in ("timbral", "temporal"):
            for block, own in zip(getattr(net, part), getattr(fast, part), strict=True):
                close(own(maps), block(maps))
        close(fast.pooled(spectrograms), net.pooled(spectrograms))


def test_a_network_is_left_as_it_was(nets):
    for network, faster in [("crnn", fast_tagger), ("musicnn", fast_musicnn)]:
        net = nets[network]
        before, layers = copy.deepcopy(net.state_dict()), [type(m) for m in net.modules()]
        faster(net)
        assert [type(m) for m in net.modules()] == layers
        for name, values in net.state_dict().items():
            assert torch.equal(values, before[name])
            assert values.stride() == before[name].stride()


def test_the_transform_is_fouriers():
    forward, back = _fourier(30)
    values = noise(30)
    expected = torch.fft.rfft(values)
    got = forward @ values
    close(got[:2], expected[[0, 15]].real)
    close(torch.complex(got[2::2], got[3::2]), expected[1:15])
    close(back @ got, values)
