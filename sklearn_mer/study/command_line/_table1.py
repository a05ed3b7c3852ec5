"""Table 1 from the command line: plan, run, print."""

import sys

from ..._data_home import prefer_data_home
from ..setup._groupings import Groupings, open_studies
from ._commands import find_command
from ._options import named_data_home, parse_options
from ._run import run_study


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
    # Beside the data set, the rows' pre-trained weights are looked for there, by workers too.
    with prefer_data_home(named_data_home(argv)):
        return _run(argv, register, make)


def _run(argv, register, make):
    command = find_command(argv)
    if command is not None:
        return command(argv[1:], register=register, make=make)
    options = parse_options(argv)
    return run_study(options, lambda: Groupings(open_studies(options, register, make)))
