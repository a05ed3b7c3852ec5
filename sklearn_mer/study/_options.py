"""The command line: its sub-commands and their options."""

import argparse
import shlex
import sys
from functools import partial
from pathlib import Path

from .._study_commands import COMMANDS
from .._text import did_you_mean
from .._words import count, not_empty, path, positive
from ._data import DATASETS
from ._grids import GRIDS
from ._workers import MAX_JOBS

RECIPES = ("paper", "default")
# Of these, nine minutes on two cores are enough for two folds.
QUICK_METHODS = ("svm", "artist_cnn", "cnn", "short_chunk", "hybrid")
# With one of these, an export is of the cells of a run.
OF_A_RUN = {"--dataset", "--methods", "--recipe", "--repeats", "--folds", "--groups"}
OF_A_RUN |= {"--settings", "--quick", "--pipelines", "--inner-folds", "--split"}
_KEYS = ", ".join(sorted(grid.stem for grid in GRIDS.glob("*.toml")))
HELP = {
    "--dataset": f"one of {', '.join(DATASETS)}, a folder with one sub-folder of clips per class, "
    "or a CSV file with the columns path,label[,group] (default: 4qaed; with --quick synthetic if "
    "4qaed is not there)",
    "--split": "one fixed split in place of folds: 70_15_15 or 40_30_30 of MERGE, or the column of "
    "a CSV file with train, validate and test",
    "--data-home": "where data and weights are (default: SKLEARN_MER_DATA)",
    "--methods": f"rows of the table, of {_KEYS} (default: all; with --quick "
    f"{', '.join(QUICK_METHODS)}); one's own by MODULE:CLASS or FILE.py:CLASS",
    "--pipelines": "folder of pipelines as TOML files, each one more row; without --methods the "
    "only ones",
    "--published": "CSV file with the columns method,dataset,f1_macro (percent): figures to print "
    "beside ours",
    "--recipe": "the authors' training settings, or sound and affordable ones (default: paper; "
    "with --quick default)",
    "--on-error": "for clips that cannot be used: name them and stop, or leave them out "
    "(default: raise)",
    "--repeats": "repeats (default: 10; with --quick 1)",
    "--folds": "folds per repeat (default: 10)",
    "--groups": "artist: keep the clips of an artist (the group of a CSV file) in one fold; none "
    "artist: both tables, side by side (default: none)",
    "--settings": "folder with settings of a search, <key>.toml; other rows keep the recipe's",
    "--quick": "within ten minutes on two cores: one repeat, only the first folds of the methods "
    "that train networks, stopped after 9 minutes",
    "--max-minutes": "stop after so long (default: never)",
    "--max-cells": "begin at most so many cells",
    "--jobs": "worker processes (default: 2)",
    "--device": "default: auto",
    "--results": "where results of cells are kept, one file per cell (default: results)",
    "--report": "where the tables and the report are written (default: the folder of the results)",
    "--latex": "also write the table as LaTeX (booktabs)",
    "--log": "add lines with time stamps to a file: what the run does and when it will end",
    "--backend": "default: this machine",
    "--scheduler": "with --backend dask; --results is on a drive that all its workers see",
    "--address": "with --backend ray, of a cluster that runs: auto, host:6379 or ray://host:10001",
    "--grid": "the values to try, TOML: a folder with <key>.toml for each method, or the file of "
    "the only one (default: those of the package)",
    "--nested": "also search inside each training fold, to tell how much the best is too high",
    "--inner-folds": "folds inside a training fold, for grids of pipelines and --nested "
    "(default: 5)",
}


def parse_options(argv=None, *, prog="sklearn-mer", default=None):
    """Read the command line."""
    argv = [str(word) for word in (sys.argv[1:] if argv is None else argv)]
    quick = "--quick" in argv
    parser, words = make_parser(prog, quick), argv
    if not argv or argv[0].startswith("-"):
        words = [default, *argv] if default else argv
    elif argv[0] not in COMMANDS:
        parser.error(
            f"{argv[0][:40]!r} is no sub-command.{did_you_mean(argv[0], COMMANDS)} Choose from "
            f"{', '.join(COMMANDS)}."
        )
    options, unknown = parser.parse_known_args(words)
    if unknown:
        _refuse(parser, options.command, unknown)
    options.line = f"{prog} {shlex.join(argv)}"
    given = {word.partition("=")[0] for word in argv}
    options.names_a_run = bool(given & OF_A_RUN)
    if options.command != "import":
        _fill_in(parser, options, given)
    return options


