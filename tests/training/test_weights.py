"""Weights of samples in the loss."""

import numpy as np
import pytest
import torch
from cases import weights
from torch import nn

from sklearn_mer.nets import FeatureDNN
from sklearn_mer.training import Settings, resumable_training, train_network
from sklearn_mer.training._batches import Batches
from sklearn_mer.training.cpu import MicroBatchEngine

SETTINGS = Settings(
    optimizer="sgd",
    lr=0.1,
    weight_decay=0.0,
    schedule="constant",
    batch_size=8,
    max_epochs=2,
    micro_batch=None,
    device="cpu",
    precision="float32",
    seed=0,
    verbose=0,
)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 3)).astype(np.float32), np.arange(20) % 2


def train(rows, sample_weight=None, **others):
    X, targets = rows
    params = {"n_features": X.shape[1], "n_classes": 2, "dropout": 0.0}
    return train_network(
        FeatureDNN, params, (X,), targets, SETTINGS, sample_weight=sample_weight, **others
    )


def assert_same_weights(one, other, **tolerance):
    one, other = weights(one), weights(other)
    for name, value in one.items():
        np.testing.assert_allclose(value, other[name], err_msg=name, **tolerance)


@pytest.mark.parametrize("weight", [1, 3.5])
def test_equal_weights_are_none(weight, rows):
    weighted = train(rows, np.full(20, weight))
    assert_same_weights(weighted, train(rows), rtol=1e-4, atol=1e-6)
    losses = [net.history[:, "train_loss"] for net in (weighted, train(rows))]
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_the_loss_is_the_weighted_mean_whatever_the_micro_batches(rows):
    X, targets = map(torch.from_numpy, rows)
    sample_weight = torch.linspace(0, 2, 20)
    module = nn.Linear(3, 2)
    losses = nn.functional.cross_entropy(module(X), targets, reduction="none")
    expected = (losses * sample_weight).sum() / sample_weight.sum()
    expected.backward()
    gradient = module.weight.grad.clone()
    for micro_batch in (None, 10, 3):
        engine = MicroBatchEngine(
            module,
            nn.CrossEntropyLoss(reduction="none"),
            micro_batch=micro_batch,
            n_threads=2,
            bfloat16=False,
            seed=0,
        )
        loss, _ = engine.run((X,), targets, sample_weight / sample_weight.sum())
        engine.close()
        torch.testing.assert_close(loss, expected.detach())
        torch.testing.assert_close(module.weight.grad, gradient)


def test_shares_of_each_batch_follow_its_rows():
    data = Data(np.arange(20))
    batches = list(Batches(data, 6, seed=0, sample_weight=np.arange(20.0)))
    assert len(batches) > 2
    for _, targets, shares in batches:
        assert shares.sum().item() == pytest.approx(1)
        torch.testing.assert_close(shares, targets / targets.sum())


def test_a_batch_that_weighs_nothing_has_no_loss():
    (_, _, shares), *_ = Batches(Data(np.arange(4)), 4, seed=0, sample_weight=np.zeros(4))
    assert shares.tolist() == [0.0] * 4


class Data:
    def __init__(self, numbers):
        self.X, self.y = (numbers,), numbers


def test_a_class_of_more_weight_is_predicted_more(rows):
    X, targets = rows
    sizes = []
    for weight in (0.01, 1.0, 100.0):
        net = train(rows, np.where(targets, weight, 1.0))
        sizes.append(net.module_(torch.from_numpy(X)).argmax(1).float().mean().item())
    assert sizes[0] < 0.3 < sizes[1] < 0.7 < sizes[2]


def test_clips_without_weight_have_no_influence_beyond_the_normalisation(rows):
    X, targets = rows
    others = np.where(np.arange(20) < 10, targets, 1 - targets)
    sample_weight = (np.arange(20) < 10).astype(float)
    assert_same_weights(train(rows, sample_weight), train((X, others), sample_weight), rtol=0)


def test_tags_have_weights_too(rows):
    X, targets = rows
    tags = np.eye(2, dtype=np.float32)[targets]
    others = {"criterion": nn.BCEWithLogitsLoss, "with_accuracy": False}
    even = train((X, tags), np.full(20, 2.0), **others)
    assert_same_weights(even, train((X, tags), **others), rtol=1e-4, atol=1e-6)


def test_a_state_of_other_weights_is_not_gone_on_from(rows, tmp_path):
    with resumable_training(tmp_path, every=0.0) as states:
        for sample_weight in (None, np.ones(20), np.arange(20.0)):
            train(rows, sample_weight)
        assert states.seconds_found == 0
        train(rows, np.ones(20))
        assert states.seconds_found > 0
