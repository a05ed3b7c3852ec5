"""Run the cells of a plan that a store does not have yet."""

from collections import Counter, deque
from dataclasses import dataclass, field

from ..cells._result import CellResult
from ._deadline import Deadline
from ._log import RunLog
from ._owner import has_died, new_owner
from ._progress import Costs, Progress
from ._unfinished import forget, unfinished_folder
from ._workers import open_workers

# A cell that was running each time when a worker died so often is given up.
MAX_WORKER_DEATHS = 3


@dataclass
class RunSummary:
    """What a run did.

    Attributes
    ----------
    n_planned : int
        Cells of the plan.
    n_found : int
        Cells that the store had before.
    n_done : int
        Cells finished by this run.
    failures : list of (str, str)
        Cell and last line of its error, for the cells that failed in this run.
    stopped : {None, "interrupted", "time"}
        Whether Ctrl-C or the time limit ended the run before the plan was through.
    """

    n_planned: int
    n_found: int
    n_done: int = 0
    failures: list = field(default_factory=list)
    stopped: str | None = None


def run_cells(
    cells,
    data,
    store,
    *,
    n_jobs=2,
    scheduler=None,
    ray_address=None,
    gpu=False,
    max_seconds=None,
    max_cells=None,
    progress=True,
    stream=None,
    log=None,
):
    """Compute the cells that the store has not got, and write each as it ends.

    Finished cells are skipped and failed ones tried again. Ctrl-C, the time limit and a
    kill lose of the cells that are running, one a worker, the last two minutes of training and
    what was no training of networks, and nothing else: the states of networks lie in a folder
    beside the store until a cell is done. (On Ray, the whole cells that are running.)

    Parameters
    ----------
    cells : sequence of Cell
        From :func:`plan_cells`.
    data : StudyData
        The data set that they were planned on.
    store : CellStore
    n_jobs : int, default=2
        Worker processes; with 1 the cells run in this process.
    scheduler : str or None, default=None
        Address of a Dask scheduler; its workers compute the cells then, and the clips pass
        through the store's folder, which all of them must see.
    ray_address : str or None, default=None
        Address of a Ray cluster, whose workers compute the cells then: as many at a time as it
        has CPUs, or GPUs with `gpu`.
    gpu : bool, default=False
        On a cluster, whether each cell asks for one GPU: of Dask the resource ``GPU=1``.
    max_seconds : float or None, default=None
        Time limit. No cell is begun that would not end in time, going by its method's mean
        so far; what still runs at the limit is given up.
    max_cells : int or None, default=None
        Begin at most so many cells.
    progress : bool, default=True
        Show a bar, or lines where the stream is no terminal.
    stream : text file or None, default=None
        Where progress goes; standard error where None.
    log : path-like or None, default=None
        A file to which lines with time stamps are added: each cell begun and ended, how far the
        run is, when it will end.

    Returns
    -------
    RunSummary

    Raises
    ------
    ValueError
        If the log cannot be written, or a cluster's package is not installed.
    OSError
        If a cluster does not answer or is lost.
    StoreError
        If the store cannot be written. Cells written before are kept.
    """
    run = Run(cells, data, store, n_jobs, max_seconds, max_cells)
    if scheduler is not None:
        run.cluster = {"scheduler": scheduler, "shared": store.path.parent, "gpu": gpu}
    elif ray_address is not None:
        run.cluster = {"ray_address": ray_address, "gpu": gpu}
    if progress:
        run.watchers.append(Progress(stream))
    if log is not None:
        run.watchers.append(RunLog(log))
    return run.run()


