"""Interrupts and failures get through."""

import pytest
import torch
from cases import NETWORKS, make
from sklearn.exceptions import NotFittedError

from sklearn_mer.nets import MelCNN
from sklearn_mer.training._callbacks import TrainAccuracy


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
