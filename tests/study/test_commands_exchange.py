"""Results that go out as one table, and those of others that come in."""

import csv
import json
import math
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC
from study_fakes import done

from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, plan_cells, run_cells, table1
from sklearn_mer.study._commands import EXPORTED, JSON_COLUMNS, write_rows
from sklearn_mer.study._keys import canonical_json
from sklearn_mer.study._score import CellResult

FAILED = CellResult("failed", traceback='Traceback\n  File "a.py"\nValueError: no, "none"\n')


@pytest.fixture
def cells(data, protocol):
    methods = [Method("svm", SVC()), Method("chance", DummyClassifier())]
    return plan_cells(methods, data, protocol)


@pytest.fixture
def theirs(tmp_path):
    return CellResults(tmp_path / "theirs")


@pytest.fixture
def take(results, theirs, capsys):
    def take(*others):
        others = others or [theirs.folder]
        code = table1(["import", *map(str, others), "--results", str(results.folder)])
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return take


def export(path, results, *options):
    return table1(["export", str(path), "--results", str(results.folder), *options])


def exported(row):
    return {name: row[name] for name in EXPORTED}


def as_text(row):
    """Return a row as a file of text has it; floats to their last digit."""
    return {
        name: "" if value is None else canonical_json(value) if name in JSON_COLUMNS else str(value)
        for name, value in exported(row).items()
    }


def decoded(value, name):
    if isinstance(value, float) and math.isnan(value):
        value = None
    return json.loads(value) if name in JSON_COLUMNS and value is not None else value


@pytest.fixture
def full(results, cells, data):
    """Results with all that a cell can hold, and one failed cell."""
    results.record(cells[0], done(epochs={"a": 1}, best_params={"C": 1.0}, peak_memory_mb=9.0))
    run_cells(cells[:-1], data, results, n_jobs=1, progress=False)
    results.record(cells[-1], FAILED)
    return results


def test_csv_holds_all_results(full, tmp_path, capsys):
    path = tmp_path / "new" / "cells.csv"
    assert export(path, full) == 0
    assert f"{path}: 12 cells of {full.folder}" in capsys.readouterr().out
    with open(path, newline="") as file:
        assert list(csv.DictReader(file)) == [as_text(row) for row in full.rows()]
    assert list(pd.read_csv(path).columns) == list(EXPORTED)
    assert [p.name for p in path.parent.iterdir()] == ["cells.csv"]


def test_parquet_holds_all_results(full, tmp_path):
    pytest.importorskip("pyarrow", reason="needs the extra parquet")
    path = tmp_path / "cells.parquet"
    assert export(path, full) == 0
    table = pd.read_parquet(path).to_dict("records")
    found = [{name: decoded(value, name) for name, value in row.items()} for row in table]
    assert found == [exported(row) for row in full.rows()]


def test_parquet_without_pyarrow_says_what_to_install(full, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert export(tmp_path / "cells.parquet", full) == 2
    assert "pip install 'sklearn-mer[parquet]', or export to a .csv" in capsys.readouterr().err
    assert not list(tmp_path.glob("cells*"))


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", " =1", "\t=1"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(results, data, protocol, tmp_path, name):
    cells = plan_cells([Method(name, SVC())], data, protocol)
    results.record(cells[0], done())
    assert export(tmp_path / "cells.csv", results) == 0
    (row,) = pd.read_csv(tmp_path / "cells.csv").to_dict("records")
    assert row["method"].startswith("'")
    assert row["f1_macro"] == 0.4


def test_empty_results_give_the_head_alone(results, tmp_path):
    results.check_writable()
    assert export(tmp_path / "cells.csv", results) == 0
    assert (tmp_path / "cells.csv").read_text() == ",".join(EXPORTED) + "\n"


def test_a_file_that_is_there_is_replaced_only_by_a_whole_one(full, tmp_path, monkeypatch):
    path = tmp_path / "cells.csv"
    path.write_text("before")
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_rows(full.rows(), path)
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("name", "message"),
    [("cells.xlsx", "can be exported to .csv or .parquet, got 'cells.xlsx'"), ("cells", "'cells'")],
)
def test_other_kinds_of_files_are_refused(full, tmp_path, capsys, name, message):
    assert export(tmp_path / name, full) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_no_folder_is_made_by_an_export(tmp_path, capsys):
    missing = tmp_path / "none"
    assert export(tmp_path / "cells.csv", CellResults(missing)) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert not missing.exists()


def test_options_of_a_run_export_its_cells_alone(run, tmp_path):
    plan = ["--repeats", "2", "--methods"]
    assert run(*plan, "chance", "net").code == 0
    out = tmp_path / "some.csv"
    assert run(*plan, "net", command=["export", out]).code == 0
    assert pd.read_csv(out)["method"].tolist() == ["net"] * 6


