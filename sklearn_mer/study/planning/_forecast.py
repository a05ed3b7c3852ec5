"""What studies would take, in lines: their cells, the time with so many workers."""

from collections import Counter, defaultdict
from itertools import cycle

from ._cell_times import CellTimes
from ._makespan import makespan
from ._overhead import Overhead, measure_overhead


class _Work:
    """The cells of one data set that are not done, and how long each will take."""

    def __init__(self, study, times, grid):
        self.study, self.times = study, {}
        done = _done(study) if grid == 1 else ()
        self.left = [cell for cell in study.cells if cell.key not in done for _ in range(grid)]
        for cell in self.left:
            if cell.method.key not in self.times:
                self.times[cell.method.key] = times.of(
                    cell.method, cell.dataset, len(cell.train), len(cell.test)
                )

    def seconds(self):
        """Return the length of each cell in order, the measured ones in turn; unknown left out."""
        turns = {key: cycle(found.seconds) for key, found in self.times.items() if found.seconds}
        return [next(turns[c.method.key]) for c in self.left if c.method.key in turns]


def _done(study):
    rows = study.store.rows(cell.key for cell in study.cells)
    return {row["key"] for row in rows if row["status"] == "done"}


def forecast_lines(studies, workers, grid):
    """Yield what the cells of studies would take; compute none.

    Parameters
    ----------
    studies : sequence of Study
        All with the same store.
    workers : sequence of int
        Numbers of workers to say the time for.
    grid : int
        How often each cell counts.

    Yields
    ------
    str
    """
    times = CellTimes(studies[0].store.all_rows())
    works = [_Work(study, times, grid) for study in studies]
    form = "{:<16}{:<18}{:<8}{:>8}{:>8}{:>12}  {}"
    yield form.format("data set", "method", "recipe", "planned", "to do", "s a cell", "measured on")
    unknown = defaultdict(int)
    for work in works:
        for fields in _rows(work, grid, unknown):
            yield form.format(*fields)
    yield ""
    overhead = Overhead(0.0, 0.0)
    if any(work.left for work in works):
        overhead = measure_overhead(studies[0].store.path.parent, max(workers))
    yield from _table(works, workers, overhead)
    yield ""
    yield from _notes(works, unknown, overhead, grid)


def _rows(work, grid, unknown):
    study = work.study
    to_do = Counter(cell.method.key for cell in work.left)
    planned = Counter(cell.method.key for cell in study.cells)
    for method in study.methods:
        found = work.times.get(method.key)
        n_left = to_do[method.key]
        if found is None:
            mean, where = "", ""
        elif found.mean is None:
            mean, where = "unknown", "nothing"
            unknown[method.key, study.data.name] = n_left
        else:
            scaled = ", scaled by clips" if found.scaled else ""
            mean = f"{found.mean:.3g}" if found.mean < 100 else f"{found.mean:.0f}"
            where = f"{found.dataset}, {len(found.seconds)} cells{scaled}"
        n_planned = planned[method.key] * grid
        yield study.data.name, method.key, method.recipe, n_planned, n_left, mean, where


def _table(works, workers, overhead):
    lengths = [[s + overhead.turn for s in work.seconds()] for work in works]
    yield f"{'workers':>7}  {'time':>10}  {'busy':>5}"
    for n_workers in workers:
        spans = [makespan(ls, n_workers, start=overhead.start) for ls in lengths if ls]
        busy = sum(map(sum, lengths)) / (n_workers * sum(spans)) if spans else 0.0
        yield f"{n_workers:>7}  {_time(sum(spans)):>10}  {100 * busy:>4.0f}%"


def _notes(works, unknown, overhead, grid):
    yield (
        "Cells go to the first free worker, in the order of a run. Seconds are those of the "
        f"measured cells, with what ran beside them then. Measured now: {overhead.start:.1f} s "
        f"until workers are ready, {overhead.turn:.2f} s a cell to send and store it. Filling "
        "caches (spectrograms, descriptors) comes on top where they are empty."
    )
    if grid > 1:
        yield f"Each cell counts {grid} times, for {grid} settings, those that are done too."
    for (method, dataset), n_left in unknown.items():
        yield f"Not in these times: {n_left} cells of {method} on {dataset}, as none was measured."


def _time(seconds):
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"
