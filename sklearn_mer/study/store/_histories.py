"""Histories of training in a store: a table of their own, beside the cells.

It is made when the first history is written, and the store's layout stays what it was: a store
without it is one whose cells were computed before histories were kept.
"""

import json

_TABLE = (
    "CREATE TABLE IF NOT EXISTS histories (key TEXT NOT NULL, code TEXT NOT NULL, "
    "history TEXT NOT NULL, PRIMARY KEY (key, code))"
)


def write_history(connection, row, history):
    """Write the history of a cell, in the transaction that writes the cell.

    Parameters
    ----------
    connection : sqlite3.Connection
    row : dict
        The cell's row of the store.
    history : list of dict, dict of list of dict, or None
        None writes nothing. As of cells, the first that is written stays.
    """
    if history is not None:
        put_histories(connection, {(row["key"], row["code"]): history})


def put_histories(connection, histories):
    """Write histories by cell key and code, but where there is one already.

    Parameters
    ----------
    connection : sqlite3.Connection
    histories : dict
    """
    connection.execute(_TABLE)
    for (key, code), history in histories.items():
        # Not in canonical form: stages keep the order in which they were trained.
        text = json.dumps(history, separators=(",", ":"))
        connection.execute("INSERT OR IGNORE INTO histories VALUES (?, ?, ?)", (key, code, text))


def read_histories(connection):
    """Return the histories of all cells that have one, by key and code, as JSON.

    Parameters
    ----------
    connection : sqlite3.Connection

    Returns
    -------
    dict of (str, str) to str
    """
    there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'histories'"
    if connection.execute(there).fetchone() is None:
        return {}
    rows = connection.execute("SELECT key, code, history FROM histories")
    return {(key, code): history for key, code, history in rows}
