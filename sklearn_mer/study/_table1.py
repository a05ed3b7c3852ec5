"""Table 1 from the command line: plan, run, print."""

import signal
import sys
import threading
from functools import cached_property

from ..datasets import DatasetNotFoundError
from ._cells import Protocol, plan_cells
from ._code import code_digest
from ._code_notes import code_notes
from ._commands import find_command
from ._comparisons import compare_rows, fold_scores, mean_test_ratio
from ._digest import result_versions
from ._log import RunLog
from ._methods import study_methods
from ._open import open_dataset
from ._options import parse_options
from ._others import count_others
from ._runner import run_cells
from ._store import CellStore, StoreError
from ._table import make_table, table_markdown, write_table
from ._workers import count_jobs

# With --quick, methods that train networks run so many folds.
QUICK_FOLDS = 2
# What the paper calls New-4QAED was not published by itself; MERGE continues it.
MERGE_NOTE = (
    "The paper's figures are for New-4QAED, of which this data set is a later, larger state: "
    "the difference compares two data sets, not only two implementations."
)


def table1(argv=None, *, register=None, make=None):
    """Run the study that a command line describes and print its table.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        ``sys.argv[1:]`` where None. The first may be a subcommand, see ``_commands.py``.
    register : dict of str to row or None, default=None
        The methods to choose from; ``sklearn_mer.methods.available_methods()`` where None.
    make : callable or None, default=None
        Makes an estimator of a row; ``sklearn_mer.methods.make_method`` where None.

    Returns
    -------
    int
        Exit status: 0, 1 if cells failed, 2 for input that cannot be used, 130 after Ctrl-C.

    Examples
    --------
    >>> from sklearn_mer.study import table1
    >>> table1(["--dataset", "synthetic", "--methods", "svm"])  # doctest: +SKIP
    0
    """
    argv = sys.argv[1:] if argv is None else argv
    command = find_command(argv)
    if command is not None:
        return command(argv[1:], register=register, make=make)
    options = parse_options(argv)
    _end_cleanly_on_sigterm()
    try:
        study = Study(options, register, make)
        _check_folder(options.report)
        heading = study.heading()
        study.begin_log()
    except (OSError, ValueError, StoreError) as error:
        return refuse(error)
    except KeyboardInterrupt:
        return 130
    print(heading, flush=True)
    try:
        summary = study.run()
        study.report()
    except (OSError, StoreError) as error:
        return refuse(error)
    print("".join(_remarks(summary)), end="")
    return 130 if summary.stopped == "interrupted" else int(bool(summary.failures))


class Study:
    """What is to be run, ready to begin."""

    def __init__(self, options, register, make, *, data=None):
        self.options = options
        self.data, self.why = _open_data(options) if data is None else (data, "")
        register, make = _register(register, make)
        self.methods = study_methods(
            register, make, keys=options.methods, recipe=options.recipe, device=options.device
        )
        self.protocol = Protocol(options.folds, options.repeats, options.groups)
        limits = _quick_limits(self.methods) if options.quick else None
        self.cells = plan_cells(self.methods, self.data, self.protocol, folds_per_method=limits)
        self.store = CellStore(options.store, code=options.code)

    @cached_property
    def jobs(self):
        """How many cells are computed at a time; of a cluster, how many it has room for now."""
        return count_jobs(self.options)

    def heading(self):
        """Say what is about to run."""
        options = self.options
        lines = [
            *self._what(),
            f"Jobs:      {self.jobs}, device {options.device}",
            f"Store:     {options.store}",
        ]
        if options.max_minutes is not None:
            lines.append(f"Limit:     {options.max_minutes:g} minutes")
        return "\n".join(lines)

    def _what(self):
        data, protocol = self.data, self.protocol
        folds = f"grouped by {protocol.groups}" if protocol.groups else "not grouped"
        done = sum(r["status"] == "done" for r in self.store.rows(c.key for c in self.cells))
        return [
            f"Data set:  {data.name}, {len(data)} clips in {len(data.labels)} classes{self.why}",
            f"Methods:   {', '.join(method.key for method in self.methods)}",
            f"Recipe:    {self.options.recipe}",
            f"Protocol:  {protocol.n_repeats} x {protocol.n_splits} folds, {folds}, seed "
            f"{protocol.seed}; {len(self.cells)} cells planned, {done} done",
            f"Code:      {code_digest()[:12]}; cells of {self.options.code} code count",
        ]

    def begin_log(self):
        """Write what is about to run into the log, if one is wanted."""
        if self.options.log is not None:
            with RunLog(self.options.log) as log:
                log.say(self.heading())

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
        """Print the table and write it, with the comparisons of its rows."""
        table = make_table(self.methods, self.data, self.cells, self.store)
        notes = self._notes()
        versions = ", ".join(f"{name} {number}" for name, number in result_versions().items())
        what = "\n".join(f"    {line}" for line in [*self._what(), f"Versions:  {versions}"])
        paths = write_table(
            table,
            self.options.report,
            heading="\n\n".join([what, *notes]),
            comparisons=self._comparisons(),
        )
        print("", table_markdown(table), "", *notes, sep="\n")
        print("Written:", *paths)

    def _comparisons(self):
        scores = fold_scores(self.methods, self.cells, self.store)
        best_first = scores.mean().sort_values(ascending=False, kind="stable").index
        return compare_rows(scores[best_first], mean_test_ratio(self.cells))

    def _notes(self):
        notes = [
            "Ours: mean ± standard deviation of macro F1 over the finished folds, percent; "
            "beside it a 95 % interval of the mean, corrected for the overlap of folds."
        ]
        notes += [f"{method.key}: {method.missing}" for method in self.methods if method.missing]
        if self.data.name.startswith("merge-"):
            notes.append(MERGE_NOTE)
        notes += code_notes(self.cells, self.store)
        n_others = self.count_others()
        if n_others:
            notes.append(
                f"The store also has {n_others} cells of these methods with other parameters, "
                "data or versions; they are not in this table."
            )
        return notes

    def count_others(self):
        """Return how many stored cells are of these rows but of other settings or versions."""
        return count_others(self.cells, self.store)


def _check_folder(folder):
    """Find out before the run, not after it, that its report has no place."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"The report cannot be written to {folder}: {error.strerror}. Give --report a folder "
            "that exists or can be made."
        ) from error


def _open_data(options):
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
        from ..methods import available_methods, make_method

        return register or available_methods(), make or make_method
    return register, make


def _quick_limits(methods):
    trained = [m for m in methods if "max_epochs" in m.estimator.get_params(deep=False)]
    return {method.key: QUICK_FOLDS for method in trained}


def _remarks(summary):
    """Yield lines on what was not finished, each with its end."""
    for cell, error in summary.failures:
        yield f"Failed: {cell}: {error}\n"
    if summary.failures:
        yield "The tracebacks are in the store; the same command tries these cells again.\n"
    if summary.stopped:
        reason = {"time": "at the time limit", "interrupted": "by interrupt"}[summary.stopped]
        yield f"Stopped {reason}: the same command goes on from here.\n"


def refuse(error):
    """Print an error of the user's input; return the exit status."""
    print(f"{sys.argv[0].rpartition('/')[2]}: error: {error}", file=sys.stderr)
    return 2


def _end_cleanly_on_sigterm():
    """Let a scheduler's polite end be one with a table, as Ctrl-C is."""

    def interrupt(signum, frame):
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)
