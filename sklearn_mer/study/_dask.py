"""Cells on the workers of a Dask cluster that runs already."""

import os
import shutil
import tempfile
from concurrent.futures import CancelledError
from functools import lru_cache

import joblib

from ._score import CellResult, score_cell


class DaskWorkers:
    """As many cells at a time as a Dask cluster has workers.

    Dask itself tries a cell again whose worker died, on a few other workers; when it gives the
    cell up, that counts as a death of its worker here. Clips never travel with a cell: they lie
    in one file that each worker maps into memory, in a folder that all machines must see under
    the same name.
    """

    def __init__(self, data, address, *, shared, gpu=False):
        self._dask = _distributed()
        self._data, self._address = data, address
        self._shared = os.path.abspath(shared)
        self._resources = {"GPU": 1} if gpu else None
        self._running = {}

    def __enter__(self):
        self._client = _connect(self._dask, self._address)
        try:
            os.makedirs(self._shared, exist_ok=True)
            self._folder = tempfile.mkdtemp(prefix="sklearn_mer_study_", dir=self._shared)
        except BaseException:
            self._client.close()
            raise
        self._file = os.path.join(self._folder, "data.joblib")
        joblib.dump((self._data.X, self._data.y), self._file)
        return self

    def __exit__(self, *exc_info):
        self._client.cancel(list(self._running), force=True)
        self._client.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def count(self):
        """How many workers there are; they may join and leave at any time."""
        # At least one: while a cluster has no workers, the scheduler keeps the cell for the next.
        return max(1, len(self._client.nthreads()))

    @property
    def has_room(self):
        """Whether a worker is free."""
        return len(self._running) < self.count

    @property
    def running(self):
        """The cells begun and not handed out, in a list."""
        return list(self._running.values())

    def begin(self, cell, states):
        """Give the scheduler a cell."""
        arguments = cell.task, self._file, states
        future = self._client.submit(_score, *arguments, pure=False, resources=self._resources)
        self._running[future] = cell

    def next_ended(self):
        """Wait for a cell to end; return (cell, result), the latter None if its workers died."""
        done = set()
        while not done:  # in turns, so that Ctrl-C is heard
            try:
                done = self._dask.wait(
                    list(self._running), timeout=1.0, return_when="FIRST_COMPLETED"
                ).done
            except TimeoutError:
                continue
        future = done.pop()
        return self._running.pop(future), self._result(future)

    def _result(self, future):
        try:
            return future.result()
        except CancelledError as error:
            raise ConnectionError(
                f"The Dask scheduler at {self._address} dropped a cell: it was stopped, or "
                "cannot be reached. Start it again; the same command goes on from here."
            ) from error
        except self._dask.KilledWorker:
            return None
        except Exception as error:  # such as a worker without this package
            return CellResult("failed", traceback=f"{type(error).__name__}: {error}")


def count_workers(address):
    """Return how many workers a Dask cluster has, after the first has joined."""
    with _connect(_distributed(), address) as client:
        return len(client.nthreads())


def _distributed():
    try:
        import distributed
    except ImportError as error:
        raise ValueError(
            "The dask backend needs the package distributed: pip install 'sklearn-mer[dask]'."
        ) from error
    return distributed


def _connect(distributed, address):
    client = distributed.Client(address, timeout=30)
    try:
        client.wait_for_workers(1, timeout=60)
    except BaseException:
        client.close()
        raise
    return client


def _score(task, file, states):
    return score_cell(task, *_clips(file), states)


@lru_cache(maxsize=1)
def _clips(file):
    return joblib.load(file, mmap_mode="r")
