"""The layout of a store's file."""

SCHEMA_VERSION = 2
# Written into the file's header, so that another program's database is told from a store.
APPLICATION_ID = 0x4D455231  # "MER1"

CELLS = """
CREATE TABLE cells (
    key TEXT NOT NULL,
    code TEXT NOT NULL,
    method TEXT NOT NULL,
    recipe TEXT NOT NULL,
    dataset TEXT NOT NULL,
    groups TEXT,
    repeat INTEGER NOT NULL,
    fold INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    n_splits INTEGER NOT NULL,
    n_repeats INTEGER NOT NULL,
    n_train INTEGER NOT NULL,
    n_test INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
    f1_macro REAL,
    accuracy REAL,
    f1_per_class TEXT,
    confusion TEXT,
    labels TEXT,
    fit_seconds REAL,
    score_seconds REAL,
    epochs TEXT,
    peak_memory_mb REAL,
    device TEXT NOT NULL,
    traceback TEXT,
    identity TEXT NOT NULL,
    params TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    PRIMARY KEY (key, code)
) WITHOUT ROWID;
CREATE INDEX cells_by_row ON cells (dataset, recipe, method);
"""
CLAIMS = """
CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    owner TEXT NOT NULL
) WITHOUT ROWID;
"""
TABLES = CELLS + CLAIMS
COLUMNS = tuple(line.split()[0] for line in CELLS.splitlines() if line.startswith("    "))[:-1]
# Layout: what makes the next one of it, in one transaction. Layout 1 did not note the code.
MIGRATIONS = {
    1: f"""
DROP INDEX cells_by_row;
ALTER TABLE cells RENAME TO cells_1;
{CELLS}
INSERT INTO cells SELECT key, '', {", ".join(COLUMNS[2:])} FROM cells_1;
DROP TABLE cells_1;
"""
}
# These columns hold JSON text.
JSON_COLUMNS = ("f1_per_class", "confusion", "labels", "epochs", "identity", "params")
