"""The layout of a store's file."""

SCHEMA_VERSION = 3
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
    best_params TEXT,
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
# Columns that an older layout has not got, and what stands there for its cells. Layout 1 did not
# note the code, layouts 1 and 2 not the settings that a search chose.
LACKING = {1: {"code": "''", "best_params": "'null'"}, 2: {"best_params": "'null'"}}
# These columns hold JSON text.
JSON_COLUMNS = (
    "f1_per_class",
    "confusion",
    "labels",
    "epochs",
    "best_params",
    "identity",
    "params",
)


def migration(layout):
    """Return the statements that bring the cells of an older layout to this one."""
    values = ", ".join(LACKING[layout].get(name, name) for name in COLUMNS)
    return f"""
DROP INDEX cells_by_row;
ALTER TABLE cells RENAME TO cells_{layout};
{CELLS}
INSERT INTO cells SELECT {values} FROM cells_{layout};
DROP TABLE cells_{layout};
"""
