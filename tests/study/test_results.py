"""The results folder: what is written comes back, whatever happens to the process or the disk."""

import errno
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import uuid
from dataclasses import replace

import pytest
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC
from study_fakes import done, write_cells

from sklearn_mer._files import write_durably
from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, ResultsError, plan_cells, run_cells
from sklearn_mer.study import _results as results_module
from sklearn_mer.study._keys import code_digest
from sklearn_mer.study._results import has_died, new_owner
from sklearn_mer.study._score import CellResult

FULL = done(
    epochs={"head": 3},
    best_params={"C": 0.1, "kernel": "rbf"},
    history={"head": [{"epoch": 1, "train_loss": 1.25}, {"epoch": 2, "train_loss": 0.5}]},
    peak_memory_mb=100.0,
    device="cpu",
)
FAILED = CellResult("failed", traceback="Traceback\nValueError: no\n")
forked = pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork")


@pytest.fixture
def cells(data, protocol):
    return plan_cells([Method("svm", SVC(C=5), recipe="paper")], data, protocol)


def files(results):
    """Return the names of all files below the folder."""
    return sorted(path.name for path in results.folder.rglob("*") if path.is_file())


def test_everything_comes_back(results, cells):
    results.record(cells[4], FULL)
    (row,) = results.rows()
    for name, value in vars(FULL).items():
        assert row[name] == value
    assert (row["method"], row["recipe"], row["dataset"]) == ("svm", "paper", "tiny")
    assert (row["repeat"], row["fold"], row["seed"]) == (1, 1, cells[4].seed)
    assert (row["n_splits"], row["n_repeats"], row["groups"]) == (3, 2, None)
    assert (row["n_train"], row["n_test"]) == (40, 20)
    assert row["params"]["params"]["C"] == 5
    assert row["identity"]["versions"]["scikit-learn"]
    assert row["ended_at"].endswith("+00:00")
    assert row["key"] == cells[4].key
    assert row["identity"] == cells[4].identity


def test_files_are_named_for_people(results, cells):
    results.record(cells[4], FULL)
    results.record(cells[0], FAILED)
    folder = results.folder / "cells" / "tiny" / "paper" / "svm"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"r00-f00-{cells[0].key[:12]}.failed.json",
        f"r01-f01-{cells[4].key[:12]}.json",
    ]


def test_no_name_leads_out_of_the_folder(results, data, protocol):
    name = "../../.hidden:*/\n"
    cells = plan_cells([Method(name, SVC())], replace(data, name=name), protocol)
    results.record(cells[0], done())
    assert results.rows()[0]["dataset"] == name
    (path,) = results.folder.glob("cells/*/*/*/*.json")
    assert "_.hidden_" in str(path)


def test_rows_can_be_asked_for_by_key(results, cells):
    for cell in cells:
        results.record(cell, done())
    wanted = [cells[0].key, cells[3].key, "not there", cells[1].key[:12] + "f" * 20]
    assert {row["key"] for row in results.rows(wanted)} == set(wanted[:2])
    assert [row["fold"] for row in results.rows()] == [0, 1, 2, 0, 1, 2]


def test_a_snapshot_stays_as_it_was(results, cells):
    results.record(cells[0], FAILED)
    results.record(cells[1], done())
    found = results.snapshot()
    before = found.rows()
    assert found.rows([cells[1].key, "not there"]) == results.rows([cells[1].key])
    results.record(cells[0], done())
    results.record(cells[2], done())
    assert found.rows() == before
    assert len(before) == 2
    assert len(results.rows()) == 3


def test_done_replaces_failed_and_never_the_other_way_round(results, cells):
    results.record(cells[0], FAILED)
    assert results.rows()[0]["traceback"] == FAILED.traceback
    results.record(cells[0], replace(FAILED, traceback="another"))
    assert results.rows()[0]["traceback"] == "another"
    results.record(cells[0], done())
    assert results.rows()[0]["status"] == "done"
    results.record(cells[0], FAILED)
    assert results.rows()[0]["status"] == "done"
    assert len(files(results)) == 1


