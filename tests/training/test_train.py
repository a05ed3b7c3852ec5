"""What training tells and leaves, and the weights of samples."""

import numpy as np
import pytest
import torch
from cases import NETWORKS, make, weights
from torch import nn

from .tables import train


@pytest.mark.parametrize(
    ("max_epochs", "expected"), [(None, (3, 1, 4)), (2, (2, 2, 2)), (5, (5, 5, 5))]
)
def test_max_epochs_replaces_the_epochs_of_every_stage_of_the_hybrid(max_epochs, expected, clips):
    own = {"dnn_max_epochs": 3, "cnn_max_epochs": 1, "head_max_epochs": 4}
    hybrid = make("hybrid_network", max_epochs=max_epochs, stop_accuracy=None, **own)
    hybrid.fit(*clips)
    assert tuple(hybrid.n_epochs_.values()) == expected


def test_the_hybrid_tells_the_epochs_of_all_its_dnns(clips):
    hybrid = make("hybrid", n_dnns=3, max_epochs=2, stop_accuracy=None).fit(*clips)
    assert hybrid.n_epochs_ == {"dnn": 6, "cnn": 2}
    assert [epoch["epoch"] for epoch in hybrid.history_["dnn"]] == [1, 2] * 3


def test_history_tells_each_epoch(clips):
    cnn = make("cnn", max_epochs=3).fit(*clips)
    assert [epoch["epoch"] for epoch in cnn.history_] == [1, 2, 3]
    for epoch in cnn.history_:
        assert epoch["train_loss"] > 0
        assert 0 <= epoch["train_accuracy"] <= 1
        assert epoch["dur"] > 0


@pytest.mark.parametrize("key", NETWORKS)
def test_verbose_shows_a_bar_and_a_line_an_epoch(key, clips, capfd):
    method = make(key, verbose=1, stop_accuracy=0.01).fit(*clips)
    shown = capfd.readouterr()
    n_epochs = method.n_epochs_ if isinstance(method.n_epochs_, int) else 3
    assert n_epochs in (1, 3)  # the first epoch of each network is accurate enough
    assert shown.out.count("train_accuracy") == n_epochs
    assert sum(line.strip().startswith("1 ") for line in shown.out.splitlines()) == n_epochs
    assert shown.err.count("0%|") >= n_epochs


@pytest.mark.parametrize("key", NETWORKS)
def test_nothing_is_printed_otherwise(key, clips, capfd):
    make(key).fit(*clips).predict(clips[0])
    shown = capfd.readouterr()
    assert shown.out == ""
    assert shown.err == ""


def test_the_frozen_branch_stays_as_it_was(clips):
    hybrid = make("hybrid_network", max_epochs=3, stop_accuracy=None).fit(*clips)
    whole, dnn, cnn = weights(hybrid.net_), weights(hybrid.dnns_[0]), weights(hybrid.cnn_)
    for name, values in dnn.items():
        np.testing.assert_array_equal(whole[f"dnn.{name}"], values, err_msg=name)
    assert not np.array_equal(whole["cnn.hidden_layer.weight"], cnn["hidden_layer.weight"])
    running = "cnn.blocks.0.norm.running_mean"
    assert not np.array_equal(whole[running], cnn[running.removeprefix("cnn.")])


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
