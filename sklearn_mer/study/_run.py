"""Run the cells of a plan that a results folder lacks."""

import os
from collections import Counter, deque
from dataclasses import dataclass, field
from numbers import Integral, Real

from .._compat import Interval, validate_params
from ._clusters import open_workers
from ._deadline import Deadline
from ._keys import code_digest
from ._progress import LOGGER, Costs, Progress, log_to
from ._results import CellResults, new_owner
from ._score import CellResult
from ._workers import MAX_JOBS

# A cell that was running each time when a worker died so often is given up.
MAX_WORKER_DEATHS = 3


@dataclass
class RunSummary:
    """What a run did, in numbers of cells."""

    n_planned: int = 0
    n_found: int = 0
    n_done: int = 0
    failures: list = field(default_factory=list)  # each a cell and the last line of its error
    stopped: str | None = None  # "interrupted" by Ctrl-C, or "time" by the time limit

    def __add__(self, later):
        counts = (getattr(self, n) + getattr(later, n) for n in ("n_planned", "n_found", "n_done"))
        return RunSummary(*counts, self.failures + later.failures, later.stopped)


@validate_params(
    {
        "results": [CellResults],
        "n_jobs": [Interval(Integral, 1, MAX_JOBS, closed="both")],
        "scheduler": [str, None],
        "ray_address": [str, None],
        "max_seconds": [Interval(Real, 0, None, closed="left"), None],
        "max_cells": [Interval(Integral, 0, None, closed="left"), None],
        "log": [str, os.PathLike, None],
    },
    prefer_skip_nested_validation=False,  # else methods that run here would skip theirs
)
def run_cells(
    cells,
    data,
    results,
    *,
    n_jobs=2,
    scheduler=None,
    ray_address=None,
    gpu=False,
    max_seconds=None,
    max_cells=None,
    progress=True,
    log=None,
):
    """Compute the missing cells, and write each as it ends.

    Finished cells are skipped and failed ones tried again. Ctrl-C, the time limit and a kill lose
    only the cells that are running, one per worker; training of networks goes on from at most two
    minutes before (not on Ray).

    Parameters
    ----------
    cells : sequence of Cell
        From :func:`plan_cells`.
    data : StudyData
        The data set that they were planned on.
    results : CellResults
        Where results are.
    n_jobs : int, default=2
        Worker processes; with 1 the cells run in this process.
    scheduler : str or None, default=None
        Address of a Dask scheduler, whose workers must see the results folder.
    ray_address : str or None, default=None
        Address of a Ray cluster, which computes as many cells at a time as it has CPUs (or GPUs).
    gpu : bool, default=False
        On a cluster, whether each cell asks for one GPU: of Dask the resource ``GPU=1``.
    max_seconds : float or None, default=None
        Time limit. No cell begins that would end later, going by its method's mean so far.
    max_cells : int or None, default=None
        Begin at most so many cells.
    progress : bool, default=True
        Show a bar on standard error, or lines where that is no terminal.
    log : path-like or None, default=None
        A file to which lines with time stamps are added.

    Returns
    -------
    RunSummary
        What was done. For an example see :doc:`/user_guide/study`.

    See Also
    --------
    plan_cells : Which cells there are.
    CellResults : Where the results are kept.
    """
    cluster = {"scheduler": scheduler, "ray_address": ray_address, "gpu": gpu}
    workers = open_workers(n_jobs, data, **cluster, shared=results.folder)
    with log_to(log):
        run = _Run(cells, results, Progress(shown=progress), max_seconds, max_cells)
        return run.run(workers)


