"""From the command line to an exit status."""

import io
import os
import signal
import sys
import threading
import warnings
from importlib import import_module

from .._files import why_not
from .._study_commands import COMMANDS as STUDY
from ._options import parse_options


def main(argv=None):
    """Run the command line ``sklearn-mer``.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        ``sys.argv[1:]`` where None. The first word is the sub-command.

    Returns
    -------
    int
        Exit status: 0, 1 if songs could not be used (for the study, see `sklearn_mer.study.main`),
        2 for input that cannot be used, 130 after Ctrl-C.
    """
    argv = [str(word) for word in (sys.argv[1:] if argv is None else argv)]
    if argv and argv[0] in STUDY:
        from ..study import main as run_study

        return run_study(argv)
    return _run(parse_options(argv))


def _run(options):
    # A polite end leaves a readable file, as Ctrl-C does.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that it cannot show stops no run
        sys.stdout.reconfigure(errors="backslashreplace")
    formatted = warnings.formatwarning
    warnings.formatwarning = lambda message, *_, **__: f"sklearn-mer: warning: {message}\n"
    try:
        status = _command(options.command)(options)
        print(end="", flush=True)
        return status
    except BrokenPipeError:  # who reads the output has ended, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, ValueError, TypeError, ImportError) as error:
        print(f"sklearn-mer: error: {_error_text(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        warnings.formatwarning = formatted


def _command(name):
    """Return the function of a sub-command, which has the name of its module."""
    function = name.replace("-", "_")
    return getattr(import_module(f"._{function}", __package__), function)


def _error_text(error):
    if getattr(error, "errno", None) is None:
        return error
    return f"{error.filename or 'the output'}: {why_not(error)}"
