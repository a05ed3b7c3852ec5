"""The command line of Table 1."""

import argparse
import shlex
import sys
from pathlib import Path

from ._open import DATASETS

DESCRIPTION = """\
Cross-validate the methods of Table 1 and print our macro F1 beside the paper's. Each fold is
kept in a store as it ends: the same command computes what is missing, after Ctrl-C, kill -9 or a
failure, and more repeats or methods add to what is there.

With "status" before the options: say what is done, failed and missing, and compute nothing.
With "search": cross-validate the candidates of each method's grid, and keep the best settings."""


def parse_options(argv=None, *, extend=None):
    """Read the command line.

    Parameters
    ----------
    argv : sequence of str or None, default=None
        ``sys.argv[1:]`` where None.
    extend : callable or None, default=None
        Given the parser, adds the options of a subcommand.

    Returns
    -------
    argparse.Namespace
        With what ``--quick`` leaves open filled in, and ``command``: the line as it was typed.
    """
    parser = _parser()
    if extend is not None:
        extend(parser)
    argv = sys.argv[1:] if argv is None else argv
    options = parser.parse_args(argv)
    options.command = shlex.join(["python", "benchmarks/table1.py", *map(str, argv)])
    if (options.backend == "dask") != (options.scheduler is not None):
        parser.error("--backend dask and --scheduler ADDRESS go together")
    quick = options.quick
    defaults = {
        "recipe": "ours" if quick else "paper",
        "repeats": 1 if quick else 10,
        "max_minutes": 9.0 if quick else None,
    }
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    named = dict.fromkeys(options.groups or ["none"])
    options.groupings = tuple(None if name == "none" else name for name in named)
    options.groups = options.groupings[0]
    return options


def _parser():
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--dataset",
        metavar="NAME|FOLDER",
        help=f"one of {', '.join(DATASETS)}, or a folder with one sub-folder of clips a class "
        "(default: 4qaed; with --quick synthetic where 4qaed is not there)",
    )
    add("--data-home", metavar="DIR", help="where data sets are (default: SKLEARN_MER_DATA)")
    add(
        "--methods",
        nargs="+",
        metavar="KEY",
        help="rows of the table (default: all; with --quick five)",
    )
    add(
        "--recipe",
        choices=("paper", "ours"),
        help="the authors' training settings, or sound and affordable ones (default: paper; "
        "with --quick ours)",
    )
    add("--repeats", type=_count, metavar="N", help="repeats (default: 10; with --quick 1)")
    add("--folds", type=_count, default=10, metavar="N", help="folds a repeat (default: 10)")
    add(
        "--settings",
        type=Path,
        metavar="DIR",
        help="folder of settings that a search chose, <key>.toml; other rows keep the recipe's",
    )
    add(
        "--groups",
        nargs="+",
        choices=("none", "artist"),
        help="artist: keep the clips of an artist in one fold; none artist: both tables, side by "
        "side (default: none)",
    )
    add("--jobs", type=_count, default=2, metavar="N", help="worker processes (default: 2)")
    add("--backend", choices=("loky", "dask"), default="loky", help="default: loky, this machine")
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="with --backend dask, of a scheduler that runs; --store is on a drive all workers see",
    )
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: auto")
    add(
        "--store",
        type=Path,
        default=Path("results", "table1.sqlite"),
        metavar="FILE",
        help="where finished cells are kept (default: %(default)s)",
    )
    add(
        "--report",
        type=Path,
        default=Path("results"),
        metavar="DIR",
        help="where report.html, figures/, table1.csv, table1.md and comparisons.csv are written "
        "(default: %(default)s)",
    )
    add(
        "--quick",
        action="store_true",
        help="within ten minutes on two cores: one repeat, only the first folds of the methods "
        "that train networks, stopped after 9 minutes",
    )
    add("--max-minutes", type=_minutes, metavar="N", help="stop after so long (default: never)")
    add("--max-cells", type=_count, metavar="N", help="begin at most so many cells")
    return parser


def _count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return number


def _minutes(text):
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError(f"must be above 0, got {text}")
    return number
