import sqlite3
from dataclasses import replace

import pytest
from sklearn.svm import SVC

from sklearn_mer.study import (
    CellResult,
    CellStore,
    StoreError,
    StudyMethod,
    make_table,
    plan_cells,
    run_cells,
)
from sklearn_mer.study.cells._code import PACKAGE, code_digest, sources_digest
from sklearn_mer.study.store._code_notes import code_notes
from sklearn_mer.study.store._schema import SCHEMA_VERSION

DONE = CellResult("done", f1_macro=0.5, fit_seconds=1.0, score_seconds=1.0)
OTHER = replace(DONE, f1_macro=0.75, code="0ther")
FAILED = CellResult("failed", traceback="ValueError: no")

# Files of a small library, by whether they can move a score.
OF_THE_STUDY = ("study/_inner_folds.py", "study/cells/_cells.py", "study/cells/_score.py")
COUNTED = ("_top.py", "nets/_net.py", *OF_THE_STUDY)
LEFT_OUT = ("study/cells/_data.py", "study/_tables.py", "plotting/_x.py")


@pytest.fixture
def cells(data, protocol):
    return plan_cells([StudyMethod("svm", SVC())], data, protocol)


@pytest.fixture
def package(tmp_path):
    """Sources of a small library."""
    for name in (
        "_top.py",
        "nets/_net.py",
        "study/cells/_score.py",
        "study/_tables.py",
        "plotting/_x.py",
    ):
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def f(x):\n    return x + 1\n")
    return tmp_path / "package"


@pytest.mark.parametrize("name", COUNTED)
@pytest.mark.parametrize(
    "source", ["def f(x):\n    return x + 2\n", "def f(x):\n    pass\n", "def f(y): ...\n", ""]
)
def test_the_digest_follows_code_that_can_move_a_score(package, name, source):
    before = sources_digest(package)
    (package / name).write_text(source)
    assert sources_digest(package) != before


def test_a_moved_or_new_file_is_other_code(package):
    before = sources_digest(package)
    (package / "_top.py").rename(package / "_to.py")
    assert sources_digest(package) != before
    (package / "_to.py").rename(package / "_top.py")
    (package / "more.py").touch()
    assert sources_digest(package) != before


@pytest.mark.parametrize("name", [*LEFT_OUT, "notes.txt"])
def test_the_digest_leaves_out_what_cannot(package, name):
    before = sources_digest(package)
    (package / name).write_text("x = 2\n")
    assert sources_digest(package) == before


def test_comments_docstrings_and_layout_are_not_code(package):
    before = sources_digest(package)
    text = (
        '"""A module."""\n# Why.\ndef f(x):\n    """Add."""\n    return (x\n        + 1)  # one\n'
    )
    (package / "_top.py").write_text(text)
    assert sources_digest(package) == before


def test_what_a_statement_belongs_to_is_code(package):
    (package / "_top.py").write_text("if a:\n    b()\n    c()\n")
    inside = sources_digest(package)
    (package / "_top.py").write_text("if a:\n    b()\nc()\n")
    assert sources_digest(package) != inside


def test_the_files_that_are_named_are_there():
    assert all(
        (PACKAGE / name).is_file() for name in ("study/cells/_cells.py", "study/cells/_score.py")
    )
    assert code_digest() == sources_digest(PACKAGE)


def test_a_cell_notes_its_code(data, store, cells):
    run_cells(cells, data, store, n_jobs=1, progress=False)
    assert {row["code"] for row in store.rows()} == {code_digest()}
    assert code_notes(cells, store) == []


def test_cells_of_other_code_count_and_are_told(data, store, cells):
    for cell in cells[:2]:
        store.record(cell, OTHER)
    summary = run_cells(cells, data, store, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (2, 4)
    (note,) = code_notes(cells, store)
    assert note.startswith("Computed by other code of this version: 2 of the 6 finished cells;")


def test_only_cells_of_this_code_count_where_that_is_wanted(data, store, cells):
    for cell in cells[:2]:
        store.record(cell, OTHER)
    same = CellStore(store.path, code="same")
    assert same.rows() == []
    assert same.claim(cells[0].key, "me") == "mine"
    (note,) = code_notes(cells, same)
    assert note.startswith("In the store by other code of this version alone: 2 of the 6 cells;")
    summary = run_cells(cells, data, same, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (0, 6)
    assert code_notes(cells, same) == []
    assert same.claim(cells[0].key, "me") == "done"
    # What the other code computed is still there, and ours is the one that counts.
    assert len(store.all_rows()) == 8
    assert {row["code"] for row in store.rows()} == {code_digest()}
    assert make_table([cells[0].method], data, cells, store).n_folds[0] == 6


def test_a_finished_cell_of_other_code_counts_before_a_failed_one_of_this(store, cells):
    store.record(cells[0], FAILED)
    store.record(cells[0], OTHER)
    (row,) = store.rows()
    assert (row["status"], row["code"]) == ("done", "0ther")
    (row,) = CellStore(store.path, code="same").rows()
    assert row["status"] == "failed"


def test_an_unknown_choice_is_refused(store):
    with pytest.raises(ValueError, match="code must be 'any' or 'same', got 'mine'"):
        CellStore(store.path, code="mine")


def test_a_store_of_layout_1_is_brought_to_this_one(layout_1, data, store, cells):
    migrated = CellStore(layout_1)
    assert [row | {"code": ""} for row in store.rows()] == migrated.rows()
    assert len(migrated.rows()) == 3
    with sqlite3.connect(layout_1) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert names == {"cells", "cells_by_row", "claims"}
    (note,) = code_notes(cells, migrated)
    assert "2 of the 2 finished cells (2 by code that was not noted)" in note
    summary = run_cells(cells, data, migrated, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (2, 4)
    assert len(CellStore(layout_1, code="same").rows()) == 4


def test_a_store_of_layout_2_is_brought_to_this_one(layout_2, data, store, cells):
    with sqlite3.connect(layout_2) as connection:
        connection.execute("CREATE TABLE histories (key TEXT, code TEXT, history TEXT)")
        connection.execute(
            "INSERT INTO histories VALUES (?, ?, '[]')", (cells[0].key, code_digest())
        )
    connection.close()
    migrated = CellStore(layout_2)
    assert migrated.rows() == store.rows()
    assert [row["best_params"] for row in migrated.rows()] == [None] * 3
    assert migrated.histories() == {cells[0].key: []}
    summary = run_cells(cells, data, migrated, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (2, 4)


def test_a_migration_that_fails_changes_nothing(layout_1):
    with sqlite3.connect(layout_1) as connection:
        connection.execute("CREATE TABLE cells_1 (in_the_way TEXT)")
    connection.close()
    before = layout_1.read_bytes()
    with pytest.raises(StoreError, match="cells_1"):
        CellStore(layout_1)
    assert layout_1.read_bytes() == before
