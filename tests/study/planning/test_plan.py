from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier

from sklearn_mer.study import CellResult, StudyData, StudyMethod, plan_cells, table1
from sklearn_mer.study.command_line import _plan
from sklearn_mer.study.planning import _forecast as forecast_module
from sklearn_mer.study.planning._cell_times import CellTimes
from sklearn_mer.study.planning._makespan import makespan
from sklearn_mer.study.planning._overhead import Overhead, measure_overhead
from sklearn_mer.study.setup import _study

REGISTER = {name: SimpleNamespace(title=name, published={}) for name in ("fast", "slow")}


def make(key, recipe):
    return DummyClassifier(strategy="uniform", random_state=["fast", "slow"].index(key))


def took(fit, score=0.0):
    return CellResult("done", f1_macro=0.5, fit_seconds=fit, score_seconds=score)


def test_work_goes_to_the_first_free_worker():
    assert makespan([3, 1, 1, 1], 2) == 3
    assert makespan([1, 1, 1, 3], 2) == 4  # the long one begins last
    assert makespan([2] * 5, 2) == 6
    assert makespan([2] * 5, 8) == 2
    assert makespan([5, 1], 1, start=10) == 16
    assert makespan([], 3) == 0


def row(**changed):
    values = {"method": "m", "recipe": "default", "dataset": "a", "status": "done"}
    values |= {"ended_at": "2026-11-01T10:00:00+00:00"}
    times = {"n_train": 90, "n_test": 10, "fit_seconds": 9.0, "score_seconds": 1.0}
    return values | times | changed


def of(rows, dataset="a", n_train=90, n_test=10):
    times = CellTimes(rows).of(StudyMethod("m", DummyClassifier()), dataset, n_train, n_test)
    return times.mean, times.dataset, times.scaled


def test_the_same_data_set_goes_first_then_the_nearest_in_size():
    rows = [row(), row(dataset="b", n_train=900, fit_seconds=90.0)]
    assert of(rows) == (10.0, "a", False)
    assert of(rows, "c", 180, 20) == (20.0, "a", True)
    assert of(rows, "c", 800, 10) == (81.0, "b", True)


def test_other_folds_of_one_data_set_are_scaled():
    assert of([row()], n_train=45, n_test=50) == (9.5, "a", True)


def test_failed_cells_other_recipes_and_other_methods_tell_nothing():
    rows = [row(status="failed"), row(recipe="paper"), row(method="n")]
    assert of(rows) == (None, None, False)


def test_a_cell_that_filled_a_cache_is_left_out():
    rows = [row(), row(fit_seconds=19.0), row(fit_seconds=300.0), row()]
    assert of(rows)[0] == pytest.approx((10 + 20 + 10) / 3)


def test_the_newest_cells_tell_what_one_takes_now():
    new = [row(ended_at="2026-11-02T10:00:00+00:00", fit_seconds=4.0) for _ in range(50)]
    assert of([*new, row(), row()]) == (5.0, "a", False)


@pytest.fixture
def plan(data, store, monkeypatch, capsys):
    """Plan 2 x 3 folds of both methods; 2 cells of each are done, of 10 and 100 seconds."""
    monkeypatch.setattr(forecast_module, "measure_overhead", lambda folder, n: Overhead(5.0, 0.0))
    opened = {"tiny": data}
    monkeypatch.setattr(_study, "open_dataset", lambda name, data_home=None: find(opened, name))

    def find(opened, name):
        if name not in opened:
            raise _study.DatasetNotFoundError("not here")
        return opened[name]

    def plan(*arguments, dataset=("--dataset", "tiny")):
        argv = ["plan", *dataset, "--folds", "3", "--repeats", "2", "--recipe", "default"]
        argv += ["--store", str(store.path), *arguments]
        code = table1(argv, register=REGISTER, make=make)
        out, err = capsys.readouterr()
        table = [line.split() for line in out.splitlines()]
        by_workers = {
            fields[0]: fields[1:] for fields in table if fields[:1] and fields[0].isdigit()
        }
        rows = {tuple(f[:2]): f[3:] for f in table if f[1:2] and f[1] in REGISTER}
        return SimpleNamespace(code=code, out=out, err=err, workers=by_workers, rows=rows)

    return plan


@pytest.fixture
def measured(data, protocol, store):
    methods = [StudyMethod(key, make(key, "default")) for key in REGISTER]
    for cell in plan_cells(methods, data, protocol)[:4]:
        store.record(cell, took(10.0 if cell.method.key == "fast" else 100.0))
    return store


