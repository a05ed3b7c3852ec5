import copy
import pickle

import pytest
import torch
from torch.nn import functional as F

from sklearn_mer.nets import MelCNN

from .sizes import n_parameters

SHAPE = (128, 942)


@pytest.fixture
def maps():
    return torch.randn(3, 64, 80, generator=torch.Generator().manual_seed(0))


def test_size_for_the_clips_of_the_paper():
    net = MelCNN(SHAPE, 4)
    assert n_parameters(net) == 621_264
    assert net.hidden_layer.in_features == 2000
    assert net.eval().blocks(torch.zeros(1, 1, *SHAPE)).shape == (1, 16, 5, 25)


def test_the_branch_of_the_hybrid_has_one_more_normalisation():
    assert n_parameters(MelCNN(SHAPE, 4, norm_last=True)) == 621_264 + 2 * 16


@pytest.mark.parametrize(
    "shape", [MelCNN.smallest_input, (64, 80), (96, 200), (128, 938), (61, 942)]
)
@pytest.mark.parametrize("n_classes", [2, 4])
def test_shapes(shape, n_classes):
    net = MelCNN(shape, n_classes, n_hidden=20).eval()
    spectrograms = torch.randn(3, *shape)
    assert net(spectrograms).shape == (3, n_classes)
    hidden = net.hidden(spectrograms)
    assert hidden.shape == (3, 20)
    assert (hidden >= 0).all()
    torch.testing.assert_close(net(spectrograms), net.output_layer(hidden))


@pytest.mark.parametrize("axis", [0, 1])
def test_too_small_inputs(axis):
    shape = list(MelCNN.smallest_input)
    shape[axis] -= 1
    with pytest.raises(ValueError, match=r"too small.*at least 61 x 77.*longer clips"):
        MelCNN(tuple(shape), 4)


def test_pooling_before_relu_is_relu_before_pooling(maps):
    net = MelCNN((64, 80), 4).eval()
    inner = maps.unsqueeze(1)
    for block in net.blocks:
        plain = F.max_pool2d(F.relu(block.conv(inner)), block.pool[0].kernel_size, ceil_mode=True)
        expected = block.norm(plain)
        inner = block(inner)
        assert torch.equal(inner, expected)


def test_gradients_are_the_same_too(maps):
    block = MelCNN((64, 80), 4).eval().blocks[0]
    gradients = []
    for first, second in [("relu", "pool"), ("pool", "relu")]:
        block.zero_grad()
        value = block.conv(maps.unsqueeze(1))
        for step in (first, second):
            value = F.relu(value) if step == "relu" else F.max_pool2d(value, 2, ceil_mode=True)
        value.square().sum().backward()
        gradients.append(block.conv.weight.grad.clone())
    torch.testing.assert_close(*gradients)


def test_the_input_is_standardised(maps):
    torch.manual_seed(0)
    plain = MelCNN((64, 80), 4)
    scaled = MelCNN((64, 80), 4, mean=-30.0, std=12.0)
    scaled.load_state_dict(
        {
            **plain.state_dict(),
            "standardize.mean": scaled.standardize.mean,
            "standardize.std": scaled.standardize.std,
        }
    )
    torch.testing.assert_close(
        scaled.eval()(12 * maps - 30), plain.eval()(maps), rtol=1e-4, atol=1e-4
    )
    # Learned beforehand, not trained: kept with the weights.
    assert "standardize.mean" in scaled.state_dict()
    assert "standardize.mean" not in dict(scaled.named_parameters())


def test_weights_are_drawn_by_he_and_repeatable():
    nets = []
    for _ in range(2):
        torch.manual_seed(3)
        nets.append(MelCNN(SHAPE, 4))
    for one, two in zip(*(net.parameters() for net in nets), strict=True):
        assert torch.equal(one, two)
    weight = nets[0].hidden_layer.weight
    assert weight.std().item() == pytest.approx((2 / 2000) ** 0.5, rel=0.02)
    assert not nets[0].hidden_layer.bias.any()
    kernel = nets[0].blocks[1].conv.weight
    assert kernel.std().item() == pytest.approx((2 / 400) ** 0.5, rel=0.05)


def test_dropout_is_where_the_paper_has_it():
    net = MelCNN(SHAPE, 4)
    assert [block.drop.p for block in net.blocks] == [0.1, 0.1, 0.1, 0.0]
    assert net.drop.p == 0.4


def test_copies_predict_the_same(maps):
    net = MelCNN((64, 80), 4)
    expected = net.eval()(maps)
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert torch.equal(twin(maps), expected)
        assert twin.train()(maps).shape == (3, 4)
