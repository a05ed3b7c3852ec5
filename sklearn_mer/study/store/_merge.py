"""The results of one store taken into another."""

from dataclasses import dataclass, field

from ._rows import encoded_row, put_row


@dataclass
class Merged:
    """What became of the results of another store.

    Attributes
    ----------
    n_added : int
        Were not here.
    n_beside : int
        Of these, results by other code of a cell that is here; both are kept.
    n_mended : int
        Failed here and were done there.
    n_same : int
        Are here with the same score.
    n_failed : int
        Failed there, and are here.
    conflicts : list of str
        Are here with another score, by the same code: ours was kept.
    """

    n_added: int = 0
    n_beside: int = 0
    n_mended: int = 0
    n_same: int = 0
    n_failed: int = 0
    conflicts: list = field(default_factory=list)


def merge_rows(connection, rows):
    """Write the results that are missing or that mend a failed cell.

    Parameters
    ----------
    connection : sqlite3.Connection
        Of the store that takes them, in a transaction.
    rows : iterable of dict
        Decoded rows.

    Returns
    -------
    Merged
    """
    merged = Merged()
    for row in rows:
        here = connection.execute(
            "SELECT code, status, f1_macro FROM cells WHERE key = ?", (row["key"],)
        ).fetchall()
        ours = next((other for other in here if other["code"] == row["code"]), None)
        _count(merged, row, ours, beside=bool(here))
        if ours is None or row["status"] == "done":
            put_row(connection, encoded_row(row))
    return merged


def _count(merged, row, ours, *, beside):
    if ours is None:
        merged.n_added += 1
        merged.n_beside += beside
    elif row["status"] == "failed":
        merged.n_failed += 1
    elif ours["status"] == "failed":
        merged.n_mended += 1
    elif ours["f1_macro"] == row["f1_macro"]:
        merged.n_same += 1
    else:
        merged.conflicts.append(
            f"{row['method']} ({row['recipe']}) repeat {row['repeat']} fold {row['fold']} on "
            f"{row['dataset']}: F1 {100 * ours['f1_macro']:.2f} % here, "
            f"{100 * row['f1_macro']:.2f} % there"
        )
