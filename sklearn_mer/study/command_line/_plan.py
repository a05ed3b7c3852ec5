"""``table1.py plan``: what a protocol would take, before it is run."""

import argparse

import numpy as np

from ...datasets import DatasetNotFoundError
from ..cells._data import StudyData
from ..planning._forecast import forecast_lines
from ..setup._study import Study
from ..store._error import StoreError
from ._options import count, parse_options
from ._run import refuse

# Of data sets that need not be here to be planned.
PUBLISHED_CLIPS = {"4qaed": 900, "merge-complete": 3554, "merge-balanced": 3232}


def run(argv, *, register=None, make=None):
    """Print what the cells that a command line describes would take; compute none.

    Parameters
    ----------
    argv : sequence of str
        Options of the run, and those of :func:`_parser`.
    register, make
        See :func:`table1`.

    Returns
    -------
    int
        Exit status: 0, or 2 for input that cannot be used.
    """
    own, rest = _parser().parse_known_args(argv)
    options = parse_options(rest)
    names = own.datasets or [options.dataset or "4qaed"]
    try:
        if not options.store.exists():
            raise ValueError(
                f"There is no store {options.store} with measured cells. Name one with --store, "
                "or run a few cells first (--max-cells)."
            )
        studies = [_study(name, options, register, make) for name in names]
        print(*forecast_lines(studies, own.workers or [studies[0].jobs], own.grid), sep="\n")
    except (OSError, ValueError, StoreError) as error:
        return refuse(error)
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="table1.py plan",
        description="Say what a run would take, from the cells that --store has measured. Takes "
        "the options of a run too (--methods, --recipe, --repeats, --folds, --store, ...).",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--workers", type=count, nargs="+", metavar="N", help="numbers of workers (default: --jobs)"
    )
    add("--datasets", nargs="+", metavar="NAME", help="several data sets, one after the other")
    add(
        "--grid",
        type=count,
        default=1,
        metavar="N",
        help="settings that are tried: each cell counts so often (default: 1)",
    )
    return parser


def _study(name, options, register, make):
    options = argparse.Namespace(**vars(options) | {"dataset": name, "quick": False})
    try:
        return Study(options, register, make)
    except DatasetNotFoundError:
        return Study(options, register, make, opened=(_stand_in(name), ""))


def _stand_in(name):
    """Return data of a published size, to plan what cannot be run here."""
    n_clips = PUBLISHED_CLIPS[name]
    labels = np.arange(n_clips) % 4
    return StudyData(name, np.zeros((n_clips, 1)), labels, groups=np.arange(n_clips))
