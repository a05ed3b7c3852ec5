"""Workers of a Dask or Ray cluster that runs already: calls go there, and answers come back."""

import signal
import socket
import threading
from concurrent.futures import CancelledError
from contextlib import suppress

from ._optional import import_optional


class WorkerDiedError(Exception):
    """The worker died that had the call."""


class ClusterLostError(ConnectionError):
    """The cluster is not there any more, or has lost what it needs."""


class DaskCluster:
    """The workers of a Dask scheduler.

    Dask itself tries a call again whose worker died, on a few other workers; when it gives the call
    up, that counts as one death here.

    Parameters
    ----------
    address : str
        The scheduler, as tcp://10.0.0.1:8786.
    gpu : bool, default=False
        Whether each call asks for the resource ``GPU=1``.
    """

    #: How often who calls should give a call whose worker died.
    n_tries = 1

    def __init__(self, address, *, gpu=False):
        self._dask = import_optional("distributed", "The dask backend", "dask")
        self._address = address
        self._resources = {"GPU": 1} if gpu else None

    def connect(self, stack):
        """Connect until the stack is closed."""
        try:
            client = self._dask.Client(self._address, timeout=30)
        except (OSError, ValueError, TypeError) as error:
            raise ConnectionError(
                f"No Dask scheduler answers at {self._address} ({error}). Start one with: dask "
                "scheduler"
            ) from error
        self._client = stack.enter_context(client)
        try:
            self._client.wait_for_workers(1, timeout=60)
        except TimeoutError as error:
            raise ConnectionError(
                f"The Dask scheduler at {self._address} has no workers. Start some with: dask "
                f"worker {self._address}"
            ) from error

    @property
    def n_workers(self):
        """Number of workers."""
        return len(self._client.nthreads())

    @property
    def n_threads(self):
        """Number of calls that all workers run at a time."""
        return sum(self._client.nthreads().values())

    def submit(self, function, *arguments):
        """Give a worker a call; return what stands for it."""
        return self._client.submit(function, *arguments, pure=False, resources=self._resources)

    def wait(self, calls, seconds):
        """Return one of the calls that has ended, None if none does in that time."""
        with suppress(TimeoutError):
            return next(iter(self._dask.wait(calls, seconds, "FIRST_COMPLETED").done))

    def result(self, call):
        """Return the answer of a call that has ended, or raise its error.

        Raises
        ------
        WorkerDiedError
            If its worker died.
        ClusterLostError
            If the scheduler did.
        """
        try:
            return call.result()
        except CancelledError as error:
            raise ClusterLostError(
                f"The Dask scheduler at {self._address} dropped a call: it was stopped, or "
                "cannot be reached. Start it again; the same command goes on from here."
            ) from error
        except self._dask.KilledWorker as error:
            raise WorkerDiedError(str(error)) from error

    def cancel(self, calls):
        """Stop calls that have not ended."""
        self._client.cancel(calls, force=True)


class RayCluster:
    """The workers of a Ray cluster.

    Parameters
    ----------
    address : str
        Of a cluster that runs: auto, host:6379 or ray://host:10001.
    gpu : bool, default=False
        Whether each call asks for a GPU too.
    """

    n_tries = 2

    def __init__(self, address, *, gpu=False):
        self._ray = import_optional("ray", "The ray backend", "ray")
        self._address, self._kind = address, "GPU" if gpu else "CPU"

    def connect(self, stack):
        """Connect until the stack is closed."""
        if not self._ray.is_initialized():
            _start_ray(self._ray, self._address)
            stack.callback(self._ray.shutdown)
        if not self._ray.cluster_resources().get(self._kind):
            raise ConnectionError(
                f"The Ray cluster at {self._address} has no {self._kind}s. Add a machine to it."
            )
        # Ray would try the call of a dead worker again by itself: who gave it does, and counts.
        options = {"num_cpus": 1, "num_gpus": int(self._kind == "GPU"), "max_retries": 0}
        self._call = self._ray.remote(**options)(lambda function, *rest: function(*rest))

    def share(self, value):
        """Put an argument into the cluster once; return what stands for it in calls."""
        return self._ray.put(value)

    @property
    def n_workers(self):
        """Number of CPUs, or of GPUs if they are asked for."""
        return int(self._ray.cluster_resources().get(self._kind, 0))

    n_threads = n_workers

    def submit(self, function, *arguments):
        """Give a worker a call; return what stands for it."""
        return self._call.remote(function, *arguments)

    def wait(self, calls, seconds):
        """Return one of the calls that has ended, None if none does in that time."""
        done, _ = self._ray.wait(calls, num_returns=1, timeout=seconds)
        return done[0] if done else None

    def result(self, call):
        """Return the answer of a call that has ended, or raise its error.

        Raises
        ------
        WorkerDiedError
            If its worker died.
        ClusterLostError
            If a machine left that held what was shared.
        """
        errors = self._ray.exceptions
        died = (errors.WorkerCrashedError, errors.LocalRayletDiedError, errors.NodeDiedError)
        died += (errors.OutOfMemoryError, errors.TaskCancelledError, CancelledError)
        try:
            return self._ray.get(call)
        except died as error:
            raise WorkerDiedError(str(error)) from error
        except errors.ObjectLostError as error:
            raise ClusterLostError(
                f"The Ray cluster at {self._address} lost what was shared: the machine that held "
                "it has left. The same command goes on from here."
            ) from error

    def cancel(self, calls):
        """Stop calls that have not ended."""
        for call in calls:
            self._ray.cancel(call, force=True)


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
