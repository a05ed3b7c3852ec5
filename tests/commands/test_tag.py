"""``sklearn-mer tag``: what it prints, writes and takes back."""

import csv
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from sklearn_mer.commands import _tag
from sklearn_mer.commands._options import TAGS
from sklearn_mer.songs import Song
from sklearn_mer.songs._hearing import Windows
from sklearn_mer.tags import KINDS, read_fields

RATE = 16000
NUMBERS = {"Q1": 0.7, "Q2": 0.1, "Q3": 0.05, "Q4": 0.15, "valence": 0.7, "arousal": 0.6}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with three songs and a table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "music").mkdir()
    sound = np.random.RandomState(0).uniform(-0.5, 0.5, RATE)
    rows = [{"path": "music/a.mp3", "quadrant": "Q1", **NUMBERS, "error": ""}]
    rows.append({"path": str(tmp_path / "music" / "b.flac"), "quadrant": "Q3", **NUMBERS})
    rows.append({"path": "music/c.wav", "error": "is silent"})
    for row in rows:
        soundfile.write(row["path"], sound, RATE)
    with open("moods.csv", "w", newline="") as file:
        table = csv.DictWriter(file, ["path", "quadrant", *NUMBERS, "error"])
        table.writeheader()
        table.writerows(rows)
    return tmp_path


@pytest.fixture
def run(place, call):
    """Run ``tag`` with a journal in the folder, as `call` does."""
    return partial(call, "tag", "--journal", "journal.jsonl")


def contents(place):
    return {path.name: path.read_bytes() for path in (place / "music").iterdir()}


def test_shown_written_shown_again_and_taken_back(run, place):
    before = contents(place)
    words = ("music", "--from", "moods.csv", "--fields", "mood")
    status, output, errors = run(*words)
    assert status == 1
    assert output.splitlines() == [
        "music/a.mp3: would set MOOD=Happy",
        "music/b.flac: would set MOOD=Sad",
        "music/c.wav: left alone: is silent",
    ]
    summary = "2 of 3 songs would be tagged, 1 left alone. Nothing is written without --write.\n"
    assert errors == summary
    assert contents(place) == before
    assert not (place / "journal.jsonl").exists()
    status, output, errors = run(*words, "--write")
    assert "music/a.mp3: set MOOD=Happy\n" in output
    assert errors == "2 of 3 songs tagged, 1 left alone.\n"
    assert read_fields("music/b.flac") == {"MOOD": "Sad"}
    output, errors = run(*words, "--write")[1:]
    assert "music/a.mp3: has MOOD=Happy" in output
    assert errors == "0 of 3 songs tagged, 2 had all fields, 1 left alone.\n"
    status, output, errors = run("music", "--undo")
    assert status == 0
    assert output.splitlines()[0] == "music/a.mp3: would be as before it was tagged (once)"
    assert contents(place) != before
    status, output, errors = run("music", "--undo", "--write")
    assert errors == "2 of 3 songs taken back, 1 have nothing to take back.\n"
    assert contents(place) == before


def test_what_others_wrote_stays_without_overwrite(run):
    run("music/a.mp3", "--from", "moods.csv", "--fields", "mood", "--write")
    with open("moods.csv") as file:
        changed = file.read().replace("a.mp3,Q1", "a.mp3,Q2")
    with open("moods.csv", "w") as file:
        file.write(changed)
    words = ("music/a.mp3", "--from", "moods.csv", "--write")
    status, output, _ = run(*words)
    assert status == 0
    assert output.endswith("VALENCE=0.7000, AROUSAL=0.6000; keeps MOOD=Happy\n")
    assert run(*words, "--overwrite")[1] == "music/a.mp3: set MOOD=Aggressive\n"
    assert run("music/a.mp3", "--undo", "--write")[1].endswith("(3 times)\n")


