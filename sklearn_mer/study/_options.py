"""The command line: its sub-commands and their options."""

import argparse
import shlex
import sys
from pathlib import Path

from ._grids import GRIDS

DATASETS = ("4qaed", "merge-complete", "merge-balanced", "synthetic")
RECIPES = ("paper", "default")
# Of these, nine minutes on two cores are enough for two folds.
QUICK_METHODS = ("svm", "artist_cnn", "cnn", "short_chunk", "hybrid")
TABLE1 = """\
Cross-validate the methods of Table 1 and print their macro F1 beside the paper's. The result of
each fold is written as it ends: the same command computes what is missing, after Ctrl-C, kill -9
or a failure, and more repeats or methods add to what is there."""
COMMANDS = {
    "table1": TABLE1,
    "search": "Cross-validate the candidates of each method's grid, and write the best settings.",
    "status": "Say what of a run is done, failed and missing, and the time left; compute nothing.",
    "export": "Write the results of cells to one table, a line per cell; columns with lists hold "
    "JSON. With options of a run (--dataset, --methods, ...) only the cells of that run.",
    "import": "Copy the results of other folders into ours, after a check of all of them. A "
    "finished cell replaces a failed one; where both are finished with different scores, ours is "
    "kept, the cell is named and the exit status is 1.",
}


def parse_options(argv=None, *, prog="sklearn-mer", default=None):
    """Read the command line."""
    argv = [str(word) for word in (sys.argv[1:] if argv is None else argv)]
    parser = make_parser(prog)
    named = default is None or (argv and argv[0] in COMMANDS)
    options = parser.parse_args(argv if named else [default, *argv])
    options.line = f"{prog} {shlex.join(argv)}"
    if options.command != "import":
        _fill_in(parser, options)
    return options


def _fill_in(parser, options):
    if (options.backend == "dask") != (options.scheduler is not None):
        parser.error("--backend dask and --scheduler ADDRESS go together")
    if (options.backend == "ray") != (options.address is not None):
        parser.error("--backend ray and --address ADDRESS go together")
    quick = options.quick
    options.names_a_run = quick or options.folds != 10 or _any_given(options)
    defaults = {
        "recipe": "default" if quick else "paper",
        "repeats": 1 if quick else 10,
        "max_minutes": 9.0 if quick else None,
        "report": options.results,
    }
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    named = dict.fromkeys(options.groups or ["none"])
    options.groupings = tuple(None if name == "none" else name for name in named)


def _any_given(options):
    names = ("dataset", "methods", "recipe", "repeats", "groups", "settings")
    return any(getattr(options, name) is not None for name in names)


def make_parser(prog="sklearn-mer"):
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Run the study of Table 1. Each sub-command has a --help of its own.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, description in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=description.partition(".")[0],
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter
            if "\n" in description
            else argparse.HelpFormatter,
            allow_abbrev=False,
        )
        _ADD[name](sub)
    return parser


def _add_run(parser):
    _add_what(parser)
    _add_how_long(parser)
    _add_where(parser)
    _add_cluster(parser)


def _add_search(parser):
    _add_run(parser)
    add = parser.add_argument_group("search").add_argument
    add(
        "--grid",
        type=Path,
        default=GRIDS,
        metavar="FILE|DIR",
        help="the values to try, TOML: a folder with <key>.toml for each method, or the file of "
        "the only one (default: those of the package)",
    )
    add(
        "--nested",
        action="store_true",
        help="also search anew inside each training fold, and tell by how much the best mean of "
        "the plain search is too high",
    )
    add(
        "--inner-folds",
        type=count,
        default=5,
        metavar="N",
        help="with --nested, folds inside a training fold (default: %(default)s)",
    )


def _add_export(parser):
    parser.add_argument("file", type=Path, metavar="FILE.csv|FILE.parquet")
    _add_run(parser)


def _add_import(parser):
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    _add_results(parser.add_argument)


_ADD = {
    "table1": _add_run,
    "search": _add_search,
    "status": _add_run,
    "export": _add_export,
    "import": _add_import,
}


def _add_what(parser):
    add = parser.add_argument_group("what").add_argument
    add(
        "--dataset",
        metavar="NAME|FOLDER",
        help=f"one of {', '.join(DATASETS)}, or a folder with one sub-folder of clips per class "
        "(default: 4qaed; with --quick synthetic if 4qaed is not there)",
    )
    add("--data-home", metavar="DIR", help="where data and weights are (default: SKLEARN_MER_DATA)")
    keys = sorted(path.stem for path in GRIDS.glob("*.toml"))
    add(
        "--methods",
        nargs="+",
        metavar="KEY",
        help=f"rows of the table, of {', '.join(keys)} (default: all; with --quick "
        f"{', '.join(QUICK_METHODS)})",
    )
    add(
        "--recipe",
        choices=RECIPES,
        help="the authors' training settings, or sound and affordable ones (default: paper; "
        "with --quick default)",
    )
    add("--repeats", type=count, metavar="N", help="repeats (default: 10; with --quick 1)")
    add("--folds", type=count, default=10, metavar="N", help="folds per repeat (default: 10)")
    add(
        "--groups",
        nargs="+",
        choices=("none", "artist"),
        help="artist: keep the clips of an artist in one fold; none artist: both tables, side by "
        "side (default: none)",
    )
    add(
        "--settings",
        type=Path,
        metavar="DIR",
        help="folder of settings that a search chose, <key>.toml; other rows keep the recipe's",
    )


def _add_how_long(parser):
    add = parser.add_argument_group("how long").add_argument
    add(
        "--quick",
        action="store_true",
        help="within ten minutes on two cores: one repeat, only the first folds of the methods "
        "that train networks, stopped after 9 minutes",
    )
    add("--max-minutes", type=_minutes, metavar="N", help="stop after so long (default: never)")
    add("--max-cells", type=count, metavar="N", help="begin at most so many cells")
    add("--jobs", type=count, default=2, metavar="N", help="worker processes (default: 2)")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto", help="default: auto")


def _add_where(parser):
    add = parser.add_argument_group("where").add_argument
    _add_results(add)
    add(
        "--report",
        type=Path,
        metavar="DIR",
        help="where report.html, figures/, table1.csv, table1.md and comparisons.csv are written "
        "(default: the folder of the results)",
    )
    add(
        "--log",
        type=Path,
        metavar="FILE",
        help="add lines with time stamps to a file: what the run does, how far it is, when it "
        "will end",
    )


def _add_results(add):
    add(
        "--results",
        type=Path,
        default=Path("results"),
        metavar="DIR",
        help="where results of cells are kept, one file per cell (default: %(default)s)",
    )


def _add_cluster(parser):
    add = parser.add_argument_group("cluster").add_argument
    add("--backend", choices=("loky", "dask", "ray"), default="loky", help="default: this machine")
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="with --backend dask, of a scheduler that runs; --results is on a drive that all "
        "workers see",
    )
    add(
        "--address",
        metavar="ADDRESS",
        help="with --backend ray, of a cluster that runs: auto, host:6379 or ray://host:10001",
    )


def count(text):
    """Read a whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return number


def _minutes(text):
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be above 0, got {text}")
    return number
