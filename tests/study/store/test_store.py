import json
import multiprocessing
import os
import sqlite3

import pytest
from sklearn.svm import SVC
from study_fakes import write_cells

from sklearn_mer.study import CellResult, CellStore, StoreError, StudyMethod, plan_cells
from sklearn_mer.study.store._schema import APPLICATION_ID

DONE = CellResult(
    "done",
    f1_macro=0.5,
    accuracy=0.6,
    f1_per_class=[0.5, None],
    confusion=[[1, 2], [3, 4]],
    labels=["Q1", "Q2"],
    fit_seconds=1.5,
    score_seconds=0.5,
    epochs={"head": 3},
    best_params={"C": 0.1, "kernel": "rbf"},
    history={"head": [{"epoch": 1, "train_loss": 1.25}, {"epoch": 2, "train_loss": 0.5}]},
    peak_memory_mb=100.0,
    device="cpu",
    code="c0de",
)
FAILED = CellResult("failed", traceback="Traceback\nValueError: no\n")


@pytest.fixture
def cells(data, protocol):
    return plan_cells([StudyMethod("svm", SVC(C=5), recipe="paper")], data, protocol)


def test_everything_comes_back(store, cells):
    store.record(cells[4], DONE)
    (row,) = store.rows()
    row["history"] = store.histories()[cells[4].key]
    for name, value in vars(DONE).items():
        assert row[name] == value
    assert (row["method"], row["recipe"], row["dataset"]) == ("svm", "paper", "tiny")
    assert (row["repeat"], row["fold"], row["seed"]) == (1, 1, cells[4].seed)
    assert (row["n_splits"], row["n_repeats"], row["groups"]) == (3, 2, None)
    assert (row["n_train"], row["n_test"]) == (40, 20)
    assert row["params"]["params"]["C"] == 5
    assert row["identity"]["versions"]["scikit-learn"]
    assert row["ended_at"].endswith("+00:00")
    assert row["key"] == cells[4].key


def test_rows_can_be_asked_for_by_key(store, cells):
    for cell in cells:
        store.record(cell, DONE)
    wanted = [cells[0].key, cells[3].key, "not there"]
    assert {row["key"] for row in store.rows(wanted)} == set(wanted[:2])
    assert [row["fold"] for row in store.rows()] == [0, 1, 2, 0, 1, 2]


def test_what_was_read_stays_as_it_was(store, cells):
    store.record(cells[0], FAILED)
    store.record(cells[1], DONE)
    found = store.read()
    before = store.rows(), store.all_rows(), store.histories(), store.all_histories()
    assert found.rows([cells[1].key, "not there"]) == store.rows([cells[1].key])
    store.record(cells[0], DONE)
    store.record(cells[2], DONE)
    assert (found.rows(), found.all_rows(), found.histories(), found.all_histories()) == before
    assert len(before[0]) == 2
    assert list(before[2]) == [cells[1].key]
    assert len(store.read().rows()) == 3


def test_done_replaces_failed_and_never_the_other_way_round(store, cells):
    store.record(cells[0], FAILED)
    assert store.rows()[0]["status"] == "failed"
    store.record(cells[0], DONE)
    assert store.rows()[0]["status"] == "done"
    assert store.rows()[0]["traceback"] is None
    store.record(cells[0], FAILED)
    assert store.rows()[0]["status"] == "done"


def test_claims_are_hints_between_drivers(store, cells):
    key = cells[0].key
    assert store.claim(key, "one") == "mine"
    assert store.claim(key, "one") == "mine"
    assert store.claim(key, "two") == "taken"
    assert store.owners() == ["one"]
    store.release("one")
    assert store.claim(key, "two") == "mine"
    store.record(cells[0], FAILED)
    assert store.claim(key, "one") == "mine"
    store.record(cells[0], DONE)
    assert store.claim(key, "one") == "done"


def test_a_store_opens_again_with_its_content(store, cells):
    store.record(cells[0], DONE)
    assert len(CellStore(store.path).rows()) == 1


def test_the_file_is_one_file_and_tells_no_paths(store, cells, tmp_path):
    store.record(cells[0], DONE)
    assert [path.name for path in store.path.parent.iterdir()] == ["table1.sqlite"]
    assert str(tmp_path).encode() not in store.path.read_bytes()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one " * 20)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"notes\.txt cannot be used as a store: .*not a database"):
        CellStore(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(StoreError, match="database of another program"):
        CellStore(path)


def test_another_layout_is_refused(store):
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"layout 99, and this version reads and writes layout \d"):
        CellStore(store.path)
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID


def test_places_that_cannot_be_written_are_named(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "table1.sqlite"):
        with pytest.raises(StoreError, match="Name a file that is a store"):
            CellStore(path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be used as a store"):
        CellStore(tmp_path / "table1.sqlite")


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_four_drivers_make_and_write_one_store_at_once(tmp_path, data, protocol):
    path = tmp_path / "table1.sqlite"
    methods = [StudyMethod(f"svm{i}", SVC()) for i in range(4)]
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(4)
    parts = [plan_cells([method], data, protocol) for method in methods]
    drivers = [
        context.Process(target=write_cells, args=(path, part, DONE, barrier)) for part in parts
    ]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    assert [driver.exitcode for driver in drivers] == [0] * 4
    assert len(CellStore(path).rows()) == 24
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_identity_is_what_the_key_is_made_of(store, cells):
    store.record(cells[0], DONE)
    assert store.rows()[0]["identity"] == json.loads(json.dumps(cells[0].identity))
