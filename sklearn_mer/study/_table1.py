"""Table 1 from the command line: plan, run, print."""

import signal
import sys
import threading

from ._commands import find_command
from ._groupings import Groupings, options_by_grouping
from ._log import RunLog
from ._options import parse_options
from ._store import StoreError
from ._study import Study, open_data


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
    return run_study(options, lambda: Groupings(open_studies(options, register, make)))


def run_study(options, build):
    """Build a study, run it, print its report; return the exit status.

    Parameters
    ----------
    options : argparse.Namespace
    build : callable
        Returns something with ``heading``, ``run`` and ``report``, as :class:`Study` has.

    Returns
    -------
    int
        As of :func:`table1`.
    """
    _end_cleanly_on_sigterm()
    try:
        study = build()
        _check_folder(options.report)
        heading = study.heading()
        _begin_log(options.log, heading)
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
    except KeyboardInterrupt:  # while pictures were drawn: the tables are there
        return 130
    print("".join(_remarks(summary)), end="")
    return 130 if summary.stopped == "interrupted" else int(bool(summary.failures))


def open_studies(options, register, make):
    """Return one study for each kind of folds that is asked for, all on the same data.

    Parameters
    ----------
    options : argparse.Namespace
    register, make
        See :func:`table1`.

    Returns
    -------
    list of Study
    """
    opened = open_data(options)
    return [Study(grouped, register, make, opened) for grouped in options_by_grouping(options)]


def _check_folder(folder):
    """Find out before the run, not after it, that its report has no place."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(
            f"The report cannot be written to {folder}: {error.strerror}. Give --report a folder "
            "that exists or can be made."
        ) from error


def _begin_log(path, heading):
    """Write what is about to run into the log, if one is wanted."""
    if path is not None:
        with RunLog(path) as log:
            log.say(heading)


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
