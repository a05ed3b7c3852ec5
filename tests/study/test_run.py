import signal
import threading
from dataclasses import replace

import numpy as np
import pytest
from fake_estimators import Dying, Failing, Interrupted, Sleeper
from joblib.externals.loky.backend import queues
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC
from study_fakes import begun, done

from sklearn_mer.methods import Method
from sklearn_mer.study import (
    CellResults,
    ResultsError,
    StudyData,
    make_table,
    plan_cells,
    run_cells,
)
from sklearn_mer.study import _run as runner_module


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_every_cell_is_computed_once_and_a_rerun_computes_none(
    data, protocol, results, tmp_path, n_jobs
):
    log = str(tmp_path / "log")
    cells = plan_cells([Method("s", Sleeper(0, log))], data, protocol)
    summary = run_cells(cells, data, results, n_jobs=n_jobs, progress=False)
    assert (summary.n_planned, summary.n_found, summary.n_done) == (6, 0, 6)
    assert summary.failures == []
    assert summary.stopped is None
    again = run_cells(cells, data, results, n_jobs=n_jobs, progress=False)
    assert (again.n_found, again.n_done) == (6, 0)
    assert begun(log) == 6


def test_scores_do_not_depend_on_the_number_of_jobs(data, protocol, tmp_path):
    methods = [
        Method("svm", SVC()),
        Method("chance", DummyClassifier(strategy="uniform")),
    ]
    cells = plan_cells(methods, data, protocol)
    scores = []
    for n_jobs in (1, 2):
        results = CellResults(tmp_path / str(n_jobs))
        run_cells(cells, data, results, n_jobs=n_jobs, progress=False)
        scores.append([(row["key"], row["f1_macro"], row["confusion"]) for row in results.rows()])
    assert scores[0] == scores[1]
    assert len(scores[0]) == 12


def test_more_repeats_compute_only_the_new_ones(data, protocol, results):
    method = Method("svm", SVC())
    run_cells(
        plan_cells([method], data, replace(protocol, n_repeats=1)),
        data,
        results,
        n_jobs=1,
        progress=False,
    )
    summary = run_cells(
        plan_cells([method], data, protocol), data, results, n_jobs=1, progress=False
    )
    assert (summary.n_found, summary.n_done) == (3, 3)


def test_a_failing_method_is_stored_and_the_rest_goes_on(data, protocol, results, tmp_path):
    broken = tmp_path / "broken"
    broken.touch()
    methods = [Method("bad", Failing(str(broken))), Method("good", SVC())]
    cells = plan_cells(methods, data, protocol)
    summary = run_cells(cells, data, results, progress=False)
    assert summary.n_done == 6
    assert sorted(summary.failures)[0] == (
        "bad repeat 0 fold 0",
        "ZeroDivisionError: failed on purpose",
    )
    assert len(summary.failures) == 6
    table = make_table(methods, data, cells, results).set_index("method")
    assert table.n_failed.to_dict() == {"bad": 6, "good": 0}
    assert all(
        "failed on purpose" in r["traceback"] for r in results.rows() if r["method"] == "bad"
    )
    broken.unlink()  # mended: failed cells are tried again, finished ones are not
    summary = run_cells(cells, data, results, progress=False)
    assert (summary.n_found, summary.n_done, summary.failures) == (6, 6, [])


def test_a_dead_worker_costs_nothing_but_time(data, protocol, results, tmp_path):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    methods = [Method("dying", Dying(str(deaths), times=1)), Method("svm", SVC())]
    cells = plan_cells(methods, data, protocol)
    summary = run_cells(cells, data, results, progress=False)
    assert (summary.n_done, summary.failures) == (12, [])
    assert len(list(deaths.iterdir())) == 1


def test_a_cell_that_always_kills_its_worker_is_given_up(
    data, protocol, results, tmp_path, monkeypatch
):
    monkeypatch.setattr(runner_module, "MAX_WORKER_DEATHS", 2)
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    method = Method("dying", Dying(str(deaths), times=1000))
    cells = plan_cells([method], data, protocol)[:1]
    summary = run_cells(cells, data, results, progress=False)
    assert summary.n_done == 0
    assert len(list(deaths.iterdir())) == 2
    ((name, error),) = summary.failures
    assert name == "dying repeat 0 fold 0"
    assert "died 2 times" in error


def test_ctrl_c_keeps_what_is_finished(data, protocol, results):
    Interrupted.n_fits = 0
    cells = plan_cells([Method("i", Interrupted())], data, protocol)
    summary = run_cells(cells, data, results, n_jobs=1, progress=False)
    assert (summary.stopped, summary.n_done) == ("interrupted", 2)
    assert len(results.rows()) == 2
    summary = run_cells(cells, data, results, n_jobs=1, progress=False)
    assert (summary.stopped, summary.n_found, summary.n_done) == (None, 2, 4)


