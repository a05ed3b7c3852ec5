"""The end of training by accuracy, and the learning rate."""

import numpy as np
import pytest
from cases import make
from sklearn.preprocessing import StandardScaler
from tiled import Tiled

from sklearn_mer import CNNBaseline, HybridMER
from sklearn_mer.nets import MelCNN


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
        head="network",
        n_dnns=1,
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


def test_learning_rate_rises_to_its_highest_and_falls(clips):
    cnn = make("cnn", lr=0.004, max_epochs=10, batch_size=4, stop_accuracy=None).fit(*clips)
    rates = [batch["event_lr"] for epoch in cnn.history_ for batch in epoch["batches"]]
    assert len(rates) == 30
    assert np.argmax(rates) == pytest.approx(9, abs=1)
    assert max(rates) == pytest.approx(0.004, rel=0.02)
    assert rates[-1] < rates[0] < 0.0005
    constant = make("cnn", lr=0.004, schedule="constant").fit(*clips)
    assert {group["lr"] for group in constant.net_.optimizer_.param_groups} == {0.004}
