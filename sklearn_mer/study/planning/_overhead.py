"""What a run takes beside its cells: workers start, and each cell is claimed, sent and stored."""

import tempfile
import time
from dataclasses import dataclass

import joblib
import numpy as np
from sklearn.dummy import DummyClassifier

from ..cells._cells import Protocol, plan_cells
from ..cells._data import StudyData
from ..cells._methods import StudyMethod
from ..running._progress import Silence
from ..running._runner import Run
from ..store._store import CellStore


@dataclass(frozen=True)
class Overhead:
    """Seconds until workers are ready, and those that a cell takes a worker beside its own."""

    start: float
    turn: float


def measure_overhead(folder, n_workers):
    """Run cells that do nothing, on this machine and a drive.

    Parameters
    ----------
    folder : path-like
        Where the store is that is planned for.
    n_workers : int
        How many are planned; no more are started than this machine has CPUs.

    Returns
    -------
    Overhead
    """
    n_jobs = min(n_workers, joblib.cpu_count())
    data = StudyData("nothing", np.zeros((40, 1)), np.arange(40) % 2)
    cells = plan_cells([StudyMethod("nothing", DummyClassifier())], data, Protocol(2, 20))
    clock = _Clock()
    with tempfile.TemporaryDirectory(dir=folder, prefix="sklearn_mer_plan_") as place:
        run = Run(cells, data, CellStore(f"{place}/store.sqlite"), n_jobs)
        run.watchers.append(clock)
        run.run()
    first, last = clock.ended[0], clock.ended[-1]
    return Overhead(first - clock.begun, n_jobs * (last - first) / (len(cells) - 1))


class _Clock(Silence):
    """Notes when cells end."""

    def __init__(self):
        self.begun, self.ended = time.perf_counter(), []

    def update(self, cell, result, seconds_left):
        """Note when it was."""
        self.ended.append(time.perf_counter())
