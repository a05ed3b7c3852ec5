"""A process that is killed in the middle of a write."""

import multiprocessing
import os
import signal
import sqlite3
from dataclasses import replace

import pytest
from sklearn.svm import SVC

from sklearn_mer.study import CellResult, CellStore, StudyMethod, plan_cells, run_cells
from sklearn_mer.study.store._prepare import prepare
from sklearn_mer.study.store._rows import put_row, stored_row
from sklearn_mer.study.store._schema import migration

DONE = CellResult("done", f1_macro=0.5, fit_seconds=1.0, score_seconds=1.0)
# Larger than the cache below, so that a part of it is in the file before the commit.
LARGE = CellResult("failed", traceback="ValueError: no\n" * 100_000)

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="no fork"
)


@pytest.fixture
def cells(data, protocol):
    return plan_cells([StudyMethod("svm", SVC())], data, protocol)


def killed(change, store):
    """Have a process change a store and be killed before it commits; return what it left."""
    child = multiprocessing.get_context("fork").Process(target=change_and_die, args=(change, store))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    return sorted(path.name for path in store.path.parent.glob(store.path.name + "*"))


def change_and_die(change, store):
    with store._transaction() as connection:
        connection.execute("PRAGMA cache_size = 5")
        change(connection)
        os.kill(os.getpid(), signal.SIGKILL)


def assert_sound(path):
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()
    assert [other.name for other in path.parent.glob(path.name + "*")] == [path.name]


@pytest.mark.parametrize("result", [DONE, LARGE], ids=["in memory", "partly in the file"])
def test_a_kill_between_insert_and_commit_loses_that_cell_only(data, store, cells, result):
    for cell in cells[:3]:
        store.record(cell, DONE)
    before, rows = store.path.read_bytes(), store.rows()
    left = killed(lambda connection: put_row(connection, stored_row(cells[3], result)), store)
    if result is LARGE:  # else this would be no test: a half-written file, and its way back
        assert store.path.read_bytes() != before
        assert left == ["table1.sqlite", "table1.sqlite-journal"]
    again = CellStore(store.path)
    assert again.rows() == rows
    summary = run_cells(cells, data, again, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (3, 3)
    assert len(again.rows()) == 6
    assert_sound(store.path)


def test_a_reader_finds_the_former_cells_too(store, cells):
    store.record(cells[0], DONE)
    killed(lambda connection: put_row(connection, stored_row(cells[1], LARGE)), store)
    assert [row["key"] for row in store.rows()] == [cells[0].key]  # no writer came before


def test_a_cell_that_was_being_mended_is_still_there(store, cells):
    failed = replace(LARGE, traceback="ValueError: before\n")
    store.record(cells[0], failed)
    killed(lambda connection: put_row(connection, stored_row(cells[0], LARGE)), store)
    assert store.rows()[0]["traceback"] == "ValueError: before\n"
    store.record(cells[0], DONE)
    assert store.rows()[0]["status"] == "done"


def test_a_claim_that_was_killed_blocks_nobody(store, cells):
    killed(lambda c: c.execute("INSERT INTO claims VALUES (?, 'killed')", (cells[0].key,)), store)
    assert store.claim(cells[0].key, "me") == "mine"


def test_a_kill_while_tables_are_made_leaves_a_file_that_becomes_a_store(tmp_path, store, cells):
    store.path = tmp_path / "new.sqlite"  # which the killed process is the first to open
    killed(lambda connection: prepare(connection, store.path), store)
    CellStore(store.path).record(cells[0], DONE)
    assert_sound(store.path)


def test_a_kill_during_a_migration_leaves_the_former_layout(layout_1, store):
    store.path = layout_1
    with sqlite3.connect(layout_1) as connection:
        connection.execute("UPDATE cells SET traceback = ?", (LARGE.traceback,))
    connection.close()
    before = layout_1.read_bytes()

    def migrate(connection):
        for statement in migration(1).split(";")[:-1]:
            connection.execute(statement)

    assert killed(migrate, store) == ["old.sqlite", "old.sqlite-journal"]
    assert layout_1.read_bytes() != before
    with sqlite3.connect(layout_1) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    connection.close()
    assert layout_1.read_bytes() == before
    assert len(CellStore(layout_1).rows()) == 3
    assert_sound(layout_1)
