"""The whole path of a stranger: a wheel in an empty environment, a song, the commands."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import soundfile

from sklearn_mer.datasets import make_quadrant_clips

ROOT = Path(__file__).parents[2]


def run(*command, **variables):
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = inherited | {name: str(value) for name, value in variables.items()}
    command = [str(word) for word in command]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The command of a new environment that has the wheel, and the libraries of this one."""
    folder = tmp_path_factory.mktemp("stranger")
    source = folder / "source"
    shutil.copytree(
        ROOT / "sklearn_mer", source / "sklearn_mer", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    offline = ("--no-deps", "--no-index")
    built = run(*pip, "wheel", *offline, "--no-build-isolation", source, "-w", folder)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    made = run(sys.executable, "-m", "venv", "--without-pip", environment)
    assert made.returncode == 0, made.stderr
    python = environment / "bin" / "python"
    put = run(*pip, "--python", python, "install", *offline, wheel)
    assert put.returncode == 0, put.stderr
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return environment / "bin" / "sklearn-mer"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the folders of an environment have other names")
def test_from_the_wheel_to_an_answer(installed, tmp_path):
    clips = make_quadrant_clips(4, duration=30, sample_rate=22050, random_state=0)
    songs = [tmp_path / "song.mp3", tmp_path / "song.ogg"]
    for song, waveform in zip(songs, clips.data[:2], strict=True):
        soundfile.write(song, waveform, clips.sample_rate)
    caches = {"NUMBA_CACHE_DIR": tmp_path / "numba", "SKLEARN_MER_CACHE": tmp_path / "cache"}

    predicted = run(installed, "predict", *songs, tmp_path / "lost.mp3", "--json", **caches)
    assert predicted.returncode == 1  # one is not there
    *rows, lost = json.loads(predicted.stdout)
    assert [row["path"] for row in rows] == [str(song) for song in songs]
    assert lost["error"] == "no such file"
    assert lost["quadrant"] is None
    for row in rows:
        assert row.keys() == lost.keys()
        proba = {name: row[name] for name in ("Q1", "Q2", "Q3", "Q4")}
        assert sum(proba.values()) == pytest.approx(1, abs=1e-5)
        assert min(proba.values()) >= 0
        assert row["quadrant"] == max(proba, key=proba.get)
        assert row["valence"] == pytest.approx(2 * (row["Q1"] + row["Q4"]) - 1, abs=1e-5)
        assert row["arousal"] == pytest.approx(2 * (row["Q1"] + row["Q2"]) - 1, abs=1e-5)
        assert row["mood_sad"] == row["Q3"]
        assert row["seconds"] == pytest.approx(30, abs=0.1)
        assert row["error"] == ""

    alone = run(installed, "predict", songs[0], "--jsonl", **caches)
    assert alone.returncode == 0, alone.stderr
    assert json.loads(alone.stdout) == rows[0]

    followed = run(installed, "track", songs[0], "--window", "10", **caches)
    assert followed.returncode == 0, followed.stderr
    curve = list(csv.DictReader(io.StringIO(followed.stdout)))
    assert [float(row["start"]) for row in curve] == [0, 5, 10, 15, 20]
    assert all(-1 <= float(row["valence"]) <= 1 for row in curve)

    told = run(installed, "info", "default", **caches)
    assert told.returncode == 0, told.stderr
    assert "EmotionFusion" in told.stdout