def test_unfamiliar_songs_are_not_tagged_unless_it_is_said(run):
    with open("moods.csv", "w") as file:
        file.write("path,quadrant,familiarity,error\nmusic/a.mp3,Q1,0.0123,\nmusic/b.flac,Q1,,\n")
    words = ("music/a.mp3", "music/b.flac", "--from", "moods.csv", "--fields", "mood")
    status, output, errors = run(*words)
    assert status == 0
    assert output.splitlines() == [
        "music/a.mp3: not tagged: its familiarity is 0.012",
        "music/b.flac: would set MOOD=Happy",
    ]
    assert "1 unlike the music that the model was trained on (familiarity below 0.05;" in errors
    assert "music/a.mp3: would set MOOD=Happy" in run(*words, "--unfamiliar")[1]


def test_songs_without_a_row(run):
    status, output, _ = run("music/a.mp3", "lost.mp3", "moods.csv", "--from", "moods.csv")
    assert status == 1
    assert "lost.mp3: left alone: no such file\n" in output
    assert "moods.csv: left alone: tags of such files are not known" in output
    with open("moods.csv", "w") as file:
        file.write("path,quadrant,error\n")
    assert run("music/a.mp3", "--from", "moods.csv")[1].endswith("moods.csv has no row of it\n")


def test_only_songs_that_can_be_tagged_are_heard(run, place, monkeypatch):
    def hear(model, paths, **how):
        assert how == {"window": None, "hop": None, "n_jobs": 2}
        heard.extend(paths)
        shares = np.array([0.2, 0.8])
        yield Song(heard[-2], "Q3", shares, 1.0)
        yield Song(heard[-1], None, shares, 1.0, "stops\nearly")

    heard = []
    model = SimpleNamespace(classes_=np.array(["Q1", "Q3"]))
    monkeypatch.setattr(_tag, "open_model", lambda name: model)
    monkeypatch.setattr(_tag, "check_window", lambda *args: Windows(30.0, 15.0, True))
    monkeypatch.setattr(_tag, "iter_songs", hear)
    (place / "music" / "c.wav").chmod(0o444)
    status, output, _ = run("music", "--write", "--jobs", "2")
    assert status == 1
    assert output.splitlines() == [
        "music/c.wav: left alone: is read-only",
        "music/a.mp3: set MOOD=Sad, MOOD_HAPPY=0.2000, MOOD_AGGRESSIVE=0.0000, MOOD_SAD=0.8000, "
        "MOOD_RELAXED=0.0000, VALENCE=-0.6000, AROUSAL=-0.6000",
        "music/b.flac: left alone: stops early",
    ]
    assert run("music/a.mp3", "--model", "any")[0] == 0
    assert heard == ["music/a.mp3", "music/b.flac"]  # of a song that has all fields, nothing


@pytest.mark.slow  # the ready model hears
def test_a_song_is_heard_by_the_ready_model(run, place):
    assert run("music/a.mp3", "--write", "--unfamiliar")[0] == 0
    found = read_fields("music/a.mp3")
    shares = [float(found[f"MOOD_{word}"]) for word in ("HAPPY", "AGGRESSIVE", "SAD", "RELAXED")]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    assert float(found["VALENCE"]) == pytest.approx(2 * (shares[0] + shares[3]) - 1, abs=1e-3)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["music", "--fields", "moods"], "must be of mood,numbers, got 'moods'"),
        (["music", "--undo", "--overwrite"], "goes without --overwrite"),
        (["music", "--journal", "music", "--write"], "the journal music cannot be written"),
        (["music", "--journal", "music", "--undo"], "the journal music cannot be read"),
        (["music", "--from", "lost.csv"], "lost.csv: No such file"),
        (["music", "--from", "music/a.mp3"], "music/a.mp3 is no table of text"),
        (["music", "--from", "journal.csv"], "it has no column quadrant, error."),
        ([], "SONG|FOLDER|PLAYLIST"),
    ],
)
def test_wrong_uses(words, message, run, place):
    (place / "journal.csv").write_text("path,label\n")
    status, output, errors = run(*words)
    assert status == 2
    assert message in errors
    assert output == ""


def test_the_options_know_the_kinds_of_fields():
    assert tuple(KINDS) == TAGS
