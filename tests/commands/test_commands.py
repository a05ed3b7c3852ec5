"""The command line, from words to files, printed rows and exit statuses."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer import SummaryFeatures, load_model, predict_over_time, predict_songs, save_model

RATE = 16000
COLUMNS = ["path", "quadrant", "Q1", "Q2", "Q3", "Q4", "valence", "arousal"]
COLUMNS += ["familiarity", "seconds"]
COLUMNS += ["mood_happy", "mood_aggressive", "mood_sad", "mood_relaxed", "model", "error"]


@pytest.fixture(scope="module")
def place(clips, knowing, tmp_path_factory):
    """Models, a folder with two songs and an empty file, and noise."""
    place = tmp_path_factory.mktemp("place")
    save_model(knowing, place / "knowing.mer")
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, RATE // 2)
    soundfile.write(place / "noise.wav", noise, RATE)
    X, y = clips
    pipeline = make_pipeline(SummaryFeatures(duration=2.0), StandardScaler(), LogisticRegression())
    save_model(pipeline.fit(X, y), place / "my.mer")
    save_model(pipeline.fit(X, np.where(y < "Q3", "x", "y")), place / "other.mer")
    (place / "music" / "album").mkdir(parents=True)
    soundfile.write(place / "music" / "a.wav", X[0], RATE)
    soundfile.write(place / "music" / "album" / "b.flac", X[:2].ravel(), RATE)
    (place / "music" / "broken.mp3").write_bytes(b"")
    return place


@pytest.fixture
def run(place, monkeypatch, call):
    """Run a command in the folder, as `call` does."""
    monkeypatch.chdir(place)
    return call


PREDICT = ("predict", "music", "--model", "my.mer")


def test_one_schema_and_the_numbers_of_predict_songs(run, tmp_path):
    table = tmp_path / "a" / "songs.csv"
    status, _, errors = run(*PREDICT, "--csv", table)
    assert status == 1
    assert f"1 of 3 songs could not be used: see the column error of {table}." in errors
    found = pd.read_csv(table)
    assert found.columns.tolist() == COLUMNS
    names = ["music/a.wav", "music/broken.mp3", "music/album/b.flac"]
    assert found["path"].tolist() == names
    expected = predict_songs(load_model("my.mer"), names)
    ours = found[["Q1", "Q2", "Q3", "Q4", "valence", "arousal", "seconds"]].to_numpy()
    theirs = expected[["Q1", "Q2", "Q3", "Q4", "valence", "arousal", "seconds"]].to_numpy(float)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert found["quadrant"].dropna().tolist() == expected["predicted"].dropna().tolist()
    np.testing.assert_array_equal(found[COLUMNS[10:14]], found[COLUMNS[2:6]])
    assert found["familiarity"].isna().all()  # a pipeline does not tell it
    assert found["error"].fillna("").tolist() == ["", "the file is empty (0 bytes)", ""]
    status, output, errors = run(*PREDICT, "--json")
    assert status == 1
    assert "1 of 3 songs could not be used" in errors
    rows = json.loads(output)
    listed = pd.DataFrame(rows)[COLUMNS].astype(object)
    assert listed.where(listed.notna(), "").to_csv() == found.astype(object).fillna("").to_csv()
    assert rows[1]["Q1"] is None
    lines = run(*PREDICT, "--jsonl")[1].splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_all_songs_could_be_used(run):
    status, output, _ = run("predict", "music/a.wav", "music/a.wav", "--model", "my.mer")
    assert status == 0
    assert output.count("\n") == 1  # given twice, predicted once
    assert output.startswith("Q")
    assert "valence" in output
    assert "0:02  music/a.wav" in output


def test_familiarity(run, tmp_path):
    words = ["predict", "noise.wav", "music/a.wav", "--model", "knowing.mer"]
    words += ["--hop", "0.25", "--jsonl"]
    status, output, errors = run(*words)
    rows = [json.loads(line) for line in output.splitlines()]
    expected = predict_songs(load_model("knowing.mer"), ["noise.wav", "music/a.wav"], hop=0.25)
    found = [row["familiarity"] for row in rows]
    np.testing.assert_allclose(found, expected["familiarity"], atol=1e-6)
    assert found[0] < 0.05 < found[1]
    assert (status, "unlike" in errors) == (0, False)  # one of two is not most
    assert "The song is unlike the music that" in run("track", *words[1:2], *words[3:7])[2]
    words[-1:] = ["--csv", str(tmp_path / "songs.csv")]
    run(*words[:2], *words[3:])
    assert "unlike" not in run(*words, "--resume")[2]
    words[1:3] = ["noise.wav", "./noise.wav", "music/a.wav"]
    assert "2 of 3 songs are unlike the music" in run(*words, "--resume")[2]
    assert "familiarity 0.00  " in run(*words[:1], *words[1:2], *words[4:6])[1]


def test_resume_adds_what_is_missing(run, tmp_path):
    table = tmp_path / "songs.csv"
    run(*PREDICT, "--csv", table)
    whole = table.read_text()
    status, _, errors = run(*PREDICT, "--csv", table)
    assert status == 2
    assert "--resume adds what it lacks" in errors
    for kept in (1, len(whole.splitlines(True)[0]) + 9, len(whole) - 5, len(whole), 0):
        table.write_text(whole[:kept])
        assert run(*PREDICT, "--csv", table, "--resume")[0] == 1
        assert table.read_text() == whole
    before = table.stat().st_mtime_ns
    status, _, errors = run(*PREDICT, "--csv", table, "--resume", "--hop", "1.5")
    assert status == 2
    assert "another model, --window or --hop" in errors
    assert table.stat().st_mtime_ns == before
    table.write_text("a,b\n1,2\n")
    assert "no table of sklearn-mer predict" in run(*PREDICT, "--csv", table, "--resume")[2]
    assert table.read_text() == "a,b\n1,2\n"


@pytest.mark.parametrize("how", ["csv", "json", "jsonl"])
def test_after_ctrl_c_what_is_written_can_be_read(how, run, tmp_path, monkeypatch):
    from sklearn_mer.commands import _predict

    def stopped(*args, **options):
        songs = iter(original(*args, **options))

        def some():
            yield next(songs)
            raise KeyboardInterrupt

        return some()

    original = _predict.iter_songs
    monkeypatch.setattr(_predict, "iter_songs", stopped)
    table = tmp_path / "songs.csv"
    status, output, _ = run(*PREDICT, *(["--csv", table] if how == "csv" else [f"--{how}"]))
    assert status == 130
    if how == "csv":
        with open(table, newline="") as file:
            assert [row["path"] for row in csv.DictReader(file)] == ["music/a.wav"]
    else:
        rows = json.loads(output)
        assert (rows[0] if how == "json" else rows)["path"] == "music/a.wav"


def test_playlists_odd_names_and_files_that_are_not_there(run, place):
    (place / "list.m3u").write_text("music/a.wav\nhttp://radio.example/live\n")
    (place / "=1+1.wav").write_bytes((place / "music" / "a.wav").read_bytes())
    words = ["list.m3u", "=1+1.wav", "lost\n.mp3", "--model", "my.mer", "--jsonl"]
    rows = [json.loads(line) for line in run("predict", *words)[1].splitlines()]
    assert [row["path"] for row in rows] == [
        "music/a.wav",
        "http://radio.example/live",
        "./=1+1.wav",
        "lost\\n.mp3",
    ]
    assert [row["error"] for row in rows] == ["", "no such file", "", "no such file"]


def test_track(run, tmp_path):
    song = "music/album/b.flac"
    status, output, _ = run("track", song, "--model", "my.mer", "--hop", "1.5")
    assert status == 0
    curve = predict_over_time(load_model("my.mer"), song, hop=1.5)
    assert output == curve.round(6).to_csv(index=False)
    table, picture = tmp_path / "b.csv", tmp_path / "b.png"
    words = ["track", song, "--model", "my.mer", "--csv", table, "--plot", picture]
    assert run(*words)[:2] == (0, "")
    assert len(pd.read_csv(table)) == 4
    assert picture.read_bytes().startswith(b"\x89PNG")
    status, _, errors = run("track", "music/broken.mp3", "--model", "my.mer")
    assert (status, errors) == (1, "music/broken.mp3: the file is empty (0 bytes)\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: COMMAND"),
        (["predcit", "a"], "Did you mean 'predict'"),
        (["predict", "a.mp3", "--model", " "], "is empty; give a value"),
        (["predict", "--model", "my.mer"], "SONG|FOLDER|PLAYLIST"),
        ([*PREDICT, "--resume"], "name it with --csv"),
        ([*PREDICT, "--json", "--jsonl"], "not allowed with"),
        ([*PREDICT, "--jobs", "0"], "whole number from 1 on, got '0'"),
        ([*PREDICT, "--hop", "nan"], "above 0, got 'nan'"),
        ([*PREDICT, "--window", "9"], "hears 2 s of a clip"),
        (["predict", "lost", "--csv", "lost.csv"], "lost: no such folder."),
        (["predict", "lost.m3u", "--csv", "lost.csv"], "lost.m3u: no such playlist."),
        (["predict", "a.mp3", "--model", "none.mer"], "none.mer: No such file"),
        (["predict", "a.mp3", "--model", "music/a.wav"], "music/a.wav cannot be loaded"),
        (["predict", "a.mp3", "--model", "other.mer"], "with the classes ['x', 'y']"),
        (["track", "music/a.wav", "--model", "my.mer", "--plot", "a.gif"], "pictures are .png"),
    ],
)
def test_wrong_uses(words, message, run):
    status, output, errors = run(*words)
    assert status == 2
    assert message in errors
    assert output == ""
    assert not Path("lost.csv").exists()  # it would be in the way of the right command


def test_the_study_has_its_commands(run):
    status, _, errors = run("status", "--results", "nowhere")
    assert status == 2
    assert "no folder nowhere" in errors


def test_help_imports_nothing_large(run):
    words = "import sys; from sklearn_mer.commands import main; main(['predict', '--help'])"
    check = f"try:\n {words}\nexcept SystemExit: print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert "valence, arousal" in done.stdout
    assert {"numpy", "pandas", "sklearn", "torch"}.isdisjoint(done.stdout.split())
    assert "table1" in run("--help")[1]