def test_a_finished_cell_is_never_replaced_by_another_score(results, cells, monkeypatch):
    results.record(cells[0], done(0.4))
    results.record(cells[0], done(0.8))
    assert results.rows()[0]["f1_macro"] == 0.4
    # Not even if it was not there yet when the other driver looked.
    path = results.path(cells[0].identity, cells[0].key)
    text = json.dumps(json.loads(path.read_text()) | {"f1_macro": 0.8})
    write_durably(path, text, path.with_suffix(".part"), replace=False)
    assert results.rows()[0]["f1_macro"] == 0.4


def test_a_file_system_without_hard_links(results, cells, monkeypatch):
    def no_links(source, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    results.record(cells[0], done(0.4))
    results.record(cells[0], done(0.8))
    assert results.rows()[0]["f1_macro"] == 0.4
    assert len(files(results)) == 1


def test_a_failed_file_beside_a_finished_one_does_not_count(results, cells):
    results.record(cells[0], FAILED)
    (failed,) = results.folder.rglob("*.failed.json")
    text = failed.read_text()
    results.record(cells[0], done())
    failed.write_text(text)  # another driver ended later, and had not seen the finished one
    assert [row["status"] for row in results.rows()] == ["done"]


def test_a_result_that_could_not_be_read_again_is_kept_as_failed(results, cells):
    results.record(cells[0], done(epochs=-1))
    (row,) = results.rows()
    assert row["status"] == "failed"
    assert "The result cannot be kept: the field 'epochs' is -1" in row["traceback"]


class Kept(DummyClassifier):
    """Takes any constant."""

    def fit(self, X, y):
        return DummyClassifier().fit(X, y)


def nested(depth):
    return [nested(depth - 1)] if depth else 0


@pytest.mark.parametrize(
    ("name", "constant", "message"),
    [
        ("tiny", nested(60), "the field 'params' is nested too deeply"),
        ("tiny", 2**70, "the field 'params' holds an integer of more than 64 bits"),
        ("", 1, "the field 'identity.dataset' is ''"),
        (3, 1, "the field 'identity.dataset' is 3"),
        ("\udcff", 1, "text that can be written in UTF-8"),
    ],
)
def test_what_could_not_be_kept_is_told_before_it_is_computed(
    results, data, protocol, name, constant, message
):
    data = replace(data, name=name)
    cells = plan_cells([Method("kept", Kept(constant=constant))], data, protocol)
    with pytest.raises(ResultsError, match=f"The result of kept .* not be kept: .*{message}"):
        run_cells(cells, data, results, n_jobs=1, progress=False)
    with pytest.raises(ResultsError, match=message):
        results.record(cells[0], done())
    assert files(results) == []


def test_claims_are_hints_between_drivers(results, cells):
    cell = cells[0]
    assert results.claim(cell, "one") == "mine"
    assert results.claim(cell, "one") == "mine"
    assert results.claim(cell, "two") == "taken"
    assert results.owner(cell) == "one"
    results.release(cell)
    assert results.owner(cell) is None
    assert results.claim(cell, "two") == "mine"
    results.record(cell, FAILED)
    assert results.claim(cell, "one") == "mine"
    results.record(cell, done())
    assert results.claim(cell, "one") == "done"
    assert results.owner(cell) is None


def test_the_files_tell_no_paths_and_no_machines(results, cells, tmp_path):
    results.record(cells[0], done())
    (path,) = results.folder.rglob("*.json")
    assert str(tmp_path) not in path.read_text()
    assert files(results) == [path.name]


def test_a_clock_that_jumps_changes_nothing(results, cells):
    results.record(cells[0], FAILED)
    (path,) = results.folder.rglob("*.json")
    os.utime(path, (4e9, 4e9))  # of the year 2096
    results.record(cells[0], done())
    (path,) = results.folder.rglob("*.json")
    os.utime(path, (0, 0))
    assert results.rows()[0]["status"] == "done"
    assert results.claim(cells[0], "me") == "done"


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b"\x00" * 100, "{}".encode("utf-16")])
def test_a_damaged_file_of_ours_is_named_with_what_to_do(results, cells, data, damage):
    results.record(cells[0], done())
    (path,) = results.folder.rglob("*.json")
    path.write_bytes(damage)
    with pytest.raises(
        ResultsError, match=r"Delete or move what cannot be used, and the same"
    ) as caught:
        run_cells(cells, data, results, n_jobs=1, progress=False)
    assert str(path) in str(caught.value)
    path.unlink()
    assert run_cells(cells, data, results, n_jobs=1, progress=False).n_done == 6