class Run:
    """The state of one run; only the driver has one."""

    def __init__(self, cells, data, store, n_jobs, max_seconds=None, max_cells=None):
        self.cells, self.data, self.store, self.n_jobs = cells, data, store, n_jobs
        self.cluster = {}
        self.unfinished = unfinished_folder(store)
        self.owner = new_owner()
        self.costs = Costs()
        self.watchers = []
        self.deadline = Deadline(max_seconds)
        self.max_cells = len(cells) if max_cells is None else max_cells
        done = self._finished(cells)
        self.pending = {cell.key: cell for cell in cells if cell.key not in done}
        self.queue, self.taken = deque(self.pending.values()), deque()
        self.deaths, self.begun = Counter(), set()
        self.summary = RunSummary(len(cells), len(cells) - len(self.pending))

    def _finished(self, cells):
        rows = [r for r in self.store.rows(c.key for c in cells) if r["status"] == "done"]
        for row in rows:
            self.costs.add(row["method"], row["fit_seconds"] + row["score_seconds"])
        return {row["key"] for row in rows}

    def run(self):
        error = None
        try:
            self._release_the_dead()
            if self.pending:
                with self.deadline, self._open_workers() as workers:
                    self.workers = workers
                    self._tell("open", len(self.cells), self.summary.n_found, workers.count)
                    self._work_off(workers)
        except KeyboardInterrupt:
            self.summary.stopped = "time" if self.deadline.passed else "interrupted"
        except Exception as raised:
            error = raised
            raise
        finally:
            self._tell("close", self.summary, error)
        self.store.release(self.owner)
        return self.summary

    def _release_the_dead(self):
        # What a killed driver was at comes in its turn, not last: half of it may be trained.
        for owner in filter(has_died, self.store.owners()):
            self.store.release(owner)

    def _open_workers(self):
        return open_workers(self.n_jobs, self.data, unfinished=self.unfinished, **self.cluster)

    def _tell(self, what, *news):
        for watcher in self.watchers:
            getattr(watcher, what)(*news)

    def _work_off(self, workers):
        self._begin_cells(workers)
        while workers.running:
            cell, result = workers.next_ended()
            if result is None:
                self._after_worker_death(cell)
            else:
                self._take(cell, result)
            self._begin_cells(workers)

    def _begin_cells(self, workers):
        while workers.has_room and (self.queue or self.taken):
            last_round = not self.queue
            cell = (self.taken if last_round else self.queue).popleft()
            if not self._may_begin(cell):
                continue
            state = self.store.claim(cell.key, self.owner)
            if state == "taken" and not last_round:
                self.taken.append(cell)
            elif state == "done":
                self._skip(cell)
            else:
                self.begun.add(cell.key)
                self._tell("begin", cell)
                workers.begin(cell)

    def _may_begin(self, cell):
        if len(self.begun) >= self.max_cells and cell.key not in self.begun:
            return False
        if self.deadline.allows(self.costs.mean(cell.method.key) or 0.0):
            return True
        self.summary.stopped = "time"
        return False

    def _skip(self, cell):
        del self.pending[cell.key]
        self.summary.n_found += 1
        self._tell("update", cell, None, self._seconds_left())

    def _take(self, cell, result):
        self.store.record(cell, result)
        del self.pending[cell.key]
        if result.status == "done":
            forget(self.unfinished, cell)
            self.summary.n_done += 1
            self.costs.add(cell.method.key, result.seconds)
        else:
            self.summary.failures.append((str(cell), result.error))
        self._tell("update", cell, result, self._seconds_left())

    def _seconds_left(self):
        left = Counter(cell.method.key for cell in self.pending.values())
        return self.costs.left(left, n_jobs=self.workers.count)

    def _after_worker_death(self, cell):
        """Put the cell last that was running, or give it up if that came too often."""
        self.deaths[cell.key] += 1
        self._tell("died", cell, self.deaths[cell.key])
        if self.deaths[cell.key] < MAX_WORKER_DEATHS:
            self.queue.append(cell)
        else:
            self._take(cell, CellResult("failed", traceback=_worker_died()))


def _worker_died():
    return (
        f"Workers died {MAX_WORKER_DEATHS} times or more while they had this cell, most likely "
        "for want of memory: try fewer jobs."
    )
