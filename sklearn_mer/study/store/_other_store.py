"""Somebody else's store, read without touching it."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from ._error import StoreError
from ._schema import APPLICATION_ID, SCHEMA_VERSION
from ._store import CellStore


def other_results(path):
    """Return all results of a store that is only read, whatever its layout.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    rows : list of dict
        As from :meth:`CellStore.all_rows`.
    histories : dict
        As from :meth:`CellStore.all_histories`.

    Raises
    ------
    StoreError
        If the file is not there, is no store, or has a newer layout.
    """
    path = Path(path)
    if not path.is_file():
        raise StoreError(f"There is no file {path}. Name the store that is to be taken in.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as other:
            _check(path, other)
            return _copied(other)
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path} cannot be read as a store: {error}. Nothing was taken."
        ) from error


def _check(path, connection):
    application, layout = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    )
    if application != APPLICATION_ID:
        raise StoreError(f"{path} is not a store of this package. Nothing was taken.")
    if layout > SCHEMA_VERSION:
        raise StoreError(
            f"{path} is a store of layout {layout}, and this version reads layouts up to "
            f"{SCHEMA_VERSION}. Take it in with the version that wrote it. Nothing was taken."
        )


def _copied(connection):
    # A copy, as the older layouts are brought to ours in place.
    with tempfile.TemporaryDirectory(prefix="sklearn_mer_store_") as folder:
        copy = Path(folder) / "copy.sqlite"
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
        results = CellStore(copy).read()
        return results.all_rows(), results.all_histories()
