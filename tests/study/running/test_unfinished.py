"""A cell that was running when the driver stopped goes on where its network was."""

from functools import partial

import numpy as np
import pytest

from sklearn_mer import CNNBaseline
from sklearn_mer.study import CellStore, Protocol, StudyData, StudyMethod, plan_cells, run_cells
from sklearn_mer.study.cells import _score
from sklearn_mer.training import _net, resumable_training


@pytest.fixture(autouse=True)
def a_state_every_epoch(monkeypatch):
    monkeypatch.setattr(_score, "resumable_training", partial(resumable_training, every=0.0))


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
    return plan_cells([StudyMethod("cnn", cnn)], data, Protocol(2, 1)), data


def run(work, path):
    store = CellStore(path)
    summary = run_cells(*work, store, n_jobs=1, progress=False)
    return summary, store.rows(), store.histories()


def test_a_stopped_cell_goes_on_where_it_was(work, epochs, tmp_path):
    _, expected, learned = run(work, tmp_path / "other.sqlite")
    epochs.clear()
    epochs.at = 6  # the second epoch of the second cell
    summary, _, _ = run(work, tmp_path / "table1.sqlite")
    assert (summary.stopped, summary.n_done) == ("interrupted", 1)
    folder = tmp_path / "table1.sqlite-unfinished"
    (kept,) = folder.iterdir()
    assert kept.name.startswith(work[0][1].key)  # nothing of the first, which is done
    epochs.clear()
    epochs.at = None
    summary, rows, histories = run(work, tmp_path / "table1.sqlite")
    assert (summary.n_found, summary.n_done) == (1, 1)
    assert len(epochs) == 2
    assert not folder.exists()
    for name in ("key", "f1_macro", "confusion", "epochs"):
        assert [row[name] for row in rows] == [row[name] for row in expected]
    for row in rows:
        losses, once = ([e["train_loss"] for e in h[row["key"]]] for h in (histories, learned))
        assert losses == once
        # The seconds of the epochs before the stop count.
        assert row["fit_seconds"] > sum(epoch["dur"] for epoch in histories[row["key"]])


def test_a_state_of_other_code_is_left_alone(work, epochs, tmp_path, monkeypatch):
    epochs.at = 2
    run(work, tmp_path / "table1.sqlite")
    epochs.at = None
    epochs.clear()
    monkeypatch.setattr(_score, "code_digest", lambda: "of another state of the library")
    run(work, tmp_path / "table1.sqlite")
    assert len(epochs) == 8
    assert not (tmp_path / "table1.sqlite-unfinished").exists()
