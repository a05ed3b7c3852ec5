import csv
import json
import math
import sqlite3
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC

from sklearn_mer.study import (
    CellResult,
    CellStore,
    StoreError,
    StudyMethod,
    plan_cells,
    run_cells,
    table1,
)
from sklearn_mer.study.cells._digest import canonical_json
from sklearn_mer.study.command_line._export import write_rows
from sklearn_mer.study.store._other_store import other_results
from sklearn_mer.study.store._schema import COLUMNS, JSON_COLUMNS

DONE = CellResult("done", f1_macro=0.5, accuracy=0.5, fit_seconds=1.0, score_seconds=0.5)
FAILED = CellResult("failed", traceback='Traceback\n  File "a.py"\nValueError: no, "none"\n')


@pytest.fixture
def cells(data, protocol):
    methods = [StudyMethod("svm", SVC()), StudyMethod("chance", DummyClassifier())]
    return plan_cells(methods, data, protocol)


@pytest.fixture
def theirs(tmp_path):
    return CellStore(tmp_path / "theirs.sqlite")


@pytest.fixture
def take(store, theirs, capsys):
    def take(*others):
        others = others or [theirs.path]
        code = table1(["import", *map(str, others), "--store", str(store.path)])
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return take


def export(path, store, *options):
    return table1(["export", str(path), "--store", str(store.path), *options])


def as_text(row):
    """Return a row as a file of text has it; floats to their last digit."""
    return {
        name: "" if value is None else canonical_json(value) if name in JSON_COLUMNS else str(value)
        for name, value in row.items()
    }


def decoded(value, name):
    if isinstance(value, float) and math.isnan(value):
        value = None
    return json.loads(value) if name in JSON_COLUMNS and value is not None else value


def read_back(table):
    return [{n: decoded(v, n) for n, v in row.items()} for row in table.to_dict("records")]


@pytest.fixture
def full(store, cells, data):
    """A store with all that a cell can hold, and one failed cell."""
    run_cells(cells[:-1], data, store, n_jobs=1, progress=False)
    store.record(cells[-1], FAILED)
    store.record(cells[0], replace(DONE, f1_per_class=[0.5, None], epochs={"a": 1}, code="0ther"))
    return store


def test_csv_holds_the_whole_store(full, tmp_path, capsys):
    path = tmp_path / "new" / "cells.csv"
    assert export(path, full) == 0
    assert f"{path}: 13 cells of {full.path}" in capsys.readouterr().out
    with open(path, newline="") as file:
        assert list(csv.DictReader(file)) == [as_text(row) for row in full.all_rows()]
    assert list(pd.read_csv(path).columns) == list(COLUMNS)
    assert [p.name for p in path.parent.iterdir()] == ["cells.csv"]


def test_parquet_holds_the_whole_store(full, tmp_path):
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    path = tmp_path / "cells.parquet"
    assert export(path, full) == 0
    assert read_back(pd.read_parquet(path)) == full.all_rows()


