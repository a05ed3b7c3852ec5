"""Which layers are replaced by faster ones, and that nothing else changes."""

import copy

import pytest
import torch
from torch import nn

from sklearn_mer import nets
from sklearn_mer.training.cpu._dropout import FastDropout
from sklearn_mer.training.cpu._layers import (
    FastConvTranspose2d,
    FastDropoutLayer,
    FastMaxPoolReLU,
    replace_layers,
)

FAST = (FastConvTranspose2d, FastDropoutLayer, FastMaxPoolReLU)


def replaced(module):
    replace_layers(module, FastDropout())
    return module


def kinds(module):
    """Return the names of the fast layers of a module, in order."""
    return [type(layer).__name__ for layer in module.modules() if isinstance(layer, FAST)]


def pool(**settings):
    return nn.Sequential(nn.MaxPool2d((2, 2), **settings), nn.ReLU())


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        (nn.Dropout(0.5), "FastDropoutLayer"),
        (pool(), "FastMaxPoolReLU"),
        (nn.ConvTranspose2d(2, 2, 5, stride=2), "FastConvTranspose2d"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_layers_that_are_replaced(layer, kind):
    assert kinds(replaced(nn.Sequential(nn.Flatten(), layer))) == [kind]


@pytest.mark.parametrize(
    "layer",
    [
        nn.Dropout(0.0),
        nn.Dropout(1.0),
        pool(stride=1),
        pool(padding=1),
        pool(dilation=2),
        nn.Sequential(nn.ReLU(), nn.MaxPool2d((2, 2))),
        nn.Conv2d(2, 2, 3, padding=1),
        nn.ConvTranspose2d(2, 2, 3, bias=False),
        nn.ConvTranspose2d(2, 2, 3, groups=2),
        nn.ConvTranspose2d(2, 2, 3, dilation=2),
    ],
    ids=str,
)
def test_layers_that_are_kept(layer):
    assert kinds(replaced(nn.Sequential(layer))) == []


@pytest.mark.parametrize(
    ("net", "shape", "expected"),
    [
        (nets.MelCNN((61, 77), 4), (61, 77), ["FastMaxPoolReLU", "FastDropoutLayer"] * 3),
        (nets.MelCRNN((96, 100), 4, width=2), (96, 100), ["FastMaxPoolReLU"] * 4),
        (nets.ShortChunkNet((16, 8), 4, width=2), (16, 8), []),
        (nets.SampleNet((59049,), 4, width=1), (59049,), ["FastMaxPoolReLU"] * 11),
        (nets.MelAutoencoder((16, 20), (2, 3)), (16, 20), ["FastConvTranspose2d"] * 2),
    ],
    ids=["cnn", "crnn", "short_chunk", "sample_cnn", "autoencoder"],
)
def test_networks_compute_the_same_with_fast_layers(net, shape, expected):
    net.eval().to(memory_format=torch.channels_last)
    fast = replaced(copy.deepcopy(net, {id(p): p for p in net.parameters()}))
    assert kinds(fast)[: len(expected)] == expected
    assert kinds(net) == []
    assert set(map(id, fast.parameters())) == set(map(id, net.parameters()))
    inputs = torch.randn(2, *shape)
    assert torch.equal(fast(inputs), net(inputs))


def test_dropout_of_a_frozen_branch_stays_off():
    cnn, dnn = nets.MelCNN((61, 77), 4, n_hidden=3), nets.FeatureDNN(5, 4)
    hybrid = replaced(nets.HybridNet(cnn, dnn, 4)).train()
    assert isinstance(hybrid.dnn.drop, FastDropoutLayer)
    features = torch.ones(4, 5)
    assert hybrid.dnn.drop(features) is features
    assert not torch.equal(hybrid.cnn.drop(features), features)
