"""Training that was killed goes on where it was, and ends as if nothing had been."""

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from cases import NETWORKS, make, scores
from sklearn.base import clone
from sklearn.model_selection import cross_val_score

from sklearn_mer.training import _net, resumable_training

from .tables import train

EVERY_EPOCH = {"every": 0.0}


class Killed(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def kill_after(monkeypatch):
    """Have training stop for good after so many epochs of all networks; return what counts."""
    notify = _net.EmotionNet.notify
    epochs = []

    def counted(net, name, **kwargs):
        if name == "on_epoch_end":
            epochs.append(type(net.module_).__name__)
        notify(net, name, **kwargs)
        if name == "on_epoch_end" and len(epochs) == limit[0]:
            raise Killed

    limit = [None]
    monkeypatch.setattr(_net.EmotionNet, "notify", counted)

    def set_limit(n_epochs):
        epochs.clear()
        limit[0] = n_epochs
        return epochs

    return set_limit


def interrupted(estimator, X, y, folder, kill_after, n_epochs):
    """Fit, killed after so many epochs, and again; return the estimator and epochs of the rest."""
    kill_after(n_epochs)
    with pytest.raises(Killed), resumable_training(folder, **EVERY_EPOCH):
        clone(estimator).fit(X, y)
    rest = kill_after(None)
    with resumable_training(folder, **EVERY_EPOCH) as states:
        fitted = clone(estimator).fit(X, y)
    assert states.seconds_found > 0
    return fitted, len(rest)


@pytest.mark.parametrize("key", [*NETWORKS, "autoencoder", "cnn_deepsmote"])
def test_a_killed_training_ends_as_one_that_was_not(key, clips, tmp_path, kill_after):
    X, y = clips
    method = make(key)
    if "max_epochs" in method.get_params(deep=False):
        method.set_params(max_epochs=3, stop_accuracy=None)
    epochs = kill_after(None)
    expected = clone(method).fit(X, y)
    n_epochs = len(epochs)
    assert n_epochs > 1
    again, n_left = interrupted(method, X, y, tmp_path, kill_after, n_epochs - 1)
    assert n_left == 1
    np.testing.assert_array_equal(scores(again, X), scores(expected, X))


@pytest.mark.parametrize("n_epochs", [1, 2, 4])
def test_a_hybrid_goes_on_in_the_stage_where_it_was(n_epochs, clips, tmp_path, kill_after):
    X, y = clips
    method = make("hybrid", stop_accuracy=None)
    expected = clone(method).fit(X, y)
    again, n_left = interrupted(method, X, y, tmp_path, kill_after, n_epochs)
    assert n_left == sum(expected.n_epochs_.values()) - n_epochs
    assert again.n_epochs_ == expected.n_epochs_
    np.testing.assert_array_equal(scores(again, X), scores(expected, X))


def test_folds_that_were_through_are_not_trained_again(clips, tmp_path, kill_after):
    X, y = clips
    method = make("cnn", stop_accuracy=None)
    expected = cross_val_score(method, X, y, cv=3)
    kill_after(3)  # in the second fold
    with pytest.raises(Killed), resumable_training(tmp_path, **EVERY_EPOCH):
        cross_val_score(method, X, y, cv=3, error_score="raise")
    rest = kill_after(None)
    with resumable_training(tmp_path, **EVERY_EPOCH):
        again = cross_val_score(method, X, y, cv=3)
    assert len(rest) == 3
    np.testing.assert_array_equal(again, expected)


def test_training_that_stopped_by_itself_does_not_go_on(clips, tmp_path, kill_after):
    X, y = clips
    method = make("cnn", stop_accuracy=0.05)
    epochs = kill_after(None)
    with resumable_training(tmp_path, **EVERY_EPOCH):
        first = clone(method).fit(X, y)
        assert len(epochs) == first.n_epochs_ == 1
        again = clone(method).fit(X, y)
    assert len(epochs) == 1
    np.testing.assert_array_equal(scores(again, X), scores(first, X))


@pytest.mark.parametrize("other", [{"lr": 0.5}, {"random_state": 7}, {"precision": "float32"}])
def test_another_training_finds_no_state(other, clips, tmp_path):
    X, y = clips
    with resumable_training(tmp_path, **EVERY_EPOCH) as states:
        make("cnn", precision="bfloat16").fit(X, y)
        make("cnn", **{"precision": "bfloat16", **other}).fit(X, y)
        make("cnn", precision="bfloat16").fit(X[1:], y[1:])
        make("cnn", precision="bfloat16").fit(X, y[::-1])
        assert states.seconds_found == 0
        make("cnn", precision="bfloat16").fit(X, y)
        assert states.seconds_found > 0
    assert len(list(tmp_path.iterdir())) == 4


def test_short_trainings_leave_nothing(clips, tmp_path):
    with resumable_training(tmp_path / "states"):
        make("cnn").fit(*clips)
    assert not (tmp_path / "states").exists()


def test_nothing_is_kept_outside(clips, tmp_path):
    with resumable_training(tmp_path, **EVERY_EPOCH):
        pass
    net = make("cnn").fit(*clips).net_
    assert not list(tmp_path.iterdir())
    kinds = [type(callback).__name__ for callback in net.callbacks]
    assert kinds == ["TrainAccuracy", "FiniteLoss", "BatchSchedule"]


def test_a_net_does_not_hold_the_clips(clips, tmp_path):
    plain = make("cnn").fit(*clips)
    with resumable_training(tmp_path, **EVERY_EPOCH):
        kept = make("cnn").fit(*clips)
    assert len(pickle.dumps(kept)) < len(pickle.dumps(plain)) + 2000


def one_bit_less(content):
    """Return the bytes with one bit flipped, in the middle of the weights."""
    content = bytearray(content)
    content[len(content) // 2] ^= 1
    return bytes(content)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file", b"text", None])
def test_a_damaged_state_is_named_and_left(content, clips, tmp_path, kill_after):
    X, y = clips
    method = make("cnn")
    with resumable_training(tmp_path, **EVERY_EPOCH):
        expected = clone(method).fit(X, y)
    (path,) = tmp_path.iterdir()
    path.write_bytes(one_bit_less(path.read_bytes()) if content is None else content)
    with (
        resumable_training(tmp_path, **EVERY_EPOCH),
        pytest.warns(UserWarning, match=f"{path.name}.*from the beginning"),
    ):
        again = clone(method).fit(X, y)
    np.testing.assert_array_equal(scores(again, X), scores(expected, X))
    assert torch.load(path, weights_only=True)["history"]  # it is whole again


def test_a_state_runs_no_code(clips, tmp_path):
    with resumable_training(tmp_path, **EVERY_EPOCH):
        make("cnn").fit(*clips)
    (path,) = tmp_path.iterdir()
    torch.save({"history": [], "evil": pytest.fail}, path)
    with resumable_training(tmp_path, **EVERY_EPOCH), pytest.warns(UserWarning, match="read"):
        make("cnn").fit(*clips)


def test_a_folder_that_cannot_be_written_costs_one_warning(clips, tmp_path):
    folder = tmp_path / "file"
    folder.touch()
    with (
        resumable_training(folder, **EVERY_EPOCH),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        make("cnn").fit(*clips)
    told = [str(warning.message) for warning in caught if str(folder) in str(warning.message)]
    assert len(told) == 1
    assert "cannot be written" in told[0]


PROGRAM = """
import os, sys
import numpy as np
from sklearn_mer import CNNBaseline
from sklearn_mer.training import _net, resumable_training

notify, ended = _net.EmotionNet.notify, []

def counted(net, name, **kwargs):
    notify(net, name, **kwargs)
    ended.extend([name] * (name == "on_epoch_end"))
    if len(ended) == {n_epochs}:
        os.kill(os.getpid(), 9)

_net.EmotionNet.notify = counted
X = np.random.default_rng(0).standard_normal((8, 61, 77), dtype=np.float32)
cnn = CNNBaseline(frontend="passthrough", max_epochs=4, stop_accuracy=None, random_state=0)
with resumable_training({folder!r}, every=0.0):
    cnn.fit(X, list("abcdabcd"))
print(len(ended), cnn.predict_proba(X).tolist())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="this system has no kill -9")
def test_a_process_goes_on_where_another_was_killed(tmp_path):
    def run(n_epochs, folder):
        code = PROGRAM.format(folder=str(folder), n_epochs=n_epochs)
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert run(2, tmp_path / "killed").returncode == -9
    ended, expected = run(-1, tmp_path / "killed"), run(-1, tmp_path / "other")
    assert (ended.returncode, expected.returncode) == (0, 0), ended.stderr + expected.stderr
    assert (ended.stdout[:2], expected.stdout[:2]) == ("2 ", "4 ")
    assert ended.stdout[2:] == expected.stdout[2:]


def test_a_state_of_other_weights_is_not_gone_on_from(rows, tmp_path):
    with resumable_training(tmp_path, every=0.0) as states:
        for sample_weight in (None, np.ones(20), np.arange(20.0)):
            train(rows, sample_weight)
        assert states.seconds_found == 0
        train(rows, np.ones(20))
        assert states.seconds_found > 0
