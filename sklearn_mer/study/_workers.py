"""Who computes cells: this process, or worker processes that each have one at a time."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import joblib
from joblib.externals.loky import ProcessPoolExecutor

from ._dask import DaskWorkers, count_workers
from ._ray import RayWorkers, count_places
from ._score import score_cell

# What libraries read when they are loaded, to learn how many threads they may start.
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def open_workers(n_jobs, data, *, scheduler=None, shared=None, ray_address=None, gpu=False):
    """Return who computes cells of a data set, as a context manager.

    All have ``count``, ``has_room``, ``running``, ``begin(cell, states)`` and ``next_ended()``;
    for the arguments see :func:`run_cells`.
    """
    if scheduler is not None:
        return DaskWorkers(data, scheduler, shared=shared, gpu=gpu)
    if ray_address is not None:
        return RayWorkers(data, ray_address, gpu=gpu)
    return ThisProcess(data) if n_jobs == 1 else Workers(n_jobs, data)


def count_jobs(n_jobs, *, scheduler=None, ray_address=None, gpu=False):
    """Return how many cells are computed at a time; a cluster is asked."""
    if scheduler is not None:
        return count_workers(scheduler)
    if ray_address is not None:
        return count_places(ray_address, gpu=gpu)
    return n_jobs


class ThisProcess:
    """Compute each cell here, when its result is asked for."""

    count = 1

    def __init__(self, data):
        self._data = data
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.running.clear()

    @property
    def has_room(self):
        """Whether a cell can be begun."""
        return not self.running

    def begin(self, cell, states):
        """Take a cell."""
        self.running.append(cell)
        self._states = states

    def next_ended(self):
        """Return (cell, result) of a cell that has ended."""
        result = score_cell(self.running[0].task, self._data.X, self._data.y, self._states)
        return self.running.pop(), result


class Workers:
    """Worker processes that get their next cell when the result of the last is in hand.

    So what a kill of the driver can lose is one cell per worker. Each worker is a pool of its own,
    as the death of a worker breaks the pool that it belongs to. The data reach them as one file
    that they map into memory, not as a copy per cell.
    """

    def __init__(self, n_jobs, data):
        self.count = n_jobs
        self._data = data
        self._idle = deque()
        self._running = {}

    def __enter__(self):
        self._folder = tempfile.mkdtemp(prefix="sklearn_mer_study_")
        self._file = os.path.join(self._folder, "data.joblib")
        joblib.dump((self._data.X, self._data.y), self._file)
        self._idle.extend(self._new_pool() for _ in range(self.count))
        return self

    def __exit__(self, *exc_info):
        for pool in [*self._idle, *(pool for pool, _ in self._running.values())]:
            pool.shutdown(wait=True, kill_workers=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _new_pool(self):
        threads = str(max(1, joblib.cpu_count() // self.count))
        return ProcessPoolExecutor(
            max_workers=1,
            initializer=_prepare_worker,
            initargs=(os.getpid(), self._file),
            env={name: os.environ.get(name, threads) for name in _THREAD_VARIABLES},
        )

    @property
    def has_room(self):
        """Whether a worker is free."""
        return bool(self._idle)

    @property
    def running(self):
        """The cells begun and not handed out, in a list."""
        return [cell for _, cell in self._running.values()]

    def begin(self, cell, states):
        """Give a free worker a cell."""
        pool = self._idle.popleft()
        self._running[pool.submit(_score, cell.task, states)] = pool, cell

    def next_ended(self):
        """Wait for a cell to end; return (cell, result), the latter None if its worker died."""
        done = set()
        while not done:  # in turns, as not every system lets Ctrl-C end a wait without limit
            done, _ = wait(self._running, timeout=1.0, return_when=FIRST_COMPLETED)
        future = done.pop()
        pool, cell = self._running.pop(future)
        try:
            result = future.result()
        except BrokenProcessPool:
            pool.shutdown(wait=True, kill_workers=True)
            pool, result = self._new_pool(), None
        self._idle.append(pool)
        return cell, result


_clips = None  # of the study that this worker process belongs to


def _prepare_worker(driver, file):
    global _clips
    # Ctrl-C reaches all processes of a terminal; the driver answers it, and ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(driver, Path(file).parent), daemon=True).start()
    _clips = joblib.load(file, mmap_mode="r")


def _score(task, states):
    return score_cell(task, *_clips, states)


def _end_with(driver, folder, *, every=1.0):
    """End this worker soon after its driver was killed, which could not do so itself.

    It would go on with a cell whose result nobody awaits, for hours in the worst case.
    """
    while os.getppid() == driver:
        time.sleep(every)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)  # nothing to save: only drivers write
