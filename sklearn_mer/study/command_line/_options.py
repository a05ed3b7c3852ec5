"""The command line of Table 1."""

import argparse
import shlex
import sys
from pathlib import Path

from ..setup._open import DATASETS

DESCRIPTION = """\
Cross-validate the methods of Table 1 and print our macro F1 beside the paper's. Each fold is
kept in a store as it ends: the same command computes what is missing, after Ctrl-C, kill -9 or a
failure, and more repeats or methods add to what is there.

With "status" before the options: say what is done, failed and missing, and compute nothing.
With "search": cross-validate the candidates of each method's grid, and keep the best settings.
With "export FILE" (.csv, .parquet): write the store's cells, or those of the options, to a file.
With "plan": say what the run would take on --workers N [N ...], from the cells of the store.
With "import OTHER.sqlite": take the cells of another store into --store."""

_DATA_HOME = "--data-home"


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
    if (options.backend == "ray") != (options.address is not None):
        parser.error("--backend ray and --address ADDRESS go together")
    quick = options.quick
    defaults = {
        "recipe": "default" if quick else "paper",
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


def named_data_home(argv):
    """Return the data home that a command line names, None where it names none.

    Parameters
    ----------
    argv : sequence of str
        Arguments, with a subcommand or without; all others are left to `parse_options`.

    Returns
    -------
    str or None
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument(_DATA_HOME)
    try:
        return parser.parse_known_args([str(word) for word in argv])[0].data_home
    except argparse.ArgumentError:  # its value is missing: the parser of all options says so
        return None


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
    add(_DATA_HOME, metavar="DIR", help="where data and weights are (default: SKLEARN_MER_DATA)")
    add(
        "--methods",
        nargs="+",
        metavar="KEY",
        help="rows of the table (default: all; with --quick five)",
    )
    add(
        "--recipe",
        choices=("paper", "default"),
        help="the authors' training settings, or sound and affordable ones (default: paper; "
        "with --quick default)",
    )
    add("--repeats", type=count, metavar="N", help="repeats (default: 10; with --quick 1)")
    add("--folds", type=count, default=10, metavar="N", help="folds a repeat (default: 10)")
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
    add("--jobs", type=count, default=2, metavar="N", help="worker processes (default: 2)")
    add("--backend", choices=("loky", "dask", "ray"), default="loky", help="default: this machine")
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="with --backend dask, of a scheduler that runs; --store is on a drive all workers see",
    )
    add(
        "--address",
        metavar="ADDRESS",
        help="with --backend ray, of a cluster that runs: auto, host:6379 or ray://host:10001",
    )
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: auto")
    add_store_option(parser)
    add(
        "--code",
        choices=("any", "same"),
        default="any",
        help="which stored cells count: of any state of this version's code, those of other code "
        "counted under the table, or of the code that runs here alone, the rest computed anew "
        "(default: any)",
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
        "--log",
        type=Path,
        metavar="FILE",
        help="add lines with time stamps to a file: what the run does, how far it is, when it "
        "will end",
    )
    add(
        "--quick",
        action="store_true",
        help="within ten minutes on two cores: one repeat, only the first folds of the methods "
        "that train networks, stopped after 9 minutes",
    )
    add("--max-minutes", type=_minutes, metavar="N", help="stop after so long (default: never)")
    add("--max-cells", type=count, metavar="N", help="begin at most so many cells")
    return parser


def add_store_option(parser):
    """Give a parser ``--store``."""
    parser.add_argument(
        "--store",
        type=Path,
        default=Path("results", "table1.sqlite"),
        metavar="FILE",
        help="where finished cells are kept (default: %(default)s)",
    )


def count(text):
    """Read a whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return number


def _minutes(text):
    number = float(text)
    if not number > 0:
        raise argparse.ArgumentTypeError(f"must be above 0, got {text}")
    return number
