"""Rows of the store: made of a cell and its result, written, read."""

import json
from datetime import UTC, datetime

from ..cells._code import code_digest
from ..cells._digest import canonical_json
from ..cells._methods import method_parameters
from ._schema import JSON_COLUMNS


def stored_row(cell, result):
    """Return a cell and its result as a row of the store, by column."""
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
        "code": result.code or code_digest(),
        "identity": cell.identity,
        "params": method_parameters(cell.method),
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return encoded_row(values)


def encoded_row(row):
    """Return a row with its JSON columns as text."""
    return {**row, **{name: canonical_json(row[name]) for name in JSON_COLUMNS}}


def put_row(connection, row):
    """Write a row, unless a finished cell is in its place."""
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    updates = ", ".join(f"{name} = excluded.{name}" for name in row)
    connection.execute(
        f"INSERT INTO cells ({names}) VALUES ({marks}) ON CONFLICT (key, code) "
        f"DO UPDATE SET {updates} WHERE cells.status = 'failed'",
        row,
    )


def read_rows(connection, keys=None):
    """Return the rows of some cells, all where None, in the order of a table; JSON stays text."""
    wanted = None if keys is None else set(keys)
    found = connection.execute(
        "SELECT * FROM cells ORDER BY dataset, recipe, method, repeat, fold, key, code"
    )
    names = [column[0] for column in found.description]
    rows = (dict(zip(names, values, strict=True)) for values in found)
    return [row for row in rows if wanted is None or row["key"] in wanted]


def rank(row):
    """Return what is larger for that of several results of a cell that counts."""
    return row["status"] == "done", row["code"] == code_digest(), row["ended_at"]


def decoded_row(row):
    """Return a row with its JSON columns decoded."""
    return row | {name: json.loads(row[name]) for name in JSON_COLUMNS}
