"""Workers of a Dask or Ray cluster that runs already, and the choice among all workers."""

import os
from contextlib import ExitStack

from .._clusters import ClusterLostError, DaskCluster, RayCluster, WorkerDiedError
from ._code import packed
from ._score import CellResult, score_cell
from ._workers import LocalWorkers, ThisProcess, Workers, score_shared, share_clips


def open_workers(n_jobs, data, *, scheduler=None, ray_address=None, gpu=False, shared=None):
    """Return who computes cells of a data set; for the arguments see :func:`run_cells`."""
    if scheduler is not None:
        return DaskWorkers(data, scheduler, shared=shared, gpu=gpu)
    if ray_address is not None:
        return RayWorkers(data, ray_address, gpu=gpu)
    return ThisProcess(data) if n_jobs == 1 else LocalWorkers(data, n_jobs)


def count_jobs(n_jobs, *, scheduler=None, ray_address=None, gpu=False):
    """Return how many cells are computed at a time; a cluster is asked."""
    if scheduler is None and ray_address is None:
        return n_jobs
    workers = open_workers(n_jobs, None, scheduler=scheduler, ray_address=ray_address, gpu=gpu)
    with ExitStack() as stack:
        workers.cluster.connect(stack)
        return workers.count


class _ClusterWorkers(Workers):
    """As many cells at a time as a cluster has workers."""

    def __init__(self, data, cluster):
        super().__init__(data)
        self.cluster = cluster

    def _open(self, stack):
        self.cluster.connect(stack)
        self._share(stack)
        stack.callback(lambda: self.cluster.cancel(list(self.cells)))

    @property
    def count(self):
        # At least one: while no worker is there, the cluster keeps the cell for the next.
        return max(1, self.cluster.n_workers)

    def _wait(self, seconds):
        return self.cluster.wait(list(self.cells), seconds)

    def _result(self, future):
        try:
            return self.cluster.result(future)
        except WorkerDiedError:
            return None
        except ClusterLostError:
            raise
        except Exception as error:  # it could not begin, as on a worker without this package
            return CellResult("failed", traceback=f"{type(error).__name__}: {error}")


class DaskWorkers(_ClusterWorkers):
    """The workers of a Dask cluster, which see the folder `shared`."""

    def __init__(self, data, address, *, shared=None, gpu=False):
        super().__init__(data, DaskCluster(address, gpu=gpu))
        self._shared = shared

    def _share(self, stack):
        os.makedirs(self._shared, exist_ok=True)
        self._file = share_clips(self._data, stack, os.path.abspath(self._shared))

    def _submit(self, task, states):
        return self.cluster.submit(score_shared, packed(task), self._file, states)


class RayWorkers(_ClusterWorkers):
    """The workers of a Ray cluster: as many as it has CPUs, or GPUs where they are asked for.

    Clips are in Ray's object store: its workers need not see the results folder, so no training
    state is kept.
    """

    def __init__(self, data, address, *, gpu=False):
        super().__init__(data, RayCluster(address, gpu=gpu))

    def _share(self, stack):
        self._clips = self.cluster.share((self._data.X, self._data.y))

    def _submit(self, task, states):
        return self.cluster.submit(_score, packed(task), self._clips)


def _score(task, clips):
    return score_cell(task, *clips)
