"""The store: one SQLite file that keeps each cell as it ends."""

import json
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ._digest import canonical_json
from ._histories import read_histories, write_history
from ._schema import APPLICATION_ID, JSON_COLUMNS, SCHEMA_VERSION, TABLES


class StoreError(RuntimeError):
    """The store cannot be opened, read or written; the message says why and what to do."""


class CellStore:
    """Finished and failed cells in one SQLite file.

    Each method opens the file, does one short transaction and closes it, so that several
    drivers may share a store, and a process killed at any moment leaves it readable.

    Parameters
    ----------
    path : path-like
        The file; it is made, with its folders, where it does not exist.
    timeout : float, default=60
        Seconds to wait for another writer before giving up.

    Raises
    ------
    StoreError
        If the file is no store, has another layout, or cannot be written.

    Notes
    -----
    The file holds results only: no clips, no paths of data, no names of machines.

    The journal is SQLite's default, not a write-ahead log: with one short transaction a cell
    the latter gains nothing, and it leaves the newest cells in a second file after a kill,
    where somebody who copies the store would lose them. A file system without working locks
    (some network drives) is no place for a store with several writers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn_mer.study import CellStore
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     CellStore(Path(folder) / "table1.sqlite").rows()
    []
    """

    def __init__(self, path, *, timeout=60):
        self.path = Path(path)
        self.timeout = timeout
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(self._cannot("be made", error)) from error
        with self._transaction() as connection:
            self._prepare(connection)

    def record(self, cell, result):
        """Write a cell's result and end its claim.

        A finished cell replaces a failed one, never the other way round.

        Parameters
        ----------
        cell : Cell
        result : CellResult
        """
        row = _row(cell, result)
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        updates = ", ".join(f"{name} = excluded.{name}" for name in row if name != "key")
        with self._transaction() as connection:
            connection.execute(
                f"INSERT INTO cells ({names}) VALUES ({marks}) ON CONFLICT (key) "
                f"DO UPDATE SET {updates} WHERE cells.status = 'failed'",
                row,
            )
            write_history(connection, cell.key, result.history)
            connection.execute("DELETE FROM claims WHERE key = ?", (cell.key,))

    def claim(self, key, owner):
        """Say that a driver is about to compute a cell.

        A claim is a hint, not a lock: a driver puts cells claimed by others last, and then
        computes what is still missing, so the claims of a killed driver block nothing.

        Parameters
        ----------
        key : str
        owner : str
            Name of the driver.

        Returns
        -------
        {"mine", "taken", "done"}
        """
        with self._transaction() as connection:
            found = connection.execute(
                "SELECT 1 FROM cells WHERE key = ? AND status = 'done'", (key,)
            ).fetchone()
            if found:
                return "done"
            connection.execute("INSERT OR IGNORE INTO claims VALUES (?, ?)", (key, owner))
            holder = connection.execute("SELECT owner FROM claims WHERE key = ?", (key,))
            return "mine" if holder.fetchone()[0] == owner else "taken"

    def release(self, owner):
        """End all claims of a driver.

        Parameters
        ----------
        owner : str
        """
        with self._transaction() as connection:
            connection.execute("DELETE FROM claims WHERE owner = ?", (owner,))

    def rows(self, keys=None):
        """Return stored cells, JSON columns decoded.

        Parameters
        ----------
        keys : iterable of str or None, default=None
            Which cells; all where None. Cells that are not stored are left out.

        Returns
        -------
        list of dict
            Ordered by data set, recipe, method, repeat and fold.
        """
        wanted = None if keys is None else set(keys)
        with self._transaction(write=False) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(
                "SELECT * FROM cells ORDER BY dataset, recipe, method, repeat, fold, key"
            )
            return [_decoded(row) for row in found if wanted is None or row["key"] in wanted]

    def histories(self):
        """Return how networks learned, of the cells that have kept it.

        Returns
        -------
        dict of str to history
            Cell keys and :attr:`CellResult.history`. Methods that train no network have none, and
            neither have cells that were written before histories were kept.
        """
        with self._transaction(write=False) as connection:
            return read_histories(connection)

    @contextmanager
    def _transaction(self, *, write=True):
        try:
            with closing(sqlite3.connect(self.path, timeout=self.timeout)) as connection:
                connection.isolation_level = None  # transactions begin where we say so
                # IMMEDIATE waits for the lock at the start, where waiting is safe.
                connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                with connection:
                    yield connection
        except sqlite3.DatabaseError as error:
            raise StoreError(self._cannot("be used as a store", error)) from error

    def _prepare(self, connection):
        application, layout = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
        if application == APPLICATION_ID and layout == SCHEMA_VERSION:
            return
        if application == APPLICATION_ID:
            raise StoreError(
                f"{self.path} is a store of layout {layout}, and this version reads and writes "
                f"layout {SCHEMA_VERSION}. Name another file, or use the version that wrote it."
            )
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(
                f"{self.path} is a database of another program, not a store. Name another file."
            )
        for statement in filter(str.strip, TABLES.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _cannot(self, what, error):
        return (
            f"{self.path} cannot {what}: {error}. Name a file that is a store or does not exist "
            "yet, in a folder that can be written to."
        )


def _row(cell, result):
    values = {
        "key": cell.key,
        **{name: cell.identity[name] for name in ("method", "recipe", "dataset", "groups")},
        "repeat": cell.repeat,
        "fold": cell.fold,
        "seed": cell.seed,
        "n_splits": cell.protocol.n_splits,
        "n_repeats": cell.protocol.n_repeats,
        "n_train": len(cell.train),
        "n_test": len(cell.test),
        **{name: value for name, value in vars(result).items() if name != "history"},
        "identity": cell.identity,
        "params": cell.method.parameters,
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    as_json = {name: canonical_json(values[name]) for name in JSON_COLUMNS}
    return {**values, **as_json}


def _decoded(row):
    row = dict(row)
    return row | {name: json.loads(row[name]) for name in JSON_COLUMNS}