class _Run:
    """The state of one run; only the driver has one."""

    def __init__(self, cells, results, progress, max_seconds, max_cells):
        self.results, self.progress = results, progress
        self.owner = new_owner()
        rows = results.rows(cell.key for cell in cells)
        self.costs = Costs(rows)
        self.deadline = Deadline(max_seconds)
        self.max_cells = len(cells) if max_cells is None else max_cells
        done = {row["key"] for row in rows if row["status"] == "done"}
        self.pending = {cell.key: cell for cell in cells if cell.key not in done}
        for cell in {id(cell.parameters): cell for cell in self.pending.values()}.values():
            results.check_keeps(cell)
        self.queue, self.taken = deque(self.pending.values()), deque()
        self.deaths, self.begun = Counter(), set()
        self.summary = RunSummary(len(cells), len(cells) - len(self.pending))

    def run(self, workers):
        how = "end"
        try:
            # What a killed driver was at is not put last: half of it may be trained.
            self.results.release_dead(self.pending.values())
            if self.pending:
                with self.deadline, workers:
                    self._compute(workers)
        except KeyboardInterrupt:
            self.summary.stopped = "time" if self.deadline.passed else "interrupted"
            # It may have come after a cell was written and before it was counted.
            stored = self.results.rows(self.begun)
            self.summary.n_done = sum(row["status"] == "done" for row in stored)
        except Exception as error:
            how = f"stopped by an error ({error})"
            raise
        finally:
            self.progress.close()
            stopped = {"time": "stopped at the time limit", "interrupted": "interrupted"}
            how = stopped.get(self.summary.stopped, how)
            n_done, n_failed = self.summary.n_done, len(self.summary.failures)
            LOGGER.info("%s: %d cells done, %d failed by this run", how, n_done, n_failed)
            for key in self.begun & self.pending.keys():
                self.results.release(self.pending[key])
        return self.summary

    def _compute(self, workers):
        self.workers = workers
        n_planned, n_done = self.summary.n_planned, self.summary.n_found
        self.progress.open(n_planned, n_done)
        LOGGER.info("begin: %d of %d cells are done; workers: %d", n_done, n_planned, workers.count)
        self._begin_cells()
        while self.workers.cells:
            cell, result = self.workers.next_ended()
            if result is None:
                self._after_worker_death(cell)
            else:
                self._take(cell, result)
            self._begin_cells()

    def _begin_cells(self):
        while len(self.workers.cells) < self.workers.count and (self.queue or self.taken):
            last_round = not self.queue
            cell = (self.taken if last_round else self.queue).popleft()
            if len(self.begun) >= self.max_cells and cell.key not in self.begun:
                continue
            if not self.deadline.allows(self.costs.mean(cell.method.key) or 0.0):
                self.summary.stopped = "time"
                continue
            state = self.results.claim(cell, self.owner)
            if state == "taken" and not last_round:
                self.taken.append(cell)
            elif state == "done":
                self.summary.n_found += 1
                self._tell(cell, None)
            else:
                self.begun.add(cell.key)
                LOGGER.info("begun: %s", cell)
                self.workers.begin(cell, self.results.states(cell, code_digest()))

    def _take(self, cell, result):
        self.results.record(cell, result)
        if result.status == "done":
            self.summary.n_done += 1
            self.costs.add(cell.method.key, result.seconds)
        else:
            self.summary.failures.append((str(cell), result.error))
        self._tell(cell, result)

    def _tell(self, cell, result):
        del self.pending[cell.key]
        counts = Counter(cell.method.key for cell in self.pending.values())
        self.progress.update(cell, result, self.costs.left(counts, n_jobs=self.workers.count))

    def _after_worker_death(self, cell):
        """Put the cell last that was running, or give it up if that came too often."""
        self.deaths[cell.key] += 1
        n = self.deaths[cell.key]
        self.progress.say(f"A worker died while it had {cell} (time {n} with this cell).")
        LOGGER.info("worker died (time %d with this cell): %s", n, cell)
        if n < MAX_WORKER_DEATHS:
            self.queue.append(cell)
            return
        reason = (
            f"Workers died {MAX_WORKER_DEATHS} times or more while they had this cell, most likely "
            "for want of memory: try fewer jobs."
        )
        self._take(cell, CellResult("failed", traceback=reason, code=code_digest()))
