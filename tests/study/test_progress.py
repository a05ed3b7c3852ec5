import io
import re
from datetime import datetime, timedelta

import pytest
from fake_estimators import Dying, Failing, Interrupted
from sklearn.svm import SVC

from sklearn_mer.methods import Method
from sklearn_mer.study import ResultsError, plan_cells, run_cells
from sklearn_mer.study._progress import LOGGER, Costs, Progress, describe_end, log_to
from sklearn_mer.study._score import CellResult

DONE = CellResult("done", f1_macro=0.5, fit_seconds=3.0, score_seconds=1.0)
FAILED = CellResult("failed", traceback="Traceback (most recent call last):\nValueError: no\n")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_time_left_weighs_each_method_by_its_own_cost():
    costs = Costs()
    assert costs.left({"svm": 1}) is None
    costs.add("svm", 1.0)
    costs.add("svm", 3.0)
    costs.add("cnn", 100.0)
    assert costs.mean("svm") == 2.0
    assert costs.mean("hybrid") is None
    assert costs.left({"svm": 10, "cnn": 1}, n_jobs=2) == 60.0
    # Unknown methods are taken for the dearest known one.
    assert costs.left({"svm": 0, "hybrid": 2}) == 200.0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(4.0, "about 4 s left"), (600.0, "about 10 min left"), (9000.0, "about 2.5 h left")],
)
def test_lines_where_there_is_no_terminal(seconds, told):
    stream = io.StringIO()
    progress = Progress(stream)
    progress.open(5, 1)
    progress.update("svm repeat 0 fold 1", DONE, seconds)
    progress.close()
    expected = f"[2/5] svm repeat 0 fold 1: F1 50.0 %, 4.0 s; {told}\n"
    assert stream.getvalue() == expected


def test_lines_come_now_and_then_but_failures_and_the_end_always():
    stream = io.StringIO()
    progress = Progress(stream, every=1000)
    progress.open(4, 0)
    for cell, result in [("a", DONE), ("b", DONE), ("c", FAILED), ("d", None)]:
        progress.update(cell, result, None)
    progress.say("A worker died.")
    assert stream.getvalue().splitlines() == [
        "[1/4] a: F1 50.0 %, 4.0 s; unknown time left",
        "[3/4] c: failed: ValueError: no; unknown time left",
        "[4/4] d: done by another driver; unknown time left",
        "A worker died.",
    ]


def test_a_bar_in_a_terminal():
    stream = Terminal()
    progress = Progress(stream)
    progress.open(4, 1)
    progress.update("svm repeat 0 fold 1", FAILED, 4.0)
    progress.update("svm repeat 0 fold 2", DONE, 2.0)
    progress.close()
    shown = stream.getvalue()
    assert "svm repeat 0 fold 1: failed: ValueError: no\n" in shown
    assert "3/4 cells" in shown
    assert "about 2 s left; svm repeat 0 fold 2: F1 50.0 %" in shown


def told(path):
    """Return the lines of a log without their stamps, which must be there and in order."""
    lines = [line.split(" ", 1) for line in path.read_text().splitlines()]
    stamps = [datetime.fromisoformat(stamp) for stamp, _ in lines]
    assert stamps == sorted(stamps)
    assert all(stamp.utcoffset() is not None for stamp in stamps)
    return [text for _, text in lines]


def test_a_run_tells_each_cell_and_its_end(data, protocol, results, tmp_path):
    cells = plan_cells([Method("bad", Failing()), Method("svm", SVC())], data, protocol)
    log = tmp_path / "logs" / "run.log"
    run_cells(cells, data, results, n_jobs=1, progress=False, log=log)
    lines = told(log)
    assert lines[0] == "begin: 0 of 12 cells are done; workers: 1"
    assert lines[-1] == "end: 6 cells done, 6 failed by this run"
    assert lines.count("begun: svm repeat 1 fold 2") == 1
    assert lines[2] == (
        "[1/12] bad repeat 0 fold 0: failed: ZeroDivisionError: failed on purpose; "
        "unknown time left"
    )
    pattern = (
        r"\[12/12\] svm repeat 1 fold 2: F1 [\d.]+ %, [\d.]+ s; about 0 s left, "
        r"ends about \d{4}-\d\d-\d\d \d\d:\d\d"
    )
    assert re.fullmatch(pattern, lines[-2])
    assert len(lines) == 2 + 2 * 12


def test_a_second_run_adds_to_the_file(data, protocol, results, tmp_path):
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    log = tmp_path / "run.log"
    run_cells(cells, data, results, n_jobs=1, max_cells=1, progress=False, log=log)
    before = log.read_text()
    run_cells(cells, data, results, n_jobs=1, progress=False, log=log)
    assert log.read_text().startswith(before)
    assert "begin: 1 of 6 cells are done; workers: 1" in told(log)


def test_the_end_is_now_and_the_time_left():
    end = datetime.fromisoformat(describe_end(7200.0).rpartition("ends about ")[2])
    assert abs(end - datetime.now() - timedelta(hours=2)) < timedelta(minutes=2)
    assert describe_end(None) == "unknown time left"


def test_the_library_logs_to_the_file_only_meanwhile(tmp_path, capsys):
    with log_to(tmp_path / "run.log"):
        LOGGER.info("one\ntwo")
        assert told(tmp_path / "run.log") == ["one", "two"]  # before the file is closed
    LOGGER.info("three")
    with log_to(None):
        LOGGER.info("four")
    assert told(tmp_path / "run.log") == ["one", "two"]
    assert capsys.readouterr() == ("", "")


def test_deaths_are_told(data, protocol, results, tmp_path):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    cells = plan_cells([Method("dying", Dying(str(deaths)))], data, protocol)[:1]
    log = tmp_path / "run.log"
    run_cells(cells, data, results, n_jobs=2, progress=False, log=log)
    assert told(log)[2:4] == [
        "worker died (time 1 with this cell): dying repeat 0 fold 0",
        "begun: dying repeat 0 fold 0",
    ]


def test_ctrl_c_and_errors_are_told(data, protocol, results, tmp_path, monkeypatch):
    Interrupted.n_fits = 0
    cells = plan_cells([Method("i", Interrupted())], data, protocol)
    log = tmp_path / "run.log"
    run_cells(cells, data, results, n_jobs=1, progress=False, log=log)
    assert told(log)[-1] == "interrupted: 2 cells done, 0 failed by this run"

    def broken(cell, owner):
        raise ResultsError("the disk is full")

    monkeypatch.setattr(results, "claim", broken)
    with pytest.raises(ResultsError):
        run_cells(cells, data, results, n_jobs=1, progress=False, log=log)
    assert told(log)[-1].startswith("stopped by an error (the disk is full): 0 cells done")


def test_a_place_that_cannot_be_written_is_named(tmp_path, data, protocol, results):
    (tmp_path / "file").touch()
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    for path in (tmp_path, tmp_path / "file" / "run.log"):
        with pytest.raises(ValueError, match=r"The log cannot be written to .*: .*Give --log a"):
            run_cells(cells, data, results, progress=False, log=path)
    assert results.rows() == []