def _refuse(parser, command, unknown):
    # What follows an unknown option is most likely its value.
    wrong = next((word for word in unknown if word.startswith("-")), unknown[0])
    name = wrong.partition("=")[0]
    hint = "" if name in HELP else did_you_mean(name, HELP)  # else it is of other commands
    parser.error(
        f"{command} does not know {wrong[:40]!r}.{hint} See {parser.prog} {command} --help."
    )


def _fill_in(parser, options, given):
    if options.split is not None:
        if of_folds := given & {"--repeats", "--folds", "--groups"}:
            parser.error(f"--split has no folds: leave out {', '.join(sorted(of_folds))}")
        options.repeats = options.folds = 1
    for backend, name in {"dask": "scheduler", "ray": "address"}.items():
        if (options.backend == backend) != (getattr(options, name) is not None):
            parser.error(f"--backend {backend} and --{name} ADDRESS go together")
    options.report = options.report or options.results
    # The arguments of `run_cells` that name a cluster.
    gpu = options.device == "cuda"
    options.cluster = {"scheduler": options.scheduler, "ray_address": options.address, "gpu": gpu}
    kinds = dict.fromkeys(options.groups)
    options.groupings = tuple(None if name == "none" else name for name in kinds)


def make_parser(prog, quick):
    """Return the parser of the whole command line."""
    about = "Run the study of Table 1. Each sub-command has a --help of its own."
    parser = argparse.ArgumentParser(prog=prog, description=about, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        about = {"help": text.partition(".")[0], "description": text, "allow_abbrev": False}
        sub = commands.add_parser(name, **about)
        if name == "import":
            sub.add_argument("folders", nargs="+", type=path, metavar="FOLDER")
            sub.set_defaults(data_home=None)
            _group(sub, "where")("--results", **_RESULTS)
            continue
        if name == "export":
            sub.add_argument("file", type=path, metavar="FILE.csv|FILE.parquet")
        _add_run(sub, name, quick)
        if name == "search":  # which would choose by the test clips of a fixed split
            sub.set_defaults(split=None)
            add = _group(sub, "search")
            add("--grid", type=path, default=GRIDS, metavar="FILE|DIR")
            add("--nested", action="store_true")
    return parser


def _group(parser, title):
    group = parser.add_argument_group(title)
    return lambda name, **how: group.add_argument(name, help=HELP[name], **how)


def _add_run(parser, command, quick):
    add = _group(parser, "what")
    add("--dataset", type=not_empty, metavar="NAME|FOLDER|FILE.csv")
    if command != "search":
        add("--split", type=not_empty, metavar="NAME")
    add("--data-home", type=path, metavar="DIR")
    add("--on-error", choices=("raise", "skip"), default="raise")
    add("--methods", nargs="+", type=not_empty, metavar="KEY|MODULE:CLASS")
    add("--pipelines", type=path, metavar="DIR")
    add("--published", type=path, metavar="FILE")
    add("--recipe", choices=RECIPES, default="default" if quick else "paper")
    add("--repeats", type=count, default=1 if quick else 10, metavar="N")
    add("--folds", type=partial(count, least=2), default=10, metavar="N")
    add("--groups", nargs="+", choices=("none", "artist"), default=["none"])
    add("--settings", type=path, metavar="DIR")
    add("--inner-folds", type=count, default=5, metavar="N")
    add = _group(parser, "how long")
    add("--quick", action="store_true")
    add("--max-minutes", type=positive, default=9.0 if quick else None, metavar="N")
    add("--max-cells", type=count, metavar="N")
    add("--jobs", type=partial(count, most=MAX_JOBS), default=2, metavar="N")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add = _group(parser, "where")
    add("--results", **_RESULTS)
    add("--report", type=path, metavar="DIR")
    if command == "table1":
        add("--latex", type=path, metavar="FILE")
    add("--log", type=path, metavar="FILE")
    add = _group(parser, "cluster")
    add("--backend", choices=("loky", "dask", "ray"), default="loky")
    add("--scheduler", type=not_empty, metavar="ADDRESS")
    add("--address", type=not_empty, metavar="ADDRESS")


_RESULTS = {"type": path, "default": Path("results"), "metavar": "DIR"}
