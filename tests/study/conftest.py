import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from sklearn.svm import SVC

# Worker processes import the fakes by this name; they inherit the path.
sys.path.insert(0, str(Path(__file__).parent))

from study_runs import REGISTER, make

from sklearn_mer.study import (
    CellResult,
    CellStore,
    Protocol,
    StudyData,
    StudyMethod,
    plan_cells,
    table1,
)

# As it was written by the first version, which did not note the code.
LAYOUT_1 = """
CREATE TABLE cells (
    key TEXT PRIMARY KEY, method TEXT NOT NULL, recipe TEXT NOT NULL, dataset TEXT NOT NULL,
    groups TEXT, repeat INTEGER NOT NULL, fold INTEGER NOT NULL, seed INTEGER NOT NULL,
    n_splits INTEGER NOT NULL, n_repeats INTEGER NOT NULL, n_train INTEGER NOT NULL,
    n_test INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
    f1_macro REAL, accuracy REAL, f1_per_class TEXT, confusion TEXT, labels TEXT,
    fit_seconds REAL, score_seconds REAL, epochs TEXT, peak_memory_mb REAL,
    device TEXT NOT NULL, traceback TEXT, identity TEXT NOT NULL, params TEXT NOT NULL,
    ended_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX cells_by_row ON cells (dataset, recipe, method);
CREATE TABLE claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
PRAGMA application_id = 1296388657;
PRAGMA user_version = 1;
"""

# The second noted it, and not yet what a search chose.
LAYOUT_2 = (
    LAYOUT_1.replace(
        "key TEXT PRIMARY KEY, method", "key TEXT NOT NULL, code TEXT NOT NULL, method", 1
    )
    .replace("ended_at TEXT NOT NULL", "ended_at TEXT NOT NULL, PRIMARY KEY (key, code)")
    .replace("user_version = 1", "user_version = 2")
)


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch):
    """Reports without pictures, which take seconds; what tests them overrides this."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)


@pytest.fixture
def data():
    """Sixty clips of five numbers that nearly tell their quadrant."""
    rng = np.random.RandomState(0)
    y = np.repeat(["Q1", "Q2", "Q3", "Q4"], 15)
    X = rng.normal(size=(60, 5)) + 0.8 * np.searchsorted(["Q1", "Q2", "Q3", "Q4"], y)[:, None]
    return StudyData("tiny", X, y, groups=np.arange(60) % 20)


@pytest.fixture
def protocol():
    return Protocol(n_splits=3, n_repeats=2)


@pytest.fixture
def store(tmp_path):
    return CellStore(tmp_path / "results" / "table1.sqlite")


@pytest.fixture
def clips(tmp_path):
    """A folder of three classes, told by their pitch, with six clips of three artists each."""
    rng = np.random.RandomState(0)
    time = np.arange(4000) / 8000
    for label, pitch in {"calm": 200, "happy": 800, "sad": 2000}.items():
        for i in range(6):
            path = tmp_path / "clips" / label / f"artist {label} {i % 3}" / f"{i}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            tone = 0.2 * np.sin(2 * np.pi * pitch * time) + 0.05 * rng.normal(size=4000)
            soundfile.write(path, tone, 8000)
    return tmp_path / "clips"


@pytest.fixture
def run(tmp_path, clips, capsys):
    def run(*arguments, dataset=clips, make=make, command=()):
        where = ["--store", str(tmp_path / "s.sqlite"), "--report", str(tmp_path / "report")]
        given = [] if dataset is None else ["--dataset", str(dataset)]
        argv = [*command, *given, *where, "--jobs", "1", "--folds", "3", *map(str, arguments)]
        code = table1(argv, register=REGISTER, make=make)
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return run


def older(layout, folder, store, cells):
    """Return a file of an older layout with two finished cells and one failed, as in `store`."""
    done = CellResult("done", f1_macro=0.5, fit_seconds=1.0, score_seconds=1.0)
    failed = CellResult("failed", traceback="ValueError: no")
    for cell, result in zip(cells, [done, done, failed], strict=False):
        store.record(cell, result)
    path = folder / "old.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(layout)
        columns = ", ".join(row[1] for row in connection.execute("PRAGMA table_info(cells)"))
        connection.execute("ATTACH ? AS new", (str(store.path),))
        connection.execute(f"INSERT INTO cells SELECT {columns} FROM new.cells")
    connection.close()
    return path


@pytest.fixture
def layout_1(data, protocol, store, tmp_path):
    """A store of the first layout."""
    return older(LAYOUT_1, tmp_path, store, plan_cells([StudyMethod("svm", SVC())], data, protocol))


@pytest.fixture
def layout_2(data, protocol, store, tmp_path):
    """A store of the second layout."""
    return older(LAYOUT_2, tmp_path, store, plan_cells([StudyMethod("svm", SVC())], data, protocol))
