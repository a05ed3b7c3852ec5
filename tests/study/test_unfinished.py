"""A cell that was running when the driver stopped goes on where its network was."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sklearn_mer import CNNBaseline, training
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, Protocol, StudyData, _run, plan_cells, run_cells
from sklearn_mer.training import _net, resumable_training


@pytest.fixture(autouse=True)
def a_state_every_epoch(monkeypatch):
    monkeypatch.setattr(training, "resumable_training", partial(resumable_training, every=0.0))


@pytest.fixture
def epochs(monkeypatch):
    """Epochs trained; a number in `at` is that at whose end the user presses Ctrl-C."""
    notify = _net.EmotionNet.notify
    ended = type("Ended", (list,), {"at": None})()

    def counted(net, name, **kwargs):
        notify(net, name, **kwargs)
        if name == "on_epoch_end":
            ended.append(net)
            if len(ended) == ended.at:
                raise KeyboardInterrupt

    monkeypatch.setattr(_net.EmotionNet, "notify", counted)
    return ended


@pytest.fixture
def work():
    X = np.random.default_rng(0).standard_normal((16, 61, 77), dtype=np.float32)
    y = np.array(["Q1", "Q2"] * 8)
    data = StudyData("noise", X, y)
    cnn = CNNBaseline(frontend="passthrough", max_epochs=4, stop_accuracy=None)
    return plan_cells([Method("cnn", cnn)], data, Protocol(2, 1)), data


def run(work, path):
    results = CellResults(path)
    summary = run_cells(*work, results, n_jobs=1, progress=False)
    return summary, results.rows()


def states(path):
    """Return the folders of unfinished training."""
    return sorted(Path(path).rglob("*.states"))


def test_a_stopped_cell_goes_on_where_it_was(work, epochs, tmp_path):
    _, expected = run(work, tmp_path / "other")
    epochs.clear()
    epochs.at = 6  # the second epoch of the second cell
    summary, _ = run(work, tmp_path / "results")
    assert (summary.stopped, summary.n_done) == ("interrupted", 1)
    (kept,) = states(tmp_path / "results")
    assert work[0][1].key[:12] in kept.name  # nothing of the first, which is done
    epochs.clear()
    epochs.at = None
    summary, rows = run(work, tmp_path / "results")
    assert (summary.n_found, summary.n_done) == (1, 1)
    assert len(epochs) == 2
    assert states(tmp_path / "results") == []
    for name in ("key", "f1_macro", "confusion", "epochs"):
        assert [row[name] for row in rows] == [row[name] for row in expected]
    for row, once in zip(rows, expected, strict=True):
        losses = [[epoch["train_loss"] for epoch in r["history"]] for r in (row, once)]
        assert losses[0] == losses[1]
        # The seconds of the epochs before the stop count.
        assert row["fit_seconds"] > sum(epoch["dur"] for epoch in row["history"])


def test_a_state_of_other_code_is_left_alone(work, epochs, tmp_path, monkeypatch):
    epochs.at = 2
    run(work, tmp_path / "results")
    assert len(states(tmp_path / "results")) == 1
    epochs.at = None
    epochs.clear()
    monkeypatch.setattr(_run, "code_digest", lambda: "of another state of the library")
    run(work, tmp_path / "results")
    assert len(epochs) == 8
    assert states(tmp_path / "results") == []
