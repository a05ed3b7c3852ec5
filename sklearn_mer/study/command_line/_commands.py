"""Subcommands of ``benchmarks/table1.py``: a first argument that names something beside the run."""

from . import _export, _import, _plan, _search, _status

# Name: what does it, ``run(argv, *, register, make)``, and returns the exit status.
COMMANDS = {
    "export": _export.run,
    "import": _import.run,
    "plan": _plan.run,
    "search": _search.run,
    "status": _status.run,
}


def find_command(argv):
    """Return the function that a command line asks for, None where it is the run itself.

    Parameters
    ----------
    argv : sequence of str
        Arguments, without the name of the program.

    Returns
    -------
    callable or None
        Takes the arguments after the subcommand, and keywords ``register`` and ``make``.
    """
    return COMMANDS.get(argv[0]) if argv else None
