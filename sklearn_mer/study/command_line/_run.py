"""A run and how it ends: what is printed, the exit status, interrupts."""

import signal
import sys
import threading

from ..running._log import RunLog
from ..store._error import StoreError


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