def test_times_of_the_cells_that_are_left(plan, measured):
    before = measured.all_rows()
    result = plan("--workers", "1", "2", "8")
    assert result.code == 0
    assert result.rows["tiny", "fast"] == ["6", "4", "10", "tiny,", "2", "cells"]
    assert result.rows["tiny", "slow"] == ["6", "4", "100", "tiny,", "2", "cells"]
    ends = makespan([10, 100] * 4, 2, start=5)
    assert ends == 5 + 10 + 10 + 100 + 10 + 100
    assert result.workers == {
        "1": ["7.4", "min", "99%"],  # 5 + 4 * 110 s
        "2": ["3.9", "min", "94%"],
        "8": ["105", "s", "52%"],  # 5 + 100 s
    }
    assert "5.0 s until workers are ready" in result.out
    assert measured.all_rows() == before


def test_the_default_is_the_number_of_jobs(plan, measured):
    assert list(plan("--jobs", "3").workers) == ["3"]
    assert list(plan().workers) == ["2"]


def test_every_setting_of_a_grid_counts(plan, measured):
    result = plan("--grid", "10", "--workers", "1")
    assert result.rows["tiny", "fast"][:2] == ["60", "60"]
    assert result.workers["1"][:2] == ["110.1", "min"]  # 5 + 60 * 110 s
    assert "Each cell counts 10 times, for 10 settings" in result.out


def test_data_sets_that_are_not_here_are_planned_by_their_size(plan, measured):
    result = plan("--datasets", "tiny", "4qaed", "--methods", "fast", dataset=())
    assert result.rows["4qaed", "fast"][:3] == ["6", "6", "150"]  # 600 clips for 40
    assert "tiny, 2 cells, scaled by clips" in result.out
    # Data sets are run one after the other: 5 + 2 * 10 and 5 + 3 * 150 s on two workers.
    assert result.workers["2"][:2] == ["8.0", "min"]
    grouped = plan("--datasets", "merge-complete", "--methods", "fast", "--groups", "artist")
    assert grouped.code == 0


def test_what_was_never_measured_is_told_and_not_guessed(plan, data, protocol, store):
    for cell in plan_cells([StudyMethod("fast", make("fast", "default"))], data, protocol)[:1]:
        store.record(cell, took(10.0))
    result = plan("--workers", "1")
    assert result.rows["tiny", "slow"] == ["6", "6", "unknown", "nothing"]
    assert "Not in these times: 6 cells of slow on tiny, as none was measured." in result.out
    assert result.workers["1"] == ["55", "s", "91%"]


def test_a_plan_that_is_done_takes_no_time(plan, data, protocol, store):
    methods = [StudyMethod(key, make(key, "default")) for key in REGISTER]
    for cell in plan_cells(methods, data, protocol):
        store.record(cell, took(10.0))
    assert plan("--workers", "2").workers == {"2": ["0", "s", "0%"]}


def test_input_that_cannot_be_used(plan, tmp_path, capsys):
    missing = tmp_path / "none.sqlite"
    assert table1(["plan", "--dataset", "synthetic", "--store", str(missing)]) == 2
    assert "There is no store" in capsys.readouterr().err
    assert not missing.exists()
    for wrong in (["--workers", "0"], ["--grid", "x"], ["--unknown"]):
        with pytest.raises(SystemExit):
            plan(*wrong)


def test_published_sizes_stand_in_for_data_that_are_not_here():
    assert _plan._stand_in("merge-balanced").name == "merge-balanced"
    assert len(_plan._stand_in("merge-balanced")) == 3232
    _, counts = np.unique(_plan._stand_in("4qaed").y, return_counts=True)
    assert counts.tolist() == [225] * 4
    assert isinstance(_plan._stand_in("4qaed"), StudyData)


def test_sending_and_storing_a_cell_counts_too(plan, measured, monkeypatch):
    asked = []

    def measure(folder, n_workers):
        asked.append((folder, n_workers))
        return Overhead(5.0, 10.0)

    monkeypatch.setattr(forecast_module, "measure_overhead", measure)
    result = plan("--workers", "1", "4")
    assert result.workers["1"][:2] == ["8.8", "min"]  # 5 + 8 * 10 + 4 * 110 s
    assert "5.0 s until workers are ready, 10.00 s a cell" in result.out
    assert asked == [(measured.path.parent, 4)]


def test_the_overhead_is_that_of_a_real_run_and_leaves_nothing_behind(tmp_path):
    overhead = measure_overhead(tmp_path, 1)
    assert overhead.start > 0
    assert overhead.turn > 0
    assert list(tmp_path.iterdir()) == []
