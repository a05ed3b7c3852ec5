"""The sub-commands: what they print, write and return."""

import io
import os
import signal
import sys
import threading
import warnings
from functools import partial

import pandas as pd

from .._data_home import prefer_data_home
from .._files import replace_file, told, why_not
from .._text import csv_text
from ..datasets import DatasetNotFoundError
from . import _tables
from ._keys import canonical_json
from ._options import parse_options
from ._progress import LOGGER, log_to
from ._report import gather_report, write_page
from ._results import IN_A_ROW, KINDS, CellResults, compare_folder
from ._schema import ResultsError
from ._search import open_search, report_search
from ._study import facts_text, heading, open_studies, run_studies, status_lines, table_notes

EXPORTED = ("key", "code", *IN_A_ROW, "n_splits", "n_repeats", "n_train", "n_test", "status")
EXPORTED += ("f1_macro", "accuracy", "f1_per_class", "confusion", "labels", "fit_seconds")
EXPORTED += ("score_seconds", "epochs", "best_params", "peak_memory_mb", "device", "traceback")
EXPORTED += ("identity", "params", "ended_at")
JSON_COLUMNS = ("f1_per_class", "confusion", "labels", "epochs", "best_params", "identity")
JSON_COLUMNS += ("params",)


def main(argv=None, *, available=None):
    """Run the command line ``sklearn-mer``.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        ``sys.argv[1:]`` where None. The first word is the sub-command.
    available : callable or None, default=None
        Returns rows by key for a recipe; :func:`sklearn_mer.methods.available_methods` where None.

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
    argv, available : sequence of str or None, callable or None, default=None
        As of :func:`main`; the first word may be another sub-command.

    Returns
    -------
    int
        Exit status, as of :func:`main`.

    See Also
    --------
    plan_cells : The same from Python: the cells.
    run_cells : Their results.
    write_report : The report.
    """
    options = parse_options(argv, prog="python benchmarks/table1.py", default="table1")
    return _run(options, available)