DAMAGES = {
    "a pipe": (lambda path, text: os.mkfifo(path), "it is not a file"),
    "a folder": (lambda path, text: path.mkdir(), "it is not a file"),
    "Latin-1": (lambda path, text: path.write_bytes(b'{"\xe9": 1}'), "utf-8"),
    "deep": (lambda path, text: path.write_text(100_000 * "["), "it is nested too deeply"),
    "huge": (lambda path, text: os.truncate(path, 200 * 2**20), "it has more than 20 MiB"),
    "NaN": (lambda path, text: path.write_text(text.replace("1.0", "NaN")), "must be a finite"),
    "infinite": (lambda path, text: path.write_text(text.replace("1.0", "1e999")), "a finite"),
    "long": (lambda path, text: path.write_text(text.replace("1.0", "1" * 5000)), "digits"),
    "twice": (
        lambda path, text: path.write_text(text.replace("{", '{"key": "x", ', 1)),
        "the field 'key' is there twice",
    ),
}


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe")
@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_no_result_is_named_and_never_counts(results, cells, tmp_path, name):
    damage, message = DAMAGES[name]
    results.record(cells[0], done())
    (path,) = results.folder.rglob("*.json")
    text = path.read_text()
    if name in ("a pipe", "a folder"):
        path.unlink()
    damage(path, text)
    with pytest.raises(ResultsError, match=message) as caught:
        results.rows()
    assert str(path) in str(caught.value)
    with pytest.raises(ResultsError, match=r"Nothing was taken\. Delete or move") as caught:
        results_module.compare_folder(results.folder, {})
    assert str(path) in str(caught.value)


def test_an_empty_path_is_not_the_current_folder():
    with pytest.raises(ValueError, match=r"folder is empty; give a path"):
        CellResults("")


def test_all_damaged_files_are_told_in_one_error(results, cells):
    for cell in cells:
        results.record(cell, done())
    paths = sorted(results.folder.rglob("*.json"))
    for path in paths:
        path.write_text("{")
    with pytest.raises(ResultsError, match=r"1 more files cannot be used\. Delete") as caught:
        results.rows()
    assert [str(path) in str(caught.value) for path in paths] == [True] * 5 + [False]
    assert len(results.rows([])) == 0


def test_places_that_cannot_be_written_are_named(tmp_path, cells):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "results"):
        results = CellResults(folder)
        for write in (
            lambda: results.record(cells[0], done()),  # noqa: B023
            lambda: results.claim(cells[0], "me"),  # noqa: B023
            results.check_writable,
        ):
            with pytest.raises(ResultsError, match=r"cannot be written: .* Give --results a fold"):
                write()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_read_only_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ResultsError, match="cannot be written"):
        CellResults(tmp_path).check_writable()


def test_a_full_disk_loses_the_cell_that_is_written_alone(results, cells, monkeypatch):
    results.record(cells[0], done())
    results.record(cells[1], FAILED)
    before = files(results)

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for cell in cells[1:3]:
        with pytest.raises(ResultsError, match=r"No space left on device\. .*make room"):
            results.record(cell, done())
    assert files(results) == before
    assert [row["status"] for row in results.rows()] == ["done", "failed"]


