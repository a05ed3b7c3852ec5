"""``table1.py import``: take other stores into ours."""

import argparse

from ..store._error import StoreError
from ..store._other_store import other_results
from ..store._store import CellStore
from ._options import add_store_option
from ._run import refuse


def run(argv, *, register=None, make=None):
    """Take the results of other stores in and say what became of them.

    Parameters
    ----------
    argv : sequence of str
        Files, and ``--store``.
    register, make
        Not needed here.

    Returns
    -------
    int
        Exit status: 0, 1 if scores are in conflict, 2 for input that cannot be used.
    """
    options = _parser().parse_args(argv)
    try:
        n_conflicts = sum(_take(options.store, path) for path in options.files)
    except (OSError, StoreError) as error:
        return refuse(error)
    return int(n_conflicts > 0)


def _parser():
    parser = argparse.ArgumentParser(
        prog="table1.py import",
        description="Take the cells of other stores into ours. A finished cell replaces a failed "
        "one; where both are finished with different scores, ours is kept and the cell is named. "
        "The other files are only read.",
    )
    parser.add_argument("files", nargs="+", metavar="OTHER.sqlite")
    add_store_option(parser)
    return parser


def _take(path, other):
    rows, histories = other_results(
        other
    )  # before ours is made: a wrong name leaves nothing behind
    store = CellStore(path)
    if store.path.samefile(other):
        raise StoreError(f"{other} is the store itself. Name another one.")
    merged = store.merge(rows, histories)
    print(f"{other}: {len(rows)} cells")
    for number, what in _lines(merged):
        print(f"{number:>7}  {what}")
    for conflict in merged.conflicts:
        print(f"Conflict: {conflict}; ours is kept.")
    return len(merged.conflicts)


def _lines(merged):
    beside = f" ({merged.n_beside} beside ours of other code)" if merged.n_beside else ""
    yield merged.n_added, f"added{beside}"
    yield merged.n_mended, "failed here, done there: taken"
    yield merged.n_same, "the same in both"
    yield merged.n_failed, "failed there: ours kept"
    yield len(merged.conflicts), "with other scores: ours kept"
