"""The store: one SQLite file that keeps each cell as it ends."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from ._error import StoreError
from ._histories import put_histories, read_histories, write_history
from ._merge import merge_rows
from ._prepare import prepare
from ._results import StoredResults, counts
from ._rows import put_row, read_rows, stored_row


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
    code : {"any", "same"}, default="any"
        Which results count for a cell: those of any state of the library's code, or only those
        of the code that runs here. The file keeps one result for each cell and code.

    Raises
    ------
    StoreError
        If the file is no store, has a newer layout, or cannot be written. A file of an older
        layout is brought to this one.

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

    def __init__(self, path, *, timeout=60, code="any"):
        if code not in ("any", "same"):
            raise ValueError(f"code must be 'any' or 'same', got {code!r}.")
        self.path = Path(path)
        self.timeout = timeout
        self.code = code
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(self._cannot("be made", error)) from error
        with self._transaction() as connection:
            prepare(connection, self.path)

    def record(self, cell, result):
        """Write a cell's result and end its claim.

        A finished cell replaces a failed one of the same code, never the other way round.

        Parameters
        ----------
        cell : Cell
        result : CellResult
        """
        row = stored_row(cell, result)
        with self._transaction() as connection:
            put_row(connection, row)
            write_history(connection, row, result.history)
            connection.execute("DELETE FROM claims WHERE key = ?", (cell.key,))

    def claim(self, key, owner):
        """Say that a driver is about to compute a cell.

        A claim is a hint, not a lock: a driver puts cells claimed by others last, and then
        computes what is still missing, so the claims of a killed driver block nothing. (Those
        of one on the same machine end when the next run begins.)

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
            done = connection.execute(
                "SELECT code FROM cells WHERE key = ? AND status = 'done'", (key,)
            )
            if any(counts(code, self.code) for (code,) in done):
                return "done"
            connection.execute("INSERT OR IGNORE INTO claims VALUES (?, ?)", (key, owner))
            holder = connection.execute("SELECT owner FROM claims WHERE key = ?", (key,))
            return "mine" if holder.fetchone()[0] == owner else "taken"

    def owners(self):
        """Return the names of the drivers that have claims.

        Returns
        -------
        list of str
        """
        with self._transaction() as connection:
            found = connection.execute("SELECT DISTINCT owner FROM claims ORDER BY owner")
            return [owner for (owner,) in found]

    def release(self, owner):
        """End all claims of a driver.

        Parameters
        ----------
        owner : str
        """
        with self._transaction() as connection:
            connection.execute("DELETE FROM claims WHERE owner = ?", (owner,))

    def read(self, keys=None):
        """Read the file once, for whoever asks for several things.

        Parameters
        ----------
        keys : iterable of str or None, default=None
            Which cells; all where None.

        Returns
        -------
        StoredResults
            With `rows`, `all_rows`, `histories` and `all_histories`, as here.
        """
        with self._transaction(write=False) as connection:
            rows, histories = read_rows(connection, keys), read_histories(connection)
        return StoredResults(rows, histories, self.code)

    def rows(self, keys=None):
        """Return one result a stored cell, JSON columns decoded.

        Of several that count (see `code`): a finished one before a failed one, then one of this
        code, then the latest.

        Parameters
        ----------
        keys : iterable of str or None, default=None
            Which cells; all where None. Cells that are not stored are left out.

        Returns
        -------
        list of dict
            Ordered by data set, recipe, method, repeat and fold.
        """
        return self.read(keys).rows()

    def all_rows(self):
        """Return every stored result, those of one cell by other code too.

        Returns
        -------
        list of dict
            As from :meth:`rows`, then ordered by code.
        """
        return self.read().all_rows()

    def merge(self, rows, histories=None):
        """Take in results of another store, in one transaction.

        A finished cell replaces a failed one of the same code; nothing else is replaced.

        Parameters
        ----------
        rows : iterable of dict
            From :meth:`all_rows` of the other.
        histories : dict or None, default=None
            From :meth:`all_histories` of the other.

        Returns
        -------
        Merged
        """
        with self._transaction() as connection:
            connection.row_factory = sqlite3.Row
            merged = merge_rows(connection, rows)
            put_histories(connection, histories or {})
            return merged

    def histories(self):
        """Return how networks learned, of the cells that have kept it.

        Returns
        -------
        dict of str to history
            Cell keys and :attr:`CellResult.history`, of the results that :meth:`rows` returns.
            Methods that train no network have none, and neither have cells that were written
            before histories were kept.
        """
        return self.read().histories()

    def all_histories(self):
        """Return the histories of all results, by cell key and code."""
        return self.read().all_histories()

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

    def _cannot(self, what, error):
        return (
            f"{self.path} cannot {what}: {error}. Name a file that is a store or does not exist "
            "yet, in a folder that can be written to."
        )
