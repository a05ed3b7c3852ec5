import copy

import pytest
import torch

from sklearn_mer.nets import FeatureDNN, HybridHead, HybridNet, MelCNN

N_FEATURES = 7


@pytest.fixture
def inputs():
    generator = torch.Generator().manual_seed(0)
    spectrograms = torch.randn(6, 64, 80, generator=generator)
    return spectrograms, torch.randn(6, N_FEATURES, generator=generator)


@pytest.fixture
def branches(inputs):
    torch.manual_seed(0)
    cnn, dnn = MelCNN((64, 80), 4, norm_last=True, n_hidden=30), FeatureDNN(N_FEATURES, 4)
    # Statistics that a pass in training mode would move.
    dnn(3 * inputs[1] + 1)
    return cnn, dnn


def state(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def assert_same_state(module, before):
    after = module.state_dict()
    assert list(after) == list(before)
    for name, value in before.items():
        assert torch.equal(after[name], value), name


def assert_other_state(module, before):
    after = module.state_dict()
    for name, value in before.items():
        assert not torch.equal(after[name], value), name


def step(net, inputs):
    """One step of training that moves whatever may move, weight decay included."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.1, weight_decay=0.5)
    loss = torch.nn.functional.cross_entropy(net(*inputs), torch.arange(6) % 4)
    loss.backward()
    optimizer.step()


def test_the_dnn():
    net = FeatureDNN(N_FEATURES, 4).eval()
    sizes = [layer.out_features for layer in net.modules() if isinstance(layer, torch.nn.Linear)]
    assert sizes == [500, 300, 100, 4]
    features = torch.randn(5, N_FEATURES)
    assert net.hidden(features).shape == (5, 100)
    assert (net.hidden(features) >= 0).all()
    torch.testing.assert_close(net(features), net.output_layer(net.hidden(features)))


def test_the_head():
    head = HybridHead(130, 3).eval()
    sizes = [layer.out_features for layer in head.modules() if isinstance(layer, torch.nn.Linear)]
    assert sizes == [200, 100, 3]
    assert head(torch.randn(5, 130)).shape == (5, 3)


def test_the_whole(branches, inputs):
    net = HybridNet(*branches, 4).eval()
    assert net(*inputs).shape == (6, 4)
    cnn, dnn = (branch.eval() for branch in branches)
    hidden = torch.cat([cnn.hidden(inputs[0]), dnn.hidden(inputs[1])], dim=1)
    torch.testing.assert_close(net(*inputs), net.head(hidden))


@pytest.mark.parametrize("mode", ["as built", "train", "train via parent", "eval then train"])
def test_training_leaves_the_dnn_untouched(mode, branches, inputs):
    net = HybridNet(*branches, 4)
    before = state(net.dnn)
    others = {name: state(part) for name, part in [("cnn", net.cnn), ("head", net.head)]}
    if mode == "train":
        net.train()
    elif mode == "train via parent":
        torch.nn.ModuleList([net]).train()
    elif mode == "eval then train":
        net.eval().train()
    for _ in range(3):
        step(net, inputs)
    assert_same_state(net.dnn, before)
    # The counters and weights of the rest have moved.
    assert_other_state(net.head, others["head"])
    assert_other_state(
        net.cnn.hidden_layer,
        {
            name[13:]: value
            for name, value in others["cnn"].items()
            if name.startswith("hidden_layer.")
        },
    )
    assert (net.cnn.blocks[3].norm.running_mean != 0).any()


def test_the_branches_given_are_left_as_they_were(branches, inputs):
    before = [state(branch) for branch in branches]
    modes = [branch.training for branch in branches]
    net = HybridNet(*branches, 4).train()
    step(net, inputs)
    for branch, values in zip(branches, before, strict=True):
        assert_same_state(branch, values)
    assert [branch.training for branch in branches] == modes
    assert all(parameter.requires_grad for parameter in branches[1].parameters())


def test_the_dnn_predicts_the_same_in_both_modes(branches, inputs):
    net = HybridNet(*branches, 4)
    expected = copy.deepcopy(branches[1]).eval().hidden(inputs[1])
    for mode in (True, False):
        assert torch.equal(net.train(mode).dnn.hidden(inputs[1]), expected)
        assert net.training == mode
        assert net.cnn.training == mode


def test_no_gradient_reaches_the_dnn(branches, inputs):
    net = HybridNet(*branches, 4).train()
    net(*inputs).sum().backward()
    assert all(parameter.grad is None for parameter in net.dnn.parameters())
    assert net.cnn.blocks[0].conv.weight.grad.abs().sum() > 0
