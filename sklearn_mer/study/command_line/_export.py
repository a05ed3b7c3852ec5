"""``table1.py export``: the cells of a store as one table, for other programs."""

import argparse
from pathlib import Path

import pandas as pd

from ..setup._study import Study
from ..store._error import StoreError
from ..store._rows import encoded_row
from ..store._schema import COLUMNS
from ..store._store import CellStore
from ._options import add_store_option, parse_options
from ._run import refuse


def run(argv, *, register=None, make=None):
    """Write the cells of a store to a file.

    Parameters
    ----------
    argv : sequence of str
        The file, ``--store``, and options of a run where only its cells are wanted.
    register, make
        See :func:`table1`.

    Returns
    -------
    int
        Exit status: 0, or 2 for input that cannot be used.
    """
    options, of_the_run = _parser().parse_known_args(argv)
    try:
        _check(options)
        rows = _rows(options.store, of_the_run, register, make)
        write_rows(rows, options.file)
    except (OSError, ValueError, StoreError) as error:
        return refuse(error)
    print(f"{options.file}: {len(rows)} cells of {options.store}")
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="table1.py export",
        description="Write the cells of a store to a file, a line a cell; columns with lists hold "
        "JSON. With options of a run (--dataset, --methods, ...) only the cells of that run.",
        allow_abbrev=False,
    )
    parser.add_argument("file", type=Path, metavar="FILE.csv|FILE.parquet")
    add_store_option(parser)
    return parser


def _check(options):
    if options.file.suffix not in WRITERS:
        raise ValueError(
            f"Cells can be exported to {' or '.join(WRITERS)}, got {options.file.name!r}."
        )
    if not options.store.exists():
        raise ValueError(f"There is no store {options.store}. Name one with --store.")


def _rows(store, of_the_run, register, make):
    if not of_the_run:
        return CellStore(store).all_rows()
    study = Study(parse_options([*of_the_run, "--store", str(store)]), register, make)
    return study.store.rows(cell.key for cell in study.cells)


def write_rows(rows, path):
    """Write rows of a store to a file, whole or not at all.

    Parameters
    ----------
    rows : list of dict
        Decoded.
    path : Path
        Its suffix, .csv or .parquet, says how.

    Raises
    ------
    ValueError
        If the file is to be Parquet and pyarrow is not installed.
    OSError
        If the file cannot be written.
    """
    table = pd.DataFrame([_flat(row) for row in rows], columns=COLUMNS)
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        WRITERS[path.suffix](table, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _flat(row):
    # What a cell has not got is empty in every column, and not the text "null" in some.
    return {name: None if row[name] is None else text for name, text in encoded_row(row).items()}


def _write_csv(table, path):
    table.to_csv(path, index=False)


def _write_parquet(table, path):
    try:
        table.to_parquet(path, engine="pyarrow", index=False)
    except ImportError as error:
        raise ValueError(
            "Parquet needs the package pyarrow: pip install 'sklearn-mer[parquet]', or export to "
            "a .csv file."
        ) from error


WRITERS = {".csv": _write_csv, ".parquet": _write_parquet}
