"""A file made a store, or one of an older layout brought to this one."""

from ._error import StoreError
from ._schema import APPLICATION_ID, LACKING, SCHEMA_VERSION, TABLES, migration


def prepare(connection, path):
    """Make the tables of a store where there are none, and bring older ones to this layout.

    Parameters
    ----------
    connection : sqlite3.Connection
        In a transaction: all of it is done, or nothing.
    path : Path
        For messages.

    Raises
    ------
    StoreError
        If the file is a database of another program, or has a newer layout.
    """
    application, layout = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    )
    if application == APPLICATION_ID:
        _migrate(connection, path, layout)
        return
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(
            f"{path} is a database of another program, not a store. Name another file."
        )
    _execute(connection, TABLES)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _migrate(connection, path, layout):
    if layout == SCHEMA_VERSION:
        return
    if layout not in LACKING:
        raise StoreError(
            f"{path} is a store of layout {layout}, and this version reads and writes "
            f"layout {SCHEMA_VERSION}. Name another file, or use the version that wrote it."
        )
    _execute(connection, migration(layout))
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _execute(connection, script):
    # Not executescript, which would commit the transaction that this is a part of.
    for statement in filter(str.strip, script.split(";")):
        connection.execute(statement)
