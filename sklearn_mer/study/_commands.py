"""The sub-commands: what they print and return."""

import signal
import sys
import threading

import pandas as pd

from .._data_home import prefer_data_home
from ._keys import canonical_json
from ._options import parse_options
from ._progress import LOGGER, log_to
from ._results import CellResults, compare_folder
from ._schema import ResultsError
from ._search import open_search, report_search
from ._study import headings, open_studies, report_studies, run_studies, status_lines
from ._tables import csv_text

EXPORTED = ("key", "code", "method", "recipe", "dataset", "groups", "repeat", "fold", "seed")
EXPORTED += ("n_splits", "n_repeats", "n_train", "n_test", "status", "f1_macro", "accuracy")
EXPORTED += ("f1_per_class", "confusion", "labels", "fit_seconds", "score_seconds", "epochs")
EXPORTED += ("best_params", "peak_memory_mb", "device", "traceback", "identity", "params")
EXPORTED += ("ended_at",)
# These columns hold JSON.
JSON_COLUMNS = (
    "f1_per_class",
    "confusion",
    "labels",
    "epochs",
    "best_params",
    "identity",
    "params",
)
_REFUSED = (OSError, ValueError, TypeError, ResultsError)


def main(argv=None, *, available=None):
    """Run the command line ``sklearn-mer``.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        ``sys.argv[1:]`` where None. The first word is a sub-command: table1, search, status,
        export or import.
    available : callable or None, default=None
        Returns the rows of the table for a recipe, by key;
        :func:`sklearn_mer.available_methods` where None.

    Returns
    -------
    int
        Exit status: 0, 1 if cells failed or are in conflict, 2 for input that cannot be used,
        130 after Ctrl-C.
    """
    return _run(parse_options(argv), available)


def table1(argv=None, *, available=None):
    """Run the command line of ``benchmarks/table1.py``: that of ``sklearn-mer table1``.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        ``sys.argv[1:]`` where None. The first word may be another sub-command.
    available : callable or None, default=None
        As of :func:`main`.

    Returns
    -------
    int
        Exit status, as of :func:`main`.

    Examples
    --------
    >>> from sklearn_mer.study import table1
    >>> table1(["--dataset", "synthetic", "--methods", "svm"])  # doctest: +SKIP
    0
    """
    prog = "python benchmarks/table1.py"
    return _run(parse_options(argv, prog=prog, default="table1"), available)


def _run(options, available):
    if options.command == "import":
        return _import(options)
    command = {"table1": _table1, "search": _search, "status": _status, "export": _export}
    # Beside the data set, the rows' pre-trained weights are looked for there, by workers too.
    with prefer_data_home(options.data_home):
        return command[options.command](options, available or _available_methods)


def _available_methods(recipe):
    # Here and not above: torch takes seconds to load, and --help needs none of it.
    from ..methods import available_methods

    return available_methods(recipe)


def _refuse(error):
    print(f"sklearn-mer: error: {error}", file=sys.stderr)
    return 2


def _table1(options, available):
    def build():
        studies = open_studies(options, available)
        return studies, headings(studies), lambda: report_studies(studies)

    return _compute(options, build)


def _search(options, available):
    def build():
        search = open_search(options, available)
        return search.studies, search.heading(), lambda: report_search(search)

    return _compute(options, build)


def _compute(options, build):
    """Build studies, run them, print their report; return the exit status."""
    _end_cleanly_on_sigterm()
    try:
        studies, heading, report = build()
        _check_folder(options.report)
        studies[0].results.check_writable()
        with log_to(options.log):
            print(heading, flush=True)
            LOGGER.info(heading)
            summary = run_studies(studies)
        report()
    except _REFUSED as error:
        return _refuse(error)
    except KeyboardInterrupt:  # before the first cell, or while pictures were drawn
        return 130
    print("".join(_remarks(summary)), end="")
    return 130 if summary.stopped == "interrupted" else int(bool(summary.failures))