def _run(options, available):
    # A scheduler's polite end is one with a table, as Ctrl-C is.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that it cannot show stops no run
        sys.stdout.reconfigure(errors="backslashreplace")
    formatted = warnings.formatwarning
    warnings.formatwarning = lambda message, *_, **__: f"sklearn-mer: warning: {message}\n"
    try:
        # Beside the data set, the rows' pre-trained weights are looked for there, by workers too.
        if options.command in ("status", "export") and not options.results.is_dir():
            raise ValueError(f"There is no folder {options.results}. Name one with --results.")
        with prefer_data_home(options.data_home):
            status = _COMMANDS[options.command](options, available)
        print(end="", flush=True)
        return status
    except BrokenPipeError:  # who reads the output has ended, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, ValueError, TypeError, ImportError, ResultsError) as error:
        print(f"sklearn-mer: error: {_error_text(error, options)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # before the first cell, or while pictures were drawn
        return 130
    finally:
        warnings.formatwarning = formatted


def _error_text(error, options):
    """Return the text of an error; that of the system is told with what is safe and what to do."""
    if isinstance(error, DatasetNotFoundError) and options.dataset is None:
        return f"{error} To try a command without it, add --dataset synthetic."
    if getattr(error, "errno", None) is None:
        return error
    where = error.filename or "A temporary file (in TMPDIR), or the output"
    safe = "Nothing was changed there."
    if options.command in ("table1", "search"):
        safe = f"Finished cells are safe in {options.results}."
    return (
        f"{where}: {why_not(error)}. {safe} Make room, or name another place; the same command "
        "goes on from here."
    )


def _table1(options, available):
    studies = open_studies(options, available)
    return _compute(options, studies, heading(studies), partial(_report_studies, studies))


def _search(options, available):
    search = open_search(options, available)
    return _compute(options, search.studies, search.heading(), partial(report_search, search))


def _compute(options, studies, head, report):
    """Run studies, print their report and what is not finished; return the exit status."""
    advice = "Give --report a folder that exists or can be made."
    with told(f"The report cannot be written to {options.report}", advice):
        options.report.mkdir(parents=True, exist_ok=True)  # before the run, not after it
    studies[0].results.check_writable()
    with log_to(options.log):
        print(head, flush=True)
        LOGGER.info(head)
        summary = run_studies(studies)
    report()
    for cell, error in summary.failures:
        print(f"Failed: {cell}: {error}")
    if summary.failures:
        print("The tracebacks are in the results; the same command tries these cells again.")
    if summary.stopped:
        reason = {"time": "at the time limit", "interrupted": "by interrupt"}[summary.stopped]
        print(f"Stopped {reason}: the same command goes on from here.")
    return 130 if summary.stopped == "interrupted" else int(bool(summary.failures))


def _report_studies(studies):
    """Print and write the table of each kind of folds, then all side by side."""
    options = studies[0].options
    tables, latex = {}, []
    for study in studies:
        kind = study.protocol.groups or "none"
        if len(studies) > 1:
            print(f"\nFolds {study.folds}:")
        # Those after the first write their own table into a folder inside the report's.
        folder = options.report / kind if tables else options.report
        tables[kind], head = _report_study(study, folder)
        latex.append(_tables.table_latex(tables[kind], head))
    if options.latex is not None:
        print("Written:", replace_file(options.latex, "\n".join(latex)))
    if len(tables) == 1:
        return
    table, data = _tables.side_by_side(tables), studies[0].data
    text = f"{_tables.side_by_side_markdown(table)}\n\n{_tables.SIDE_BY_SIDE_NOTE}"
    facts = {"Data set": f"{data.name}, {len(data)} clips", "Recipe": options.recipe}
    head = facts_text(facts, "    ")
    texts = {"groups.csv": csv_text(table), "groups.md": f"{head}\n\n{text}\n"}
    print("", text, sep="\n")
    print("Written:", *(replace_file(options.report / name, texts[name]) for name in texts))


def _report_study(study, folder):
    """Print and write the table of a study, and the page; return the table and what is above it."""
    results = study.results.snapshot()
    facts, notes = study.facts(results), table_notes(study, results.rows())
    about = {"facts": facts, "notes": notes, "command": study.options.line}
    content = gather_report(study.methods, study.data, study.cells, results, **about)
    notes = notes + [f"{row.key}: {row.missing}" for row in study.methods if row.missing]
    origin = {"Versions": content.versions}
    head = "\n\n".join([facts_text(facts | origin, "    "), *notes])
    # The tables first: whatever becomes of the pictures, they are there.
    try:
        paths = _tables.write_table(content.table, folder, head, content.comparisons)
    finally:
        print("", _tables.table_markdown(content.table), "", *notes, sep="\n")
    print("Written:", *paths, flush=True)
    print("Written:", write_page(content, folder))
    return content.table, head


def _status(options, available):
    for study in open_studies(options, available):
        print(heading([study]), "", *status_lines(study), sep="\n")
    return 0


def _export(options, available):
    if options.file.suffix.lower() not in (".csv", ".parquet"):
        raise ValueError(f"Cells can be exported to .csv or .parquet, got {options.file.name!r}.")
    keys = None
    if options.names_a_run:
        keys = [key for study in open_studies(options, available) for key in study.keys]
    rows = CellResults(options.results).rows(keys)
    write_rows(rows, options.file)
    print(f"{options.file}: {len(rows)} cells of {options.results}")
    return 0


def write_rows(rows, path):
    """Write rows of results to a file, whole or not at all."""
    table = pd.DataFrame(rows, columns=list(EXPORTED))
    for name in JSON_COLUMNS:  # what a cell lacks is empty, and not the text "null"
        table[name] = [None if row[name] is None else canonical_json(row[name]) for row in rows]
    try:
        if path.suffix.lower() == ".parquet":
            content = table.to_parquet(engine="pyarrow", index=False)
        else:
            content = csv_text(table, float_format=None).encode()
    except ImportError as error:
        raise ValueError(
            "Parquet needs the package pyarrow: pip install 'sklearn-mer[parquet]', or export to "
            "a .csv file."
        ) from error
    replace_file(path, content)


def _import(options, available):
    results = CellResults(options.results)
    ours = {row["key"]: row for row in results.rows()}
    merged = []
    for folder in options.folders:
        if os.path.realpath(folder) == os.path.realpath(options.results):
            raise ResultsError(f"{folder} is the folder of --results itself. Name another.")
        merged.append((folder, *compare_folder(folder, ours)))
    # All of them are checked by now: nothing is half taken.
    for _, _, records, _ in merged:
        for record in records:
            results.write(record)
    for folder, counts, _, conflicts in merged:
        print(f"{folder}: {counts.total()} cells")
        print(*(f"{counts[kind]:>7}  {kind}" for kind in KINDS), sep="\n")
        print(*(f"Conflict: {conflict}; ours is kept.\n" for conflict in conflicts), sep="", end="")
    return int(any(conflicts for *_, conflicts in merged))


_COMMANDS = {
    "table1": _table1,
    "search": _search,
    "status": _status,
    "export": _export,
    "import": _import,
}
