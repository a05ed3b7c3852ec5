"""Workers of a Dask or Ray cluster that runs already, and the choice among all workers."""

import os
import signal
import socket
import threading
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress

from .._optional import import_optional
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
        workers._connect(stack)
        return workers.count


class DaskWorkers(Workers):
    """As many cells at a time as a Dask cluster has workers, which see the folder `shared`.

    Dask itself tries a cell again whose worker died, on a few other workers; when it gives the
    cell up, that counts as one death here.
    """

    def __init__(self, data, address, *, shared=None, gpu=False):
        super().__init__(data)
        self._dask = import_optional("distributed", "The dask backend", "dask")
        self._address, self._shared = address, shared
        self._resources = {"GPU": 1} if gpu else None

    def _connect(self, stack):
        try:
            client = self._dask.Client(self._address, timeout=30)
        except (OSError, ValueError, TypeError) as error:
            raise ConnectionError(
                f"No Dask scheduler answers at {self._address} ({error}). Start one with: dask "
                "scheduler"
            ) from error
        self._client = stack.enter_context(client)
        self._client.wait_for_workers(1, timeout=60)

    def _open(self, stack):
        self._connect(stack)
        os.makedirs(self._shared, exist_ok=True)
        self._file = share_clips(self._data, stack, os.path.abspath(self._shared))
        stack.callback(lambda: self._client.cancel(list(self.cells), force=True))

    @property
    def count(self):
        # At least one: while no worker is there, the cluster keeps the cell for the next.
        return max(1, len(self._client.nthreads()))

    def _submit(self, task, states):
        arguments = task, self._file, states
        return self._client.submit(score_shared, *arguments, pure=False, resources=self._resources)

    def _wait(self, seconds):
        with suppress(TimeoutError):
            ended = self._dask.wait(list(self.cells), seconds, "FIRST_COMPLETED")
            return next(iter(ended.done))

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
        except Exception as error:
            return _failed(error)


class RayWorkers(Workers):
    """As many cells at a time as a Ray cluster has CPUs, or GPUs where they are asked for.

    Clips are in Ray's object store: its workers need not see the results folder, so no training
    state is kept.
    """

    def __init__(self, data, address, *, gpu=False):
        super().__init__(data)
        self._ray = import_optional("ray", "The ray backend", "ray")
        self._address, self._kind = address, "GPU" if gpu else "CPU"

    def _connect(self, stack):
        if not self._ray.is_initialized():
            _start_ray(self._ray, self._address)
            stack.callback(self._ray.shutdown)
        if not self._ray.cluster_resources().get(self._kind):
            raise ConnectionError(
                f"The Ray cluster at {self._address} has no {self._kind}s. Add a machine to it."
            )

    def _open(self, stack):
        self._connect(stack)
        self._clips = self._ray.put((self._data.X, self._data.y))
        # Ray would try a cell of a dead worker again by itself: the runner does, and counts.
        options = {"num_cpus": 1, "num_gpus": int(self._kind == "GPU"), "max_retries": 0}
        self._score = self._ray.remote(**options)(lambda task, clips: score_cell(task, *clips))
        stack.callback(lambda: [self._ray.cancel(future, force=True) for future in self.cells])

    @property
    def count(self):
        return max(1, int(self._ray.cluster_resources().get(self._kind, 0)))

    def _submit(self, task, states):
        return self._score.remote(task, self._clips)

    def _wait(self, seconds):
        done, _ = self._ray.wait(list(self.cells), num_returns=1, timeout=seconds)
        return done[0] if done else None

    def _result(self, future):
        errors = self._ray.exceptions
        died = (errors.WorkerCrashedError, errors.LocalRayletDiedError, errors.NodeDiedError)
        died += (errors.OutOfMemoryError, errors.TaskCancelledError, CancelledError)
        try:
            return self._ray.get(future)
        except died:
            return None
        except errors.ObjectLostError as error:
            raise ConnectionError(
                f"The Ray cluster at {self._address} lost the clips: the machine that held them "
                "has left. The same command goes on from here."
            ) from error
        except Exception as error:
            return _failed(error)


def _start_ray(ray, address):
    on_sigterm = signal.getsignal(signal.SIGTERM)
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        if host and port.isdigit():  # is told at once that nobody listens; Ray tries for minutes
            socket.create_connection((host, int(port)), timeout=10).close()
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # of many types, one for each kind of address
        raise ConnectionError(
            f"No Ray cluster answers at {address} ({type(error).__name__}: {error}). Start one "
            "with: ray start --head"
        ) from error
    finally:
        if threading.current_thread() is threading.main_thread():  # Ray puts its own in its place
            signal.signal(signal.SIGTERM, on_sigterm)


def _failed(error):
    """Return the result of a cell that could not begin, as on a worker without this package."""
    return CellResult("failed", traceback=f"{type(error).__name__}: {error}")
