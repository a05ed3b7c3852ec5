import sys
from pathlib import Path

import numpy as np
import pytest

# Worker processes import the fakes by this name; they inherit the path.
sys.path.insert(0, str(Path(__file__).parent))

from sklearn_mer.study import CellStore, Protocol, StudyData


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
