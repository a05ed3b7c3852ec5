"""Cells on the workers of a Ray cluster that runs already."""

import signal
import socket
import threading
from concurrent.futures import CancelledError

from ._score import CellResult, score_cell


class RayWorkers:
    """As many cells at a time as a Ray cluster has CPUs, or GPUs where they are asked for.

    The clips' table or waveforms are put into Ray's object store once; each machine maps them
    into the memory of its workers, so a cell carries only its indices.
    """

    def __init__(self, data, address, *, gpu=False):
        self._ray = _ray()
        self._data, self._address, self._gpu = data, address, gpu
        self._running = {}

    def __enter__(self):
        self._opened = _connect(self._ray, self._address)
        try:
            _count(self._ray, self._address, self._gpu)
            self._clips = self._ray.put((self._data.X, self._data.y))
        except BaseException:
            self._close()
            raise
        # Ray would try a cell of a dead worker again by itself: the runner does, and counts.
        options = {"num_cpus": 1, "num_gpus": int(self._gpu), "max_retries": 0}
        self._score = self._ray.remote(**options)(_score)
        return self

    def __exit__(self, *exc_info):
        for future in self._running:
            self._ray.cancel(future, force=True)
        self._close()

    def _close(self):
        if self._opened:
            self._ray.shutdown()

    @property
    def count(self):
        """How many cells the cluster has room for; machines may join and leave at any time."""
        # At least one: while a cluster has no machines, Ray keeps the cell for the next.
        return max(1, _places(self._ray, self._gpu))

    @property
    def has_room(self):
        """Whether a worker is free."""
        return len(self._running) < self.count

    @property
    def running(self):
        """The cells begun and not handed out, in a list."""
        return list(self._running.values())

    def begin(self, cell, states):
        """Give the cluster a cell; its workers need not see the folder of `states`."""
        self._running[self._score.remote(cell.task, self._clips)] = cell

    def next_ended(self):
        """Wait for a cell to end; return (cell, result), the latter None if its worker died."""
        done = []
        while not done:  # in turns, so that Ctrl-C is heard
            done, _ = self._ray.wait(list(self._running), num_returns=1, timeout=1.0)
        return self._running.pop(done[0]), self._result(done[0])

    def _result(self, future):
        errors = self._ray.exceptions
        try:
            return self._ray.get(future)
        except (
            errors.WorkerCrashedError,
            errors.LocalRayletDiedError,
            errors.NodeDiedError,
            errors.OutOfMemoryError,
            errors.TaskCancelledError,
            CancelledError,
        ):
            return None
        except errors.ObjectLostError as error:
            raise ConnectionError(
                f"The Ray cluster at {self._address} lost the clips: the machine that held them "
                "has left. The same command goes on from here."
            ) from error
        except Exception as error:  # such as a worker without this package
            return CellResult("failed", traceback=f"{type(error).__name__}: {error}")


def count_places(address, *, gpu=False):
    """Return how many cells a Ray cluster computes at a time."""
    ray = _ray()
    opened = _connect(ray, address)
    try:
        return _count(ray, address, gpu)
    finally:
        if opened:
            ray.shutdown()


def _ray():
    try:
        import ray
    except ImportError as error:
        raise ValueError(
            "The ray backend needs the package ray: pip install 'sklearn-mer[ray]'."
        ) from error
    return ray


def _connect(ray, address):
    """Connect, unless this process is connected; return whether it was done here."""
    if ray.is_initialized():
        return False
    main = threading.current_thread() is threading.main_thread()
    on_sigterm = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # of many types, one for each kind of address
        raise ConnectionError(
            f"No Ray cluster answers at {address} ({type(error).__name__}: {error}). Start one "
            "with: ray start --head"
        ) from error
    finally:
        if main:  # Ray puts its own in its place
            signal.signal(signal.SIGTERM, on_sigterm)
    return True


def _knock(address):
    """Find out at once that nobody listens; Ray tries for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=10).close()


def _count(ray, address, gpu):
    places = _places(ray, gpu)
    if not places:
        what = "GPUs" if gpu else "CPUs"
        raise ConnectionError(f"The Ray cluster at {address} has no {what}. Add a machine to it.")
    return places


def _places(ray, gpu):
    return int(ray.cluster_resources().get("GPU" if gpu else "CPU", 0))


def _score(task, clips):
    return score_cell(task, *clips)
