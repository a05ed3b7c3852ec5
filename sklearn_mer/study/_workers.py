"""Workers of this machine: this process, or processes that each compute one cell at a time."""

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path

import joblib
from joblib.externals.loky import ProcessPoolExecutor
from tqdm import tqdm

from ._code import packed
from ._score import score_cell

# More processes are most likely a typing error, and would fill the memory.
MAX_JOBS = max(32, 4 * joblib.cpu_count())
# What libraries read when they are loaded, to learn how many threads they may start.
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Workers:
    """Base class, a context manager: which cells are running, and how many may be.

    Subclasses have ``_open(stack)`` (the stack gets what ends the workers), ``_submit(task,
    states)``, ``_wait(seconds)``, which returns a future that has ended or None, and
    ``_result(future)``, which is None if the worker died.
    """

    count = 1

    def __init__(self, data):
        self._data = data
        self.cells = {}  # begun and not handed out, by what stands for each

    def __enter__(self):
        with ExitStack() as stack:
            self._open(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        self._stack.close()
        self.cells.clear()

    def _open(self, stack):
        pass

    def begin(self, cell, states):
        """Give a free worker a cell."""
        self.cells[self._submit(cell.task, states)] = cell

    def next_ended(self):
        """Wait for a cell to end; return (cell, result), the latter None if its worker died."""
        future = None
        while future is None:  # in turns, as not every system lets Ctrl-C end a wait without limit
            future = self._wait(1.0)
        return self.cells.pop(future), self._result(future)


class ThisProcess(Workers):
    """Compute each cell here, when its result is asked for."""

    def _submit(self, task, states):
        return partial(score_cell, task, self._data.X, self._data.y, states)

    def _wait(self, seconds):
        return next(iter(self.cells))

    def _result(self, future):
        return future()


class LocalWorkers(Workers):
    """Worker processes, each a pool of its own, as the death of a worker breaks its pool."""

    def __init__(self, data, n_jobs):
        super().__init__(data)
        self.count = n_jobs
        self._idle, self._pools = deque(), {}

    def _open(self, stack):
        self._file = share_clips(self._data, stack)
        stack.callback(self._end)
        _agree_on_precision()
        self._idle.extend(self._new_pool() for _ in range(self.count))

    def _end(self):
        for pool in [*self._idle, *self._pools.values()]:
            pool.shutdown(wait=True, kill_workers=True)

    def _new_pool(self):
        threads = str(max(1, joblib.cpu_count() // self.count))
        return ProcessPoolExecutor(
            max_workers=1,
            initializer=_prepare_worker,
            initargs=(os.getpid(), Path(self._file).parent),
            env={name: os.environ.get(name, threads) for name in _THREAD_VARIABLES},
        )

    def _submit(self, task, states):
        pool = self._idle.popleft()
        future = pool.submit(score_shared, packed(task), self._file, states)
        self._pools[future] = pool
        return future

    def _wait(self, seconds):
        done, _ = wait(self._pools, timeout=seconds, return_when=FIRST_COMPLETED)
        return next(iter(done), None)

    def _result(self, future):
        pool, result = self._pools.pop(future), None
        try:
            result = future.result()
        except BrokenProcessPool:
            pool.shutdown(wait=True, kill_workers=True)
            pool = self._new_pool()
        self._idle.append(pool)
        return result


def _agree_on_precision():
    """Decide here, before workers start, what they inherit; a row that trains has loaded torch."""
    if "torch" in sys.modules:
        from ..training import cpu_precision

        cpu_precision()


def share_clips(data, stack, folder=None):
    """Write clips to a file that workers map into memory, so that they never travel with a cell."""
    how = {"prefix": "sklearn_mer_study_", "dir": folder, "ignore_cleanup_errors": True}
    folder = stack.enter_context(tempfile.TemporaryDirectory(**how))
    file = os.path.join(folder, "data.joblib")
    joblib.dump((data.X, data.y), file)
    return file


def score_shared(task, file, states):
    """Score a cell on the clips of a file."""
    return score_cell(task, *_clips(file), states)


@lru_cache(maxsize=1)
def _clips(file):
    return joblib.load(file, mmap_mode="r")


def _prepare_worker(driver, folder):
    # Ctrl-C reaches all processes of a terminal; the driver answers it, and ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default is a semaphore among processes, which a worker that is killed leaves behind.
    tqdm.set_lock(threading.RLock())
    threading.Thread(target=_end_with, args=(driver, folder), daemon=True).start()


def _end_with(driver, folder):
    """End this worker soon after its driver was killed; it would go on for hours."""
    while os.getppid() == driver:
        time.sleep(1.0)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)  # nothing to save: only drivers write
