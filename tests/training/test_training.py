"""When training ends, what it tells, and that an interrupt gets through."""

import numpy as np
import pytest
import torch
from cases import NETWORKS, SINGLE_NETWORKS, make, weights
from sklearn.exceptions import NotFittedError
from sklearn.preprocessing import StandardScaler
from tiled import Tiled

from sklearn_mer import CNNBaseline, HybridMER
from sklearn_mer.methods import _hybrid
from sklearn_mer.nets import MelCNN
from sklearn_mer.training._callbacks import TrainAccuracy


@pytest.fixture(scope="module")
def blobs():
    """Two well separated heaps of numbers: learned within a few epochs."""
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    return rng.normal(size=(40, 2)) + 3 * y[:, None], y


def test_training_ends_with_the_first_epoch_that_is_accurate_enough(blobs):
    settings = {"frontend": Tiled(), "max_epochs": 40, "lr": 0.003, "random_state": 0}
    cnn = CNNBaseline(stop_accuracy=0.95, **settings).fit(*blobs)
    reached = [epoch["train_accuracy"] for epoch in cnn.history_]
    assert 1 < len(reached) == cnn.n_epochs_ < 40
    assert reached[-1] >= 0.95
    assert max(reached[:-1]) < 0.95
    # Up to there, training is the same as without an end.
    on = CNNBaseline(stop_accuracy=None, **settings).fit(*blobs)
    assert [epoch["train_accuracy"] for epoch in on.history_][: len(reached)] == reached
    assert on.n_epochs_ == 40


def test_training_accuracy_is_that_of_the_batches(blobs):
    X, y = blobs
    # Nothing is learned and nothing dropped: it is then the accuracy of the network.
    cnn = CNNBaseline(
        frontend=Tiled(), optimizer="sgd", lr=1e-20, weight_decay=0, max_epochs=1, random_state=3
    )
    seen = []

    class Recording(MelCNN):
        def forward(self, spectrograms):
            logits = super().forward(spectrograms)
            seen.append(logits.detach())
            return logits

    cnn._module = Recording
    cnn.set_params(batch_size=len(y))._micro_batch = None
    cnn.fit(X, y)
    order = np.random.default_rng(cnn.net_.seed).permutation(len(y))
    accuracy = (seen[0].argmax(1).numpy() == y[order]).mean()
    assert cnn.history_[0]["train_accuracy"] == accuracy
    assert 0 < accuracy < 1


def test_each_stage_of_the_hybrid_ends_by_itself(blobs):
    X, y = blobs
    hybrid = HybridMER(
        frontend=Tiled(),
        features=StandardScaler(),
        augment=None,
        cnn_max_epochs=40,
        cnn_lr=0.003,
        dnn_max_epochs=3,
        dnn_lr=1e-9,
        stop_accuracy=0.95,
        random_state=0,
    ).fit(X, y)
    accuracies = {
        stage: [epoch["train_accuracy"] for epoch in epochs]
        for stage, epochs in hybrid.history_.items()
    }
    assert list(accuracies) == ["dnn", "cnn", "head"]
    assert {stage: len(reached) for stage, reached in accuracies.items()} == hybrid.n_epochs_
    assert hybrid.n_epochs_["dnn"] == 3
    assert hybrid.n_epochs_["cnn"] < 40
    for stage in ("cnn", "head"):
        assert accuracies[stage][-1] >= 0.95
        assert all(reached < 0.95 for reached in accuracies[stage][:-1])


@pytest.mark.parametrize(
    ("max_epochs", "expected"), [(None, (3, 1, 4)), (2, (2, 2, 2)), (5, (5, 5, 5))]
)
def test_max_epochs_replaces_the_epochs_of_every_stage_of_the_hybrid(max_epochs, expected, clips):
    own = {"dnn_max_epochs": 3, "cnn_max_epochs": 1, "head_max_epochs": 4}
    hybrid = make("hybrid", max_epochs=max_epochs, stop_accuracy=None, augment=None, **own)
    hybrid.fit(*clips)
    assert tuple(hybrid.n_epochs_.values()) == expected


def test_history_tells_each_epoch(clips):
    cnn = make("cnn", max_epochs=3).fit(*clips)
    assert [epoch["epoch"] for epoch in cnn.history_] == [1, 2, 3]
    for epoch in cnn.history_:
        assert epoch["train_loss"] > 0
        assert 0 <= epoch["train_accuracy"] <= 1
        assert epoch["dur"] > 0