def test_parquet_without_pyarrow_says_what_to_install(full, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert export(tmp_path / "cells.parquet", full) == 2
    assert "pip install 'sklearn-mer[parquet]', or export to a .csv" in capsys.readouterr().err
    assert not list(tmp_path.glob("cells*"))


def test_an_empty_store_gives_the_head_alone(store, tmp_path):
    assert export(tmp_path / "cells.csv", store) == 0
    assert (tmp_path / "cells.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_a_file_that_is_there_is_replaced_only_by_a_whole_one(full, tmp_path, monkeypatch):
    path = tmp_path / "cells.csv"
    path.write_text("before")
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_rows(full.all_rows(), path)
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("name", "message"),
    [("cells.xlsx", "can be exported to .csv or .parquet, got 'cells.xlsx'"), ("cells", "'cells'")],
)
def test_other_kinds_of_files_are_refused(full, tmp_path, capsys, name, message):
    assert export(tmp_path / name, full) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_no_store_is_made_by_an_export(tmp_path, capsys):
    missing = tmp_path / "none.sqlite"
    assert export(tmp_path / "cells.csv", SimpleNamespace(path=missing)) == 2
    assert "There is no store" in capsys.readouterr().err
    assert not missing.exists()


def test_options_of_a_run_export_its_cells_alone(tmp_path):
    for label in ("calm", "sad"):
        for i in range(3):
            path = tmp_path / "clips" / label / f"{i}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.random.RandomState(i).normal(size=800) / 9, 8000)
    register = {name: SimpleNamespace(title=name, published={}) for name in ("one", "two")}
    chosen = {"register": register, "make": lambda key, recipe: DummyClassifier()}
    store = tmp_path / "s.sqlite"
    plan = ["--dataset", str(tmp_path / "clips"), "--folds", "3", "--repeats", "2"]
    where = ["--store", str(store), "--report", str(tmp_path), "--jobs", "1"]
    assert table1([*plan, *where], **chosen) == 0
    out = tmp_path / "some.csv"
    wanted = [*plan, "--methods", "two"]
    assert table1(["export", str(out), "--store", str(store), *wanted], **chosen) == 0
    assert pd.read_csv(out)["method"].tolist() == ["two"] * 6
    assert len(CellStore(store).rows()) == 12


def test_import_into_a_new_store_holds_the_whole_of_the_other(full, tmp_path, capsys):
    other = CellStore(tmp_path / "new" / "s.sqlite")
    assert table1(["import", str(full.path), "--store", str(other.path)]) == 0
    assert f"{full.path}: 13 cells" in capsys.readouterr().out
    assert other.all_rows() == full.all_rows()


def test_import_counts_each_kind_and_loses_nothing(store, theirs, cells, take):
    here = [DONE, DONE, FAILED, DONE, FAILED, None]
    there = [DONE, replace(DONE, f1_macro=0.25), DONE, FAILED, FAILED, FAILED]
    for cell, ours, other in zip(cells, here, there, strict=False):
        if ours:
            store.record(cell, ours)
        theirs.record(cell, other)
    theirs.record(cells[0], replace(DONE, f1_macro=0.75, code="0ther"))
    before = theirs.path.read_bytes()
    result = take()
    counts = {line.split("  ")[-1]: line.split()[0] for line in result.out.splitlines()[1:6]}
    assert counts == {
        "added (1 beside ours of other code)": "2",
        "failed here, done there: taken": "1",
        "the same in both": "1",
        "failed there: ours kept": "2",
        "with other scores: ours kept": "1",
    }
    assert result.code == 1
    assert (
        f"Conflict: {cells[1].method.key} (default) repeat 0 fold 0 on tiny: F1 50.00 % here, "
        "25.00 % there; ours is kept." in result.out
    )
    assert theirs.path.read_bytes() == before
    status = {row["key"]: (row["status"], row["f1_macro"]) for row in store.rows()}
    assert [status[cell.key] for cell in cells[:6]] == [
        *[("done", 0.5)] * 4,
        *[("failed", None)] * 2,
    ]
    assert len(store.all_rows()) == 7


def test_a_second_import_changes_nothing(full, tmp_path):
    other = CellStore(tmp_path / "new.sqlite")
    other.merge(*other_results(full.path))
    before = other.path.read_bytes()
    again = other.merge(*other_results(full.path))
    assert (again.n_added, again.n_mended, again.n_same, again.n_failed) == (0, 0, 12, 1)
    assert again.conflicts == []
    assert other.path.read_bytes() == before


def test_several_stores_at_once(store, theirs, cells, take, tmp_path):
    third = CellStore(tmp_path / "third.sqlite")
    theirs.record(cells[0], DONE)
    third.record(cells[1], DONE)
    assert take(theirs.path, third.path).code == 0
    assert len(store.rows()) == 2


def database(path, *statements):
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_files_that_are_no_stores_are_refused(store, theirs, take, tmp_path):
    text, songs, empty, newer = (tmp_path / n for n in ("a.txt", "songs", "empty", "newer"))
    text.write_text("not a database, but long enough to be looked at as one " * 20)
    database(songs, "CREATE TABLE songs (name TEXT)")
    empty.touch()
    database(theirs.path, "PRAGMA user_version = 99")
    theirs.path.rename(newer)
    told = {
        text: "cannot be read as a store: file is not a database",
        songs: "is not a store of this package",
        empty: "is not a store of this package",
        newer: "is a store of layout 99",
        tmp_path / "nothing": "There is no file",
        tmp_path: "There is no file",
        store.path: "is the store itself",
    }
    for path, message in told.items():
        result = take(path)
        assert result.code == 2
        assert message in result.err
        assert str(path) in result.err
    assert store.rows() == []


def test_a_refused_file_makes_no_store(tmp_path):
    with pytest.raises(SystemExit):
        table1(["import", "--store", str(tmp_path / "s.sqlite")])
    assert table1(["import", str(tmp_path / "none"), "--store", str(tmp_path / "s.sqlite")]) == 2
    assert not (tmp_path / "s.sqlite").exists()
    with pytest.raises(StoreError, match="There is no file"):
        other_results(tmp_path / "none")
