import sqlite3

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier

from sklearn_mer.study import CellResult, CellStore, StudyMethod, plan_cells, run_cells, score_cell
from sklearn_mer.study.cells._history import portable_history
from sklearn_mer.study.store._other_store import other_results


class Learner(DummyClassifier):
    """Learns in two epochs, and keeps what skorch keeps."""

    def fit(self, X, y):
        self.history_ = [
            {
                "epoch": 1,
                "batches": [{"loss": 9}],
                "train_loss": np.float32(1.5),
                "dur": 0.123456789,
            },
            {"epoch": 2, "batches": [], "train_loss": float("nan"), "train_accuracy": 0.5},
        ]
        return super().fit(X, y)


EXPECTED = [
    {"epoch": 1, "train_loss": 1.5, "dur": 0.123457},
    {"epoch": 2, "train_accuracy": 0.5},
]


@pytest.fixture
def cells(data, protocol):
    return plan_cells([StudyMethod("learner", Learner())], data, protocol)


def test_a_cell_brings_its_history_in_plain_numbers(cells, data):
    assert score_cell(cells[0], data.X, data.y).history == EXPECTED


def test_stages_are_kept_apart():
    stages = {"dnn": [{"epoch": np.int64(1), "batches": []}], "head": []}
    found = portable_history(stages)
    assert found == {"dnn": [{"epoch": 1}], "head": []}
    assert type(found["dnn"][0]["epoch"]) is int


def test_a_run_stores_the_history_of_each_cell(cells, data, store):
    run_cells(cells, data, store, n_jobs=1, progress=False)
    assert store.histories() == {cell.key: EXPECTED for cell in cells}
    assert CellStore(store.path).histories() == store.histories()


def test_methods_without_epochs_have_none(data, protocol, store):
    cells = plan_cells([StudyMethod("prior", DummyClassifier())], data, protocol)
    run_cells(cells, data, store, n_jobs=1, progress=False)
    assert len(store.rows()) == len(cells)
    assert store.histories() == {}


def test_a_store_without_histories_is_read_and_goes_on(cells, data, store):
    with sqlite3.connect(store.path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "histories" not in tables  # as in stores written before
    assert store.histories() == {}
    store.record(cells[0], score_cell(cells[0], data.X, data.y))
    assert list(store.histories()) == [cells[0].key]


def test_the_first_history_of_a_cell_stays_as_the_cell_does(cells, store):
    done = {"f1_macro": 0.5, "fit_seconds": 1.0, "score_seconds": 1.0}
    store.record(cells[0], CellResult("failed", traceback="no"))
    assert store.histories() == {}
    for epochs in (1, 2):
        store.record(cells[0], CellResult("done", **done, history=[{"epoch": 1}] * epochs))
    assert store.histories() == {cells[0].key: [{"epoch": 1}]}


def test_each_code_keeps_its_own(cells, store):
    by_other_code = CellResult("done", f1_macro=0.5, history=[{"epoch": 1}], code="0" * 32)
    by_ours = CellResult("done", f1_macro=0.6, history=[{"epoch": 2}])
    store.record(cells[0], by_other_code)
    assert store.histories() == {cells[0].key: [{"epoch": 1}]}
    assert CellStore(store.path, code="same").histories() == {}
    store.record(cells[0], by_ours)
    assert store.histories() == {cells[0].key: [{"epoch": 2}]}
    assert len(store.all_histories()) == 2


def test_they_come_along_with_the_cells_of_another_store(cells, data, store, tmp_path):
    run_cells(cells, data, store, n_jobs=1, progress=False)
    other = CellStore(tmp_path / "other.sqlite")
    other.merge(*other_results(store.path))
    assert other.histories() == store.histories() != {}
