import os
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC
from study_fakes import Dying, Failing

from sklearn_mer.study import CellStore, StudyMethod, plan_cells, run_cells

distributed = pytest.importorskip("distributed", reason="needs the extra dask")


@pytest.fixture(scope="module")
def scheduler():
    """A cluster of two worker processes, which find the fakes by their folder."""
    here = str(Path(__file__).parent)
    path = os.pathsep.join([here, *filter(None, sys.path)])
    old = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = path
    try:
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            yield cluster.scheduler_address
    finally:
        os.environ.pop("PYTHONPATH")
        if old is not None:
            os.environ["PYTHONPATH"] = old


def scores(store):
    return [(row["key"], row["f1_macro"], row["confusion"]) for row in store.rows()]


def test_scores_are_those_of_this_process(scheduler, data, protocol, tmp_path):
    methods = [
        StudyMethod("svm", SVC()),
        StudyMethod("chance", DummyClassifier(strategy="uniform")),
    ]
    cells = plan_cells(methods, data, protocol)
    here, there = (CellStore(tmp_path / name / "s.sqlite") for name in ("here", "there"))
    run_cells(cells, data, here, n_jobs=1, progress=False)
    summary = run_cells(cells, data, there, scheduler=scheduler, progress=False)
    assert (summary.n_done, summary.failures) == (12, [])
    assert scores(there) == scores(here)
    assert [path.name for path in there.path.parent.iterdir()] == ["s.sqlite"]


def test_a_dead_worker_costs_its_cell_only_and_a_failure_is_kept(
    scheduler, data, protocol, store, tmp_path
):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    methods = [
        StudyMethod("dying", Dying(str(deaths))),
        StudyMethod("bad", Failing()),
        StudyMethod("svm", SVC()),
    ]
    summary = run_cells(
        plan_cells(methods, data, protocol), data, store, scheduler=scheduler, progress=False
    )
    assert len(list(deaths.iterdir())) >= 1
    status = [(row["method"], row["status"]) for row in store.rows()]
    assert status.count(("dying", "done")) == status.count(("svm", "done")) == 6
    assert status.count(("bad", "failed")) == len(summary.failures) == 6
    assert all("failed on purpose" in r["traceback"] for r in store.rows() if r["traceback"])


def test_clips_do_not_travel_with_a_cell(data, protocol):
    wide = replace(data, X=np.tile(data.X, 1000))
    cell = plan_cells([StudyMethod("svm", SVC())], wide, protocol)[0]
    assert wide.X.nbytes > 1_000_000
    assert len(pickle.dumps(cell)) < 10_000
