import io

import pytest

from sklearn_mer.study._progress import Costs, Progress
from sklearn_mer.study._score import CellResult

DONE = CellResult("done", f1_macro=0.5, fit_seconds=3.0, score_seconds=1.0)
FAILED = CellResult("failed", traceback="Traceback\nValueError: no\n")


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