@forked
def test_a_disk_that_is_full_in_the_middle_of_a_file(results, cells, data):
    results.record(cells[0], done())
    context = multiprocessing.get_context("fork")
    child = context.Process(target=write_too_much, args=(results, cells))
    child.start()
    child.join()
    assert child.exitcode == 0
    assert len(files(results)) == 1
    summary = run_cells(cells, data, results, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (1, 5)


def write_too_much(results, cells):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
    with pytest.raises(ResultsError, match="File too large"):
        results.record(cells[1], done())


@forked
@pytest.mark.parametrize("moment", ["fsync", "link", "unlink"])
def test_a_kill_while_a_file_is_written(results, cells, data, moment):
    for cell in cells[:3]:
        results.record(cell, done())
    rows = results.rows()
    child = multiprocessing.get_context("fork").Process(
        target=write_and_die, args=(results, cells[3], moment)
    )
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    assert len(files(results)) == 3 + (moment in {"fsync", "link"}) + 2 * (moment == "unlink")
    found = CellResults(results.folder)
    assert found.rows()[:3] == rows
    n_found = 4 if moment == "unlink" else 3
    summary = run_cells(cells, data, found, n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (n_found, 6 - n_found)
    # What was half written is gone, as its process has died.
    assert [name.endswith(".json") and name[0] != "." for name in files(results)] == [True] * 6


def write_and_die(results, cell, moment):
    """Write a cell, and be killed at some call of the system."""
    if moment == "unlink":
        from pathlib import Path

        Path.unlink = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
    else:
        setattr(os, moment, lambda *args: os.kill(os.getpid(), signal.SIGKILL))
    results.record(cell, done())


@forked
def test_four_drivers_write_one_folder_at_once(tmp_path, data, protocol):
    # Two of them write the same cells, with other scores.
    methods = [Method(f"svm{i}", SVC()) for i in (0, 0, 1, 2)]
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(4)
    drivers = [
        context.Process(
            target=write_cells,
            args=(tmp_path / "new", plan_cells([method], data, protocol), done(f1), barrier),
        )
        for method, f1 in zip(methods, (0.4, 0.8, 0.4, 0.4), strict=True)
    ]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    assert [driver.exitcode for driver in drivers] == [0] * 4
    results = CellResults(tmp_path / "new")
    assert len(results.rows()) == 18
    assert len(files(results)) == 18


def test_a_cell_notes_its_code(data, results, cells):
    run_cells(cells, data, results, n_jobs=1, progress=False)
    assert {row["code"] for row in results.rows()} == {code_digest()}


known_machine = pytest.mark.skipif(
    os.name != "posix" or bool(uuid.getnode() >> 40 & 1),
    reason="the system does not tell, or without a network card the machine's number is chance",
)


def owner_of_an_ended_process():
    code = "from sklearn_mer.study._results import new_owner; print(new_owner())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ended.stdout.strip()


@known_machine
def test_a_process_that_has_ended_has_died_and_this_one_has_not():
    assert has_died(owner_of_an_ended_process())
    assert not has_died(new_owner())
    assert new_owner() != new_owner()


@pytest.mark.parametrize("owner", ["", "-", "one", "0123-1-2", "b7251dc7fe304259b443847ef9cead93"])
def test_what_is_not_known_is_not_taken_for_dead(owner):
    assert not has_died(owner)


def test_another_machine_of_the_same_name_is_not_this_one(monkeypatch):
    owner = owner_of_an_ended_process()
    monkeypatch.setattr("uuid.getnode", lambda: 0)
    assert not has_died(owner)


@pytest.mark.parametrize("number", ["1", "9" * 30])
def test_neither_the_first_process_nor_a_number_that_is_too_large(number):
    machine = new_owner().partition("-")[0]
    assert not has_died(f"{machine}-{number}-0")


@known_machine
def test_cells_of_a_dead_driver_come_in_their_turn_and_those_of_a_living_one_last(
    data, protocol, results
):
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    results.claim(cells[0], new_owner())
    results.claim(cells[1], owner_of_an_ended_process())
    run_cells(cells, data, results, n_jobs=1, max_cells=1, progress=False)
    assert [row["key"] for row in results.rows()] == [cells[1].key]
    assert results.owner(cells[0])  # the living one's
    assert results.owner(cells[1]) is None
