"""Workers on Dask and on Ray."""

import os
import pickle
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_estimators import Dying, Failing
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC

from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, _study, plan_cells, run_cells, table1
from sklearn_mer.study import _run as runner_module
from sklearn_mer.study._clusters import RayWorkers, count_jobs
from sklearn_mer.study._keys import code_digest
from sklearn_mer.study._own import own_method


@contextmanager
def two_workers():
    """A cluster of two worker processes, which find the fakes by their folder."""
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    here = str(Path(__file__).parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([here, *filter(None, sys.path)]))
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            yield cluster


@pytest.fixture(scope="module")
def cluster():
    with two_workers() as cluster:
        yield cluster


@pytest.fixture
def scheduler(cluster):
    return cluster.scheduler_address


@pytest.fixture
def dying(tmp_path):
    """A method that takes its worker with it so many times."""
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    return lambda times: Method("dying", Dying(str(deaths), times))


@pytest.fixture
def impatient(cluster, monkeypatch):
    """Dask gives a cell up with the first worker that dies."""
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)


@pytest.fixture
def own_row(tmp_path, monkeypatch):
    """A method in a file that no worker can import, with another file beside it."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "own_helper.py").write_text("def halve(X):\n    return X / 2\n")
    (tmp_path / "own_sent.py").write_text(
        "from sklearn.svm import SVC\nfrom own_helper import halve\n\n"
        "class Mine(SVC):\n    def fit(self, X, y):\n        return super().fit(halve(X), y)\n"
    )
    yield own_method(f"{tmp_path / 'own_sent.py'}:Mine")
    for name in ("own_sent", "own_helper"):
        del sys.modules[name]


def check_sent(row, data, protocol, tmp_path, **workers):
    """Compute a row here and on workers, with the same scores."""
    cells = plan_cells([row], data, protocol)
    here, there = (CellResults(tmp_path / name) for name in ("here", "there"))
    run_cells(cells, data, here, n_jobs=1, progress=False)
    summary = run_cells(cells, data, there, progress=False, **workers)
    assert (summary.n_done, summary.failures) == (6, [])
    assert scores(there) == scores(here)


def test_a_method_of_ones_own_is_sent(scheduler, own_row, data, protocol, tmp_path):
    check_sent(own_row, data, protocol, tmp_path, scheduler=scheduler)


@pytest.mark.slow
def test_a_method_of_ones_own_is_sent_to_processes(own_row, data, protocol, tmp_path):
    check_sent(own_row, data, protocol, tmp_path, n_jobs=2)


def scores(results):
    return [(row["key"], row["f1_macro"], row["confusion"]) for row in results.rows()]


def test_scores_are_those_of_this_process(scheduler, data, protocol, tmp_path):
    methods = [
        Method("svm", SVC()),
        Method("chance", DummyClassifier(strategy="uniform")),
    ]
    cells = plan_cells(methods, data, protocol)
    here, there = (CellResults(tmp_path / name) for name in ("here", "there"))
    run_cells(cells, data, here, n_jobs=1, progress=False)
    summary = run_cells(cells, data, there, scheduler=scheduler, progress=False)
    assert (summary.n_done, summary.failures) == (12, [])
    assert scores(there) == scores(here)
    assert [path.name for path in there.folder.iterdir()] == ["cells"]


def test_a_dead_worker_costs_its_cell_only_and_a_failure_is_kept(
    scheduler, data, protocol, results, dying, tmp_path
):
    methods = [
        dying(1),
        Method("bad", Failing()),
        Method("svm", SVC()),
    ]
    summary = run_cells(
        plan_cells(methods, data, protocol), data, results, scheduler=scheduler, progress=False
    )
    assert len(list((tmp_path / "deaths").iterdir())) >= 1
    status = [(row["method"], row["status"]) for row in results.rows()]
    assert status.count(("dying", "done")) == status.count(("svm", "done")) == 6
    assert status.count(("bad", "failed")) == len(summary.failures) == 6
    assert all("failed on purpose" in r["traceback"] for r in results.rows() if r["traceback"])


@pytest.mark.usefixtures("impatient")
@pytest.mark.slow
def test_a_cell_that_dask_gives_up_is_tried_again_in_the_same_run(
    scheduler, data, protocol, results, dying, tmp_path
):
    cells = plan_cells([dying(2), Method("svm", SVC())], data, protocol)[:4]
    log = tmp_path / "log"
    summary = run_cells(cells, data, results, scheduler=scheduler, progress=False, log=log)
    assert (summary.n_done, summary.failures) == (4, [])
    assert log.read_text().count("worker died") == 2
    assert {row["code"] for row in results.rows()} == {code_digest()}


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_cell_that_always_kills_its_worker_is_stored_as_failed(
    scheduler, data, protocol, results, dying, monkeypatch
):
    monkeypatch.setattr(runner_module, "MAX_WORKER_DEATHS", 2)
    cells = plan_cells([dying(1000), Method("svm", SVC())], data, protocol)
    cells = [
        cell for cell in cells if cell.method.key == "svm" or (cell.repeat, cell.fold) == (0, 0)
    ]
    summary = run_cells(cells, data, results, scheduler=scheduler, progress=False)
    assert summary.n_done == 6
    ((name, error),) = summary.failures
    assert name == "dying repeat 0 fold 0"
    assert "Workers died 2 times or more" in error
    assert [row["status"] for row in results.rows()].count("failed") == 1


@pytest.mark.slow
def test_the_jobs_in_the_heading_are_the_clusters_workers(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: data)
    argv = ["--dataset", "tiny", "--folds", "3", "--repeats", "1", "--jobs", "7"]
    argv += ["--results", str(tmp_path / "results")]
    rows = {"svm": Method("svm", SVC(), "SVM", "paper")}
    # Of its own: workers that other tests have killed come back late, or not at all.
    with two_workers() as cluster:
        argv += ["--backend", "dask", "--scheduler", cluster.scheduler_address]
        assert table1(argv, available=lambda recipe: rows) == 0
    assert "Jobs:      2, device auto" in capsys.readouterr().out


def test_clips_do_not_travel_with_a_cell(data, protocol):
    wide = replace(data, X=np.tile(data.X, 1000))
    cell = plan_cells([Method("svm", SVC())], wide, protocol)[0]
    assert wide.X.nbytes > 1_000_000
    assert len(pickle.dumps(cell.task)) < 10_000


def test_an_address_that_is_none_is_told(data, protocol, results):
    pytest.importorskip("distributed", reason="needs the extra dask")
    cells = plan_cells([Method("chance", DummyClassifier())], data, protocol)
    with pytest.raises(ConnectionError, match="No Dask scheduler answers at nonsense"):
        run_cells(cells, data, results, scheduler="nonsense")


# A cluster and its workers take half a minute to start.
on_ray = pytest.mark.slow


@pytest.fixture(scope="module")
def ray():
    return pytest.importorskip("ray", reason="needs the extra ray")


@pytest.fixture(scope="module")
def address(ray):
    """A cluster of processes with two CPUs, which find the fakes by their folder."""
    from ray.cluster_utils import Cluster

    here = str(Path(__file__).parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([here, *filter(None, sys.path)]))
        # On a busy machine Ray's agent takes longer than its 15 s, and the cluster does not start.
        patch.setenv("RAY_agent_register_timeout_ms", "120000")
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
        try:
            yield cluster.address
        finally:
            cluster.shutdown()


@on_ray
def test_scores_are_those_of_loky(ray, address, data, protocol, tmp_path):
    methods = [
        Method("svm", SVC()),
        Method("chance", DummyClassifier(strategy="uniform")),
    ]
    cells = plan_cells(methods, data, protocol)
    here, there = (CellResults(tmp_path / name) for name in ("here", "there"))
    run_cells(cells, data, here, n_jobs=2, progress=False)
    summary = run_cells(cells, data, there, ray_address=address, progress=False)
    assert (summary.n_done, summary.failures) == (12, [])
    assert scores(there) == scores(here)
    assert {row["code"] for row in there.rows()} == {code_digest()}
    assert not ray.is_initialized()


@on_ray
def test_a_method_of_ones_own_is_sent_on_ray(address, own_row, data, protocol, tmp_path):
    check_sent(own_row, data, protocol, tmp_path, ray_address=address)


@on_ray
def test_a_dead_worker_costs_its_cell_only_which_is_tried_again(
    address, data, protocol, results, dying, tmp_path
):
    methods = [dying(2), Method("bad", Failing()), Method("svm", SVC())]
    cells = plan_cells(methods, data, protocol)
    log = tmp_path / "log"
    summary = run_cells(cells, data, results, ray_address=address, progress=False, log=log)
    status = [(row["method"], row["status"]) for row in results.rows()]
    assert status.count(("dying", "done")) == status.count(("svm", "done")) == 6
    assert status.count(("bad", "failed")) == len(summary.failures) == 6
    assert all("failed on purpose" in r["traceback"] for r in results.rows() if r["traceback"])
    assert log.read_text().count("worker died") == 2


@on_ray
def test_a_cell_that_always_kills_its_worker_on_ray_is_stored_as_failed(
    address, data, protocol, results, dying, monkeypatch, tmp_path
):
    monkeypatch.setattr(runner_module, "MAX_WORKER_DEATHS", 2)
    cells = plan_cells([dying(1000)], data, protocol)[:1]
    summary = run_cells(cells, data, results, ray_address=address, progress=False)
    ((_, error),) = summary.failures
    assert "Workers died 2 times or more" in error
    assert len(list((tmp_path / "deaths").iterdir())) == 2


@on_ray
def test_places_are_the_clusters_cpus_or_gpus(address):
    assert count_jobs(7, ray_address=address) == 2
    with pytest.raises(ConnectionError, match="has no GPUs"):
        count_jobs(7, ray_address=address, gpu=True)


@on_ray
def test_the_command_line_takes_an_address_and_tells_the_places(
    address, data, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(_study, "open_dataset", lambda name, **how: data)
    argv = ["--dataset", "tiny", "--folds", "3", "--repeats", "1", "--jobs", "7"]
    argv += ["--backend", "ray", "--address", address]
    argv += ["--results", str(tmp_path / "results")]
    rows = {"svm": Method("svm", SVC(), "SVM", "paper")}
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert table1(argv, available=lambda recipe: rows) == 0
        # A polite end is one with a table: Ray's own handler has not taken the place of ours.
        with pytest.raises(KeyboardInterrupt):
            signal.getsignal(signal.SIGTERM)(signal.SIGTERM, None)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert "Jobs:      2, device auto" in capsys.readouterr().out


@on_ray
def test_gpus_are_asked_for(ray, address, data, monkeypatch):
    asked = {}
    monkeypatch.setattr(ray, "remote", lambda **options: asked.update(options) or (lambda f: f))
    monkeypatch.setattr(ray, "cluster_resources", lambda: {"CPU": 2.0, "GPU": 3.0})
    with RayWorkers(data, address, gpu=True) as workers:
        assert workers.count == 3
    assert asked == {"num_cpus": 1, "num_gpus": 1, "max_retries": 0}


@on_ray
@pytest.mark.usefixtures("ray")
@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_a_cluster_that_is_not_there_is_named(address):
    with pytest.raises(ConnectionError, match=f"No Ray cluster answers at {address} .*ray start"):
        count_jobs(7, ray_address=address)