def test_learning_rate_rises_to_its_highest_and_falls(clips):
    cnn = make("cnn", lr=0.004, max_epochs=10, batch_size=4, stop_accuracy=None).fit(*clips)
    rates = [batch["event_lr"] for epoch in cnn.history_ for batch in epoch["batches"]]
    assert len(rates) == 30
    assert np.argmax(rates) == pytest.approx(9, abs=1)
    assert max(rates) == pytest.approx(0.004, rel=0.02)
    assert rates[-1] < rates[0] < 0.0005
    constant = make("cnn", lr=0.004, schedule="constant").fit(*clips)
    assert {group["lr"] for group in constant.net_.optimizer_.param_groups} == {0.004}


@pytest.mark.parametrize("n_clips", [2, 3, 5, 9, 10])
@pytest.mark.parametrize("key", [*SINGLE_NETWORKS, "hybrid", "hybrid_train_cnn"])
def test_batches_of_two_and_odd_numbers_of_clips(key, n_clips, clips):
    X = clips[0]
    sizes = {name: 2 for name in make(key).get_params() if name.endswith("batch_size")}
    method = make(key, max_epochs=1, **sizes).fit(X[:n_clips], np.arange(n_clips) % 2)
    assert np.isfinite(method.predict_proba(X)).all()


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


@pytest.fixture
def interrupted(monkeypatch):
    """The user interrupts training at its second batch."""
    count = TrainAccuracy.on_batch_end

    def on_batch_end(self, net, **kwargs):
        count(self, net, **kwargs)
        if len(net.history[-1, "batches"]) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(TrainAccuracy, "on_batch_end", on_batch_end)


@pytest.mark.parametrize("key", NETWORKS)
@pytest.mark.usefixtures("interrupted")
def test_an_interrupt_gets_through(key, clips, torch_threads):
    X, y = clips
    torch_threads(2)
    rng_state = torch.get_rng_state()
    batch_size = "head_batch_size" if key.startswith("hybrid") else "batch_size"
    method = make(key, **{batch_size: 4})
    with pytest.raises(KeyboardInterrupt):
        method.fit(X, y)
    assert torch.get_num_threads() == 2
    assert torch.equal(torch.get_rng_state(), rng_state)
    with pytest.raises(NotFittedError):
        method.predict(X)


def test_an_interrupt_in_the_middle_of_a_step_gets_through(clips, monkeypatch):
    def interrupt(self, spectrograms):
        raise KeyboardInterrupt

    monkeypatch.setattr(MelCNN, "forward", interrupt)
    for key in ("cnn", "hybrid"):
        with pytest.raises(KeyboardInterrupt):
            make(key).fit(*clips)


def test_a_failure_in_a_step_gets_through(clips, monkeypatch):
    def fail(self, spectrograms):
        raise RuntimeError("broken")

    monkeypatch.setattr(MelCNN, "forward", fail)
    with pytest.raises(RuntimeError, match="broken"):
        make("cnn").fit(*clips)


def test_the_frozen_branch_stays_as_it_was(clips):
    hybrid = make("hybrid_train_cnn", max_epochs=3, stop_accuracy=None).fit(*clips)
    whole, dnn, cnn = weights(hybrid.net_), weights(hybrid.dnn_), weights(hybrid.cnn_)
    for name, values in dnn.items():
        np.testing.assert_array_equal(whole[f"dnn.{name}"], values, err_msg=name)
    assert not np.array_equal(whole["cnn.hidden_layer.weight"], cnn["hidden_layer.weight"])
    running = "cnn.blocks.0.norm.running_mean"
    assert not np.array_equal(whole[running], cnn[running.removeprefix("cnn.")])


def test_the_head_alone_leaves_both_branches_as_they_were(clips, monkeypatch):
    before = {}
    fit_head = _hybrid.HybridMER._fit_head

    def recording(self, *args):
        for stage, net in [("cnn", self.cnn_), ("dnn", self.dnn_)]:
            before[stage] = {name: values.copy() for name, values in weights(net).items()}
        return fit_head(self, *args)

    monkeypatch.setattr(_hybrid.HybridMER, "_fit_head", recording)
    hybrid = make("hybrid", max_epochs=3).fit(*clips)
    for stage, net in [("cnn", hybrid.cnn_), ("dnn", hybrid.dnn_)]:
        for name, values in weights(net).items():
            np.testing.assert_array_equal(values, before[stage][name], err_msg=name)
