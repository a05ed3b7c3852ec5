"""Subcommands of ``benchmarks/table1.py``: a first argument that names something beside the run."""

from importlib import import_module

# Name: the module whose ``run(argv, *, register, make)`` does it and returns the exit status.
# Modules are named and not imported, as they use the run's own parts.
COMMANDS = {
    "export": "._export",
    "import": "._import",
    "plan": "._plan",
    "search": "._search",
    "status": "._status",
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
    if not argv or argv[0] not in COMMANDS:
        return None
    return import_module(COMMANDS[argv[0]], __package__).run
