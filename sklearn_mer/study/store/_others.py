"""Stored cells of a table's rows that the table leaves out."""

from ..cells._digest import canonical_json


def count_others(cells, store):
    """Return how many stored cells are of a plan's rows but of other settings or versions.

    Parameters
    ----------
    cells : sequence of Cell
    store : CellStore

    Returns
    -------
    int
    """
    ours = {_settings(cell.identity) for cell in cells}
    rows = {_row_of(cell.identity) for cell in cells}
    others = {
        row["key"]
        for row in store.all_rows()
        if _row_of(row["identity"]) in rows and _settings(row["identity"]) not in ours
    }
    return len(others)


def _row_of(identity):
    return tuple(identity[name] for name in ("method", "recipe", "dataset", "groups"))


def _settings(identity):
    kept = [identity[name] for name in ("data", "parameters", "versions")]
    return (*_row_of(identity), canonical_json(kept))
