"""``table1.py search``: cross-validate the candidates of each row's grid, and keep the best."""

from pathlib import Path

from ..search._search import Search
from ._options import parse_options
from ._run import run_study

GRIDS = Path("benchmarks", "grids")


def run(argv, *, register=None, make=None):
    """Search over the settings that a command line describes.

    Parameters
    ----------
    argv : sequence of str
        The options of a run, and those of the search.
    register, make
        See :func:`table1`.

    Returns
    -------
    int
        Exit status, as of :func:`table1`.
    """
    options = parse_options(argv, extend=_add_options)
    return run_study(options, lambda: Search(options, register, make))


def _add_options(parser):
    add = parser.add_argument_group("search").add_argument
    add(
        "--grid",
        type=Path,
        default=GRIDS,
        metavar="FILE|DIR",
        help="the values to try, TOML: a folder with <key>.toml for each method, or the file of "
        "the only one (default: %(default)s)",
    )
    add(
        "--nested",
        action="store_true",
        help="also search anew inside each training fold, and tell by how much the best mean of "
        "the plain search is too high",
    )
    add(
        "--inner-folds",
        type=int,
        default=5,
        metavar="N",
        help="with --nested, folds inside a training fold (default: %(default)s)",
    )