def _check_folder(folder):
    """Find out before the run, not after it, that its report has no place."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"The report cannot be written to {folder}: {error.strerror}. Give --report a folder "
            "that exists or can be made."
        ) from error


def _end_cleanly_on_sigterm():
    """Let a scheduler's polite end be one with a table, as Ctrl-C is."""

    def interrupt(signum, frame):
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)


def _remarks(summary):
    """Yield lines on what was not finished, each with its end."""
    for cell, error in summary.failures:
        yield f"Failed: {cell}: {error}\n"
    if summary.failures:
        yield "The tracebacks are in the results; the same command tries these cells again.\n"
    if summary.stopped:
        reason = {"time": "at the time limit", "interrupted": "by interrupt"}[summary.stopped]
        yield f"Stopped {reason}: the same command goes on from here.\n"


def _status(options, available):
    try:
        _check_results(options)
        for study in open_studies(options, available):
            print(headings([study]), "", *status_lines(study), sep="\n")
    except _REFUSED as error:
        return _refuse(error)
    return 0


def _check_results(options):
    if not options.results.is_dir():
        raise ValueError(f"There is no folder {options.results}. Name one with --results.")


def _export(options, available):
    try:
        if options.file.suffix not in _WRITERS:
            known = " or ".join(_WRITERS)
            raise ValueError(f"Cells can be exported to {known}, got {options.file.name!r}.")
        _check_results(options)
        rows = _exported_rows(options, available)
        write_rows(rows, options.file)
    except _REFUSED as error:
        return _refuse(error)
    print(f"{options.file}: {len(rows)} cells of {options.results}")
    return 0


def _exported_rows(options, available):
    results = CellResults(options.results)
    if not options.names_a_run:
        return results.rows()
    keys = [key for study in open_studies(options, available) for key in study.keys]
    return results.rows(keys)


def write_rows(rows, path):
    """Write rows of results to a file, whole or not at all."""
    table = pd.DataFrame([_flat(row) for row in rows], columns=list(EXPORTED))
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _WRITERS[path.suffix](table, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _flat(row):
    # What a cell lacks is empty in every column, and not the text "null" in some.
    json = {n: None if row[n] is None else canonical_json(row[n]) for n in JSON_COLUMNS}
    return {name: json.get(name, row[name]) for name in EXPORTED}


def _write_csv(table, path):
    path.write_text(csv_text(table, float_format=None), encoding="utf-8", newline="")


def _write_parquet(table, path):
    try:
        table.to_parquet(path, engine="pyarrow", index=False)
    except ImportError as error:
        raise ValueError(
            "Parquet needs the package pyarrow: pip install 'sklearn-mer[parquet]', or export to "
            "a .csv file."
        ) from error


_WRITERS = {".csv": _write_csv, ".parquet": _write_parquet}


def _import(options):
    results = CellResults(options.results)
    try:
        ours = {row["key"]: row for row in results.rows()}
        merged = []
        for folder in options.folders:
            if folder.resolve() == options.results.resolve():
                raise ResultsError(f"{folder} is the folder of --results itself. Name another.")
            merged.append(compare_folder(folder, ours))
        # All of them are checked by now: nothing is half taken.
        for record in (record for one in merged for record in one.records):
            results.write(record)
    except _REFUSED as error:
        return _refuse(error)
    for folder, one in zip(options.folders, merged, strict=True):
        print(f"{folder}: {one.n_read} cells", *_counts(one), sep="\n")
    return int(any(one.conflicts for one in merged))


def _counts(merged):
    yield f"{merged.n_added:>7}  added"
    yield f"{merged.n_mended:>7}  failed here, done there: taken"
    yield f"{merged.n_same:>7}  the same in both"
    yield f"{merged.n_failed:>7}  failed there: ours kept"
    yield f"{len(merged.conflicts):>7}  with other scores: ours kept"
    yield from (f"Conflict: {conflict}; ours is kept." for conflict in merged.conflicts)
