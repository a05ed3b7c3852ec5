import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

# Worker processes import the fakes by this name; they inherit the path.
sys.path.insert(0, str(Path(__file__).parent))

from study_runs import available

from sklearn_mer.study import CellResults, Protocol, StudyData, table1


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
def results(tmp_path):
    return CellResults(tmp_path / "results")


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
    def run(*arguments, dataset=clips, available=available, command=()):
        where = ["--results", str(tmp_path / "results"), "--report", str(tmp_path / "report")]
        given = [] if dataset is None else ["--dataset", str(dataset)]
        argv = [*command, *given, *where, "--jobs", "1", "--folds", "3", *map(str, arguments)]
        code = table1(argv, available=available)
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return run
