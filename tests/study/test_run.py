import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fake_estimators import Dying, Failing, Interrupted, Sleeper
from joblib.externals.loky.backend import queues
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC
from study_fakes import begun, done

from sklearn_mer import CNNBaseline, training
from sklearn_mer.methods import Method
from sklearn_mer.study import (
    CellResults,
    Protocol,
    ResultsError,
    StudyData,
    _run,
    make_table,
    plan_cells,
    run_cells,
)
from sklearn_mer.study import _run as runner_module
from sklearn_mer.training import _net, resumable_training


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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.fixture
def a_state_every_epoch(monkeypatch):
    monkeypatch.setattr(training, "resumable_training", partial(resumable_training, every=0.0))


@pytest.fixture
def epochs(a_state_every_epoch, monkeypatch):
    """Epochs trained; a number in `at` is that at whose end the user presses Ctrl-C."""
    notify = _net.EmotionNet.notify
    ended = type("Ended", (list,), {"at": None})()

    def counted(net, name, **kwargs):
        notify(net, name, **kwargs)
        if name == "on_epoch_end":
            ended.append(net)
            if len(ended) == ended.at:
                raise KeyboardInterrupt

    monkeypatch.setattr(_net.EmotionNet, "notify", counted)
    return ended


@pytest.fixture
def work():
    X = np.random.default_rng(0).standard_normal((16, 61, 77), dtype=np.float32)
    y = np.array(["Q1", "Q2"] * 8)
    data = StudyData("noise", X, y)
    cnn = CNNBaseline(frontend="passthrough", max_epochs=4, stop_accuracy=None)
    return plan_cells([Method("cnn", cnn)], data, Protocol(2, 1)), data


def run_in(path, work):
    results = CellResults(path)
    summary = run_cells(*work, results, n_jobs=1, progress=False)
    return summary, results.rows()


def states(path):
    """Return the folders of unfinished training."""
    return sorted(Path(path).rglob("*.states"))


def test_a_stopped_cell_goes_on_where_it_was(work, epochs, tmp_path):
    _, expected = run_in(tmp_path / "other", work)
    epochs.clear()
    epochs.at = 6  # the second epoch of the second cell
    summary, _ = run_in(tmp_path / "results", work)
    assert (summary.stopped, summary.n_done) == ("interrupted", 1)
    (kept,) = states(tmp_path / "results")
    assert work[0][1].key[:12] in kept.name  # nothing of the first, which is done
    epochs.clear()
    epochs.at = None
    summary, rows = run_in(tmp_path / "results", work)
    assert (summary.n_found, summary.n_done) == (1, 1)
    assert len(epochs) == 2
    assert states(tmp_path / "results") == []
    for name in ("key", "f1_macro", "confusion", "epochs"):
        assert [row[name] for row in rows] == [row[name] for row in expected]
    for row, once in zip(rows, expected, strict=True):
        losses = [[epoch["train_loss"] for epoch in r["history"]] for r in (row, once)]
        assert losses[0] == losses[1]
        # The seconds of the epochs before the stop count.
        assert row["fit_seconds"] > sum(epoch["dur"] for epoch in row["history"])


def test_a_state_of_other_code_is_left_alone(work, epochs, tmp_path, monkeypatch):
    epochs.at = 2
    run_in(tmp_path / "results", work)
    assert len(states(tmp_path / "results")) == 1
    epochs.at = None
    epochs.clear()
    monkeypatch.setattr(_run, "code_digest", lambda: "of another state of the library")
    run_in(tmp_path / "results", work)
    assert len(epochs) == 8
    assert states(tmp_path / "results") == []
