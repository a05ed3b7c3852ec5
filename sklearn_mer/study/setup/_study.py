"""A study: rows, data, folds and store of a command line, ready to begin."""

import sys
from functools import cached_property

from ...datasets import DatasetNotFoundError
from .._report import gather_report, write_report
from .._tables import table_markdown, write_table
from ..cells._cells import Protocol, plan_cells
from ..cells._code import code_digest
from ..cells._methods import study_methods
from ..running._runner import run_cells
from ..running._workers import count_jobs
from ..store._code_notes import code_notes
from ..store._others import count_others
from ..store._store import CellStore
from ._open import open_dataset
from ._settings import with_settings

# With --quick, methods that train networks run so many folds; where none are named, of these,
# for which nine minutes on two cores are enough.
QUICK_FOLDS = 2
QUICK_METHODS = ("svm", "artist_cnn", "cnn", "short_chunk", "hybrid")
# What the paper calls New-4QAED was not published by itself; MERGE continues it.
MERGE_NOTE = (
    "The paper's figures are for New-4QAED, of which this data set is a later, larger state: "
    "the difference compares two data sets, not only two implementations."
)


class Study:
    """What is to be run, ready to begin.

    Parameters
    ----------
    options : argparse.Namespace
    register, make
        See :func:`table1`.
    opened : (StudyData, str) or None, default=None
        What :func:`open_data` returned, where that is shared.
    """

    def __init__(self, options, register, make, opened=None):
        self.options = options
        self.data, self.why = opened or open_data(options)
        self.setting_notes = []
        self.methods = self.rows(*_register(register, make))
        self.protocol = Protocol(options.folds, options.repeats, options.groups)
        limits = _quick_limits(self.methods) if options.quick else None
        self.cells = plan_cells(self.methods, self.data, self.protocol, folds_per_method=limits)
        if limits:  # what costs seconds first: the time may not do for the rest
            self.cells.sort(key=lambda cell: cell.method.key in limits)
        self.store = CellStore(options.store, code=options.code)

    @cached_property
    def jobs(self):
        """How many cells are computed at a time; of a cluster, how many it has room for now."""
        return count_jobs(self.options)

    def rows(self, register, make):
        """Return the rows that were asked for; a subclass may make something of them."""
        options = self.options
        if options.quick and options.methods is None:
            register = {key: row for key, row in register.items() if key in QUICK_METHODS}
        rows = study_methods(
            register, make, keys=options.methods, recipe=options.recipe, device=options.device
        )
        if options.settings is not None:
            rows, self.setting_notes = with_settings(rows, options.settings)
        return rows

    def heading(self):
        """Say what is about to run."""
        options = self.options
        lines = [
            *self.what(self.store),
            f"Jobs:      {self.jobs}, device {options.device}",
            f"Store:     {options.store}",
        ]
        if options.max_minutes is not None:
            lines.append(f"Limit:     {options.max_minutes:g} minutes")
        return "\n".join(lines)

    def what(self, stored):
        """Say what is run and how much of it is done, in lines, going by a store or its results."""
        data, protocol = self.data, self.protocol
        done = sum(r["status"] == "done" for r in stored.rows(c.key for c in self.cells))
        return [
            f"Data set:  {data.name}, {len(data)} clips in {len(data.labels)} classes{self.why}",
            f"Methods:   {', '.join(dict.fromkeys(method.key for method in self.methods))}",
            f"Recipe:    {self.options.recipe}",
            f"Protocol:  {protocol.n_repeats} x {protocol.n_splits} folds, {self.folds()}, seed "
            f"{protocol.seed}; {len(self.cells)} cells planned, {done} done",
            f"Code:      {code_digest()[:12]}; cells of {self.options.code} code count",
        ]

    def folds(self):
        """Say whether folds are grouped, and by what."""
        return f"grouped by {self.protocol.groups}" if self.protocol.groups else "not grouped"

    def run(self):
        """Compute what is missing; return a RunSummary."""
        minutes = self.options.max_minutes
        return run_cells(
            self.cells,
            self.data,
            self.store,
            n_jobs=self.options.jobs,
            scheduler=self.options.scheduler,
            ray_address=self.options.address,
            gpu=self.options.device == "cuda",
            max_seconds=None if minutes is None else 60 * minutes,
            max_cells=self.options.max_cells,
            log=self.options.log,
        )

    def report(self):
        """Print the table and write it, with the comparisons of its rows and the page."""
        stored = self.store.read()
        what = self.what(stored)
        content = gather_report(
            self.methods,
            self.data,
            self.cells,
            stored,
            facts=dict(map(str.strip, line.split(":", 1)) for line in what),
            notes=self._notes(stored),
            command=self.options.command,
        )
        lacking = [f"{method.key}: {method.missing}" for method in self.methods if method.missing]
        notes = [*content.notes, *lacking]
        lines = [f"    {line}" for line in [*what, f"Versions:  {content.versions}"]]
        # The tables first: whatever becomes of the pictures, they are there.
        paths = write_table(
            content.table,
            self.options.report,
            heading="\n\n".join(["\n".join(lines), *notes]),
            comparisons=content.comparisons,
        )
        print("", table_markdown(content.table), "", *notes, sep="\n")
        print("Written:", *paths, flush=True)
        print("Written:", write_report(content, self.options.report))

    def _notes(self, stored):
        notes = [
            "Ours: mean ± standard deviation of macro F1 over the finished folds, percent; "
            "beside it a 95 % interval of the mean, corrected for the overlap of folds."
        ]
        notes += self.setting_notes
        if self.data.name.startswith("merge-"):
            notes.append(MERGE_NOTE)
        notes += code_notes(self.cells, stored)
        n_others = count_others(self.cells, stored)
        if n_others:
            notes.append(
                f"The store also has {n_others} cells of these methods with other parameters, "
                "data or versions; they are not in this table."
            )
        return notes


def open_data(options):
    """Open the data set; with --quick and none named, the first that is there."""
    if options.dataset is not None or not options.quick:
        return open_dataset(options.dataset or "4qaed", data_home=options.data_home), ""
    try:
        return open_dataset("4qaed", data_home=options.data_home), " (found in the data home)"
    except DatasetNotFoundError as error:
        print(f"Synthesised clips are used instead of 4QAED. {error}\n", file=sys.stderr)
        return open_dataset("synthetic"), " (4qaed is not there)"


def _register(register, make):
    if register is None or make is None:
        # Here and not above: torch takes seconds to load, and --help needs none of it.
        from ...methods import available_methods, make_method

        return register or available_methods(), make or make_method
    return register, make


def _quick_limits(methods):
    trained = [m for m in methods if "max_epochs" in m.estimator.get_params(deep=False)]
    return {method.key: QUICK_FOLDS for method in trained}
