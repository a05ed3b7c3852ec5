import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch  # noqa: F401  as a row that trains has loaded it
from study_fakes import begun, sleepers

from sklearn_mer.study import CellResults, run_cells
from sklearn_mer.study._workers import LocalWorkers

DRIVER = """
import sys
sys.path.insert(0, {here!r})
from study_fakes import sleepers
from sklearn_mer.study import CellResults, run_cells

work, results = sleepers({log!r}, {seconds}), CellResults({path!r})
summary = run_cells(*work, results, n_jobs=2, log={path!r} + ".log")
print(summary.n_found, summary.n_done, summary.stopped)
"""


@pytest.fixture
def start(tmp_path):
    """Start a driver with two workers on cells that take so many seconds."""
    processes = []

    def start_one(seconds=0.2):
        log, path = str(tmp_path / "log"), str(tmp_path / "results")
        here = str(Path(__file__).parent)
        code = DRIVER.format(here=here, log=log, path=path, seconds=seconds)
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        processes.append(process)
        return process, log, path

    yield start_one
    for process in processes:
        process.kill()
        process.communicate()


def stored(path):
    return len(list(Path(path).glob("cells/*/*/*/*.json")))


def wait_for(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
@pytest.mark.slow
def test_kill_9_loses_the_running_cells_only(start):
    process, log, path = start()
    wait_for(lambda: stored(path) >= 5, process)
    process.send_signal(signal.SIGKILL)  # the driver alone: its workers must notice,
    process.communicate(timeout=60)  # as they hold the pipe that this waits for
    kept = stored(path)
    assert 5 <= kept < 20
    told = Path(f"{path}.log").read_text()  # each line is there as soon as it is written
    # At the very moment of the kill a cell may be stored and not yet told.
    assert kept - 1 <= sum("] s repeat" in line for line in told.splitlines()) <= kept
    assert told.endswith("\n")
    cells, data = sleepers(log)
    summary = run_cells(cells, data, CellResults(path), n_jobs=1, progress=False)
    assert (summary.n_found, summary.n_done) == (kept, 20 - kept)
    assert stored(path) == 20
    assert begun(log) <= 20 + 2  # a worker has its next cell only when the last is stored


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers notice it on Linux")
@pytest.mark.slow
def test_workers_of_a_killed_driver_end_and_leave_nothing_behind(start, tmp_path):
    process, log, _ = start(seconds=600)
    wait_for(lambda: begun(log) == 2, process)
    assert len(list(tmp_path.glob("sklearn_mer_study_*"))) == 1
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)  # ends when the last worker has let go of the pipe
    assert list(tmp_path.glob("sklearn_mer_study_*")) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
@pytest.mark.skipif(
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
    reason="these tests were started in a script's background, where Ctrl-C is ignored",
)
@pytest.mark.slow
def test_ctrl_c_of_the_whole_group_ends_cleanly(start):
    process, _, path = start()
    wait_for(lambda: stored(path) >= 3, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    found, done, stopped = out.split()
    assert (found, stopped) == ("0", "interrupted")
    assert stored(path) == int(done)
    assert stored(path) < 20
    assert "Traceback" not in err
    assert "leaked" not in err  # nothing of the workers, which were killed


def test_the_driver_decides_on_the_precision_before_workers_start(monkeypatch):
    monkeypatch.delenv("SKLEARN_MER_CPU_PRECISION", raising=False)
    found = []

    def new_pool(workers):
        found.append(os.environ["SKLEARN_MER_CPU_PRECISION"])

    monkeypatch.setattr(LocalWorkers, "_new_pool", new_pool)
    with ExitStack() as stack:
        workers = LocalWorkers(SimpleNamespace(X=[0], y=[0]), 2)
        workers._end = lambda: None
        workers._open(stack)
    assert len(found) == 2
