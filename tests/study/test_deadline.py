import signal

import pytest
from fake_estimators import Sleeper
from sklearn.dummy import DummyClassifier

from sklearn_mer.methods import Method
from sklearn_mer.study import (
    plan_cells,
    run_cells,
)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_still_runs_at_the_limit_is_given_up(data, protocol, results, n_jobs):
    cells = plan_cells([Method("slow", Sleeper(600))], data, protocol)
    summary = run_cells(cells, data, results, n_jobs=n_jobs, max_seconds=1, progress=False)
    assert (summary.stopped, summary.n_done) == ("time", 0)
    assert results.rows() == []


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_the_limit_holds_where_ctrl_c_is_ignored(data, protocol, results, n_jobs):
    cells = plan_cells([Method("slow", Sleeper(600))], data, protocol)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a script's background
    try:
        summary = run_cells(cells, data, results, n_jobs=n_jobs, max_seconds=1, progress=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (summary.stopped, summary.n_done) == ("time", 0)


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="this system has no SIGALRM")
def test_a_limit_leaves_the_signal_as_it_was(data, protocol, results):
    cells = plan_cells([Method("slow", Sleeper(600))], data, protocol)
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        run_cells(cells, data, results, n_jobs=1, max_seconds=0.2, progress=False)
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_limit_of_ages_is_no_limit(data, protocol, results):
    cells = plan_cells([Method("chance", DummyClassifier())], data, protocol)
    summary = run_cells(cells, data, results, n_jobs=1, max_seconds=1e300, progress=False)
    assert (summary.n_done, summary.stopped) == (6, None)
