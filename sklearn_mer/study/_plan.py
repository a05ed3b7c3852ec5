"""``table1.py plan``: what a protocol would take, before it is run."""

import argparse
from collections import Counter, defaultdict
from itertools import cycle

import numpy as np

from ..datasets import DatasetNotFoundError
from ._cell_times import CellTimes
from ._data import StudyData
from ._makespan import makespan
from ._options import count, parse_options
from ._overhead import Overhead, measure_overhead
from ._store import StoreError
from ._study import Study
from ._table1 import refuse

# Of data sets that need not be here to be planned.
PUBLISHED_CLIPS = {"4qaed": 900, "merge-complete": 3554, "merge-balanced": 3232}


def run(argv, *, register=None, make=None):
    """Print what the cells that a command line describes would take; compute none.

    Parameters
    ----------
    argv : sequence of str
        Options of the run, and those of :func:`_parser`.
    register, make
        See :func:`table1`.

    Returns
    -------
    int
        Exit status: 0, or 2 for input that cannot be used.
    """
    own, rest = _parser().parse_known_args(argv)
    options = parse_options(rest)
    names = own.datasets or [options.dataset or "4qaed"]
    try:
        if not options.store.exists():
            raise ValueError(
                f"There is no store {options.store} with measured cells. Name one with --store, "
                "or run a few cells first (--max-cells)."
            )
        studies = [_study(name, options, register, make) for name in names]
        print(*_lines(studies, own.workers or [studies[0].jobs], own.grid), sep="\n")
    except (OSError, ValueError, StoreError) as error:
        return refuse(error)
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="table1.py plan",
        description="Say what a run would take, from the cells that --store has measured. Takes "
        "the options of a run too (--methods, --recipe, --repeats, --folds, --store, ...).",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--workers", type=count, nargs="+", metavar="N", help="numbers of workers (default: --jobs)"
    )
    add("--datasets", nargs="+", metavar="NAME", help="several data sets, one after the other")
    add(
        "--grid",
        type=count,
        default=1,
        metavar="N",
        help="settings that are tried: each cell counts so often (default: 1)",
    )
    return parser


def _study(name, options, register, make):
    options = argparse.Namespace(**vars(options) | {"dataset": name, "quick": False})
    try:
        return Study(options, register, make)
    except DatasetNotFoundError:
        return Study(options, register, make, opened=(_stand_in(name), ""))


def _stand_in(name):
    """Return data of a published size, to plan what cannot be run here."""
    n_clips = PUBLISHED_CLIPS[name]
    labels = np.arange(n_clips) % 4
    return StudyData(name, np.zeros((n_clips, 1)), labels, groups=np.arange(n_clips))


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


def _lines(studies, workers, grid):
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