def test_a_cell_written_at_the_moment_of_ctrl_c_is_counted(data, protocol, results, monkeypatch):
    record = results.record

    def record_and_stop(cell, result):
        record(cell, result)
        if cell is cells[3]:
            raise KeyboardInterrupt

    monkeypatch.setattr(results, "record", record_and_stop)
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    summary = run_cells(cells, data, results, n_jobs=1, progress=False)
    assert (summary.stopped, summary.n_done) == ("interrupted", 4)
    assert len(results.rows()) == 4


def test_no_cell_is_begun_that_would_not_end_in_time(data, protocol, results):
    methods = [Method("slow", SVC()), Method("fast", DummyClassifier())]
    cells = plan_cells(methods, data, protocol)
    hours = done(fit_seconds=9000.0)
    results.record(cells[0], hours)  # so a cell of this method is known to take long
    summary = run_cells(cells, data, results, n_jobs=1, max_seconds=600, progress=False)
    assert (summary.stopped, summary.n_found, summary.n_done) == ("time", 1, 6)
    assert [row["method"] for row in results.rows()] == ["fast"] * 6 + ["slow"]


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


def test_at_most_so_many_cells(data, protocol, results):
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    assert run_cells(cells, data, results, n_jobs=1, max_cells=2, progress=False).n_done == 2
    assert run_cells(cells, data, results, n_jobs=1, progress=False).n_found == 2


def test_two_drivers_share_the_work(data, protocol, results, tmp_path):
    log = str(tmp_path / "log")
    cells = plan_cells([Method("s", Sleeper(0.1, log))], data, protocol)
    summaries = []

    def drive():
        mine = CellResults(results.folder)
        summaries.append(run_cells(cells, data, mine, n_jobs=1, progress=False))

    drivers = [threading.Thread(target=drive) for _ in range(2)]
    for driver in drivers:
        driver.start()
    for driver in drivers:
        driver.join()
    assert len(results.rows()) == 6
    assert all(summary.n_done > 0 for summary in summaries)
    # At the very end both may take the last cell, and never more than that.
    assert 6 <= begun(log) <= 7


def test_claims_of_a_dead_driver_block_nothing(data, protocol, results):
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    for cell in cells:
        results.claim(cell, "a driver that was killed")
    assert run_cells(cells, data, results, n_jobs=1, progress=False).n_done == 6


def test_a_store_that_breaks_during_the_run_is_told(data, protocol, results):
    cells = plan_cells([Method("s", Sleeper(0))], data, protocol)

    def broken_claim(cell, owner):
        raise ResultsError("the disk is full")

    results.claim = broken_claim
    with pytest.raises(ResultsError, match="the disk is full"):
        run_cells(cells, data, results, progress=False)


def test_progress_tells_cells_scores_failures_and_time_left(data, protocol, results, capsys):
    methods = [Method("bad", Failing()), Method("svm", SVC())]
    cells = plan_cells(methods, data, protocol)
    run_cells(cells, data, results, n_jobs=1)
    lines = capsys.readouterr().err.splitlines()
    assert sum("failed: ZeroDivisionError: failed on purpose" in line for line in lines) == 6
    assert lines[-1].startswith("[12/12] svm repeat 1 fold 2: F1 ")
    assert lines[-1].endswith("about 0 s left")


def test_big_arrays_reach_the_workers_without_a_copy_a_task(protocol, results):
    X = np.random.RandomState(0).normal(size=(60, 5000))
    data = StudyData("big", X, np.repeat([0, 1, 2, 3], 15))
    cells = plan_cells([Method("chance", DummyClassifier())], data, protocol)
    sent = _bytes_pickled(lambda: run_cells(cells, data, results, progress=False))
    assert sent < X.nbytes / 10


def _bytes_pickled(call):
    """Count what is pickled for the workers during a call."""
    sizes = []
    dumps = queues.dumps

    def counted(obj, *args, **kwargs):
        data = dumps(obj, *args, **kwargs)
        sizes.append(len(data))
        return data

    queues.dumps = counted
    try:
        call()
    finally:
        queues.dumps = dumps
    assert sizes
    return sum(sizes)


@pytest.mark.parametrize("n_jobs", ["two", 0, -1, 1.5, 10**6])
def test_other_numbers_of_workers_are_refused(data, protocol, results, n_jobs):
    cells = plan_cells([Method("chance", DummyClassifier())], data, protocol)
    with pytest.raises(
        ValueError, match=f"'n_jobs' parameter of run_cells must be .* Got {n_jobs!r}"
    ):
        run_cells(cells, data, results, n_jobs=n_jobs)


def test_a_limit_of_ages_is_no_limit(data, protocol, results):
    cells = plan_cells([Method("chance", DummyClassifier())], data, protocol)
    summary = run_cells(cells, data, results, n_jobs=1, max_seconds=1e300, progress=False)
    assert (summary.n_done, summary.stopped) == (6, None)