def test_import_into_a_new_folder_holds_all_of_the_other(full, tmp_path, capsys):
    other = CellResults(tmp_path / "new" / "results")
    assert table1(["import", str(full.folder), "--results", str(other.folder)]) == 0
    assert f"{full.folder}: 12 cells" in capsys.readouterr().out
    assert other.rows() == full.rows()


def test_a_folder_that_is_named_twice_is_taken_once(results, theirs, cells, take):
    theirs.record(cells[0], done())
    assert take(theirs.folder, theirs.folder).code == 0
    assert results.rows() == theirs.rows()


def test_import_counts_each_kind_and_loses_nothing(results, theirs, cells, take):
    here = [done(), done(), FAILED, done(), FAILED, None, None]
    there = [done(), done(0.8), done(), FAILED, FAILED, FAILED, done()]
    for cell, ours, other in zip(cells, here, there, strict=False):
        if ours:
            results.record(cell, ours)
        theirs.record(cell, other)
    before = {path: path.read_bytes() for path in theirs.folder.rglob("*.json")}
    result = take()
    counts = {line.split("  ")[-1]: line.split()[0] for line in result.out.splitlines()[1:6]}
    assert counts == {
        "added": "2",
        "failed here, done there: taken": "1",
        "the same in both": "1",
        "failed there: ours kept": "2",
        "with other scores: ours kept": "1",
    }
    assert result.code == 1
    assert (
        "Conflict: 'chance' ('default') repeat 0 fold 0 on 'tiny': F1 40.00 % here, "
        "80.00 % there; ours is kept." in result.out
    )
    assert {path: path.read_bytes() for path in theirs.folder.rglob("*.json")} == before
    status = {row["key"]: (row["status"], row["f1_macro"]) for row in results.rows()}
    expected = [("done", 0.4)] * 4 + [("failed", None)] * 2 + [("done", 0.4)]
    assert [status[cell.key] for cell in cells[:7]] == expected


def test_a_second_import_changes_nothing(full, theirs, take):
    code = table1(["import", str(full.folder), "--results", str(theirs.folder)])
    before = {path: path.stat().st_mtime_ns for path in theirs.folder.rglob("*.json")}
    again = table1(["import", str(full.folder), "--results", str(theirs.folder)])
    assert (code, again) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in theirs.folder.rglob("*.json")} == before


def test_several_folders_at_once_which_are_in_conflict(results, theirs, cells, take, tmp_path):
    third = CellResults(tmp_path / "third")
    theirs.record(cells[0], done(0.4))
    third.record(cells[0], done(0.8))
    third.record(cells[1], done())
    result = take(theirs.folder, third.folder)
    assert result.code == 1
    assert "F1 40.00 % here, 80.00 % there" in result.out
    assert [row["f1_macro"] for row in results.rows(cell.key for cell in cells[:2])] == [0.4, 0.4]


def test_nothing_is_taken_if_one_file_is_wrong(results, theirs, cells, take, tmp_path):
    third = CellResults(tmp_path / "third")
    third.record(cells[2], done())
    for cell in cells[:2]:
        theirs.record(cell, done())
    path = theirs.path(cells[1].identity, cells[1].key)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"f1_macro": 7.0}))
    result = take(third.folder, theirs.folder)
    assert result.code == 2
    assert f"{path} (method 'chance', repeat 0, fold 0): the field 'f1_macro' is 7.0" in result.err
    assert "Nothing was taken." in result.err
    assert results.rows() == []


def test_no_file_name_decides_where_a_cell_goes(results, theirs, cells, take):
    theirs.record(cells[0], done())
    path = theirs.path(cells[0].identity, cells[0].key)
    path.rename(path.with_name("anything.json"))
    assert take().code == 0
    assert results.path(cells[0].identity, cells[0].key).is_file()


def test_folders_that_are_no_results_are_refused(results, take, tmp_path):
    results.check_writable()
    (tmp_path / "file").touch()
    told = {
        tmp_path / "file": "is not a results folder",
        tmp_path / "nothing": "is not a results folder",
        tmp_path: "is not a results folder",
        results.folder: "is the folder of --results itself",
    }
    for path, message in told.items():
        result = take(path)
        assert result.code == 2
        assert message in result.err
        assert str(path) in result.err


def test_a_refused_folder_makes_none(tmp_path):
    with pytest.raises(SystemExit):
        table1(["import", "--results", str(tmp_path / "results")])
    argv = ["import", str(tmp_path / "none"), "--results", str(tmp_path / "results")]
    assert table1(argv) == 2
    assert not (tmp_path / "results").exists()
