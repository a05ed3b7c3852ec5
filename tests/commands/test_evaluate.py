"""Models and songs whose classes are known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.metrics import accuracy_score, f1_score

from sklearn_mer import predict_songs, save_model
from sklearn_mer.datasets import load_folder


@pytest.fixture(scope="module")
def model(knowing, music):
    """The path of a model."""
    return save_model(knowing, music / "knowing.mer")


def test_scores(command, model, knowing, tmp_path):
    table = tmp_path / "a.csv"
    status, output, errors = command("evaluate", model, "songs", "--csv", table)
    assert status == 0
    assert "warning" not in errors
    data = load_folder("songs")
    expected = predict_songs(knowing, data.data)
    found = pd.read_csv(table)
    columns = ["path", "label", "predicted", "Q1", "Q2", "Q3", "Q4", "familiarity", "seconds"]
    assert found.columns.tolist() == [*columns, "error"]
    numbers = ["Q1", "Q2", "Q3", "Q4", "familiarity", "seconds"]
    np.testing.assert_allclose(found[numbers], expected[numbers], atol=1e-6)
    true, predicted = data.target.tolist(), expected["predicted"].tolist()
    assert found["predicted"].tolist() == predicted
    macro = f1_score(true, predicted, average="macro")
    assert f"accuracy           {100 * accuracy_score(true, predicted):.1f} %" in output
    assert f"macro F1           {100 * macro:.1f} % (95 % interval: " in output
    assert "bootstrap of songs" in output
    assert "calibration error  0." in output
    assert "unfamiliar         0 of 12 songs (below 0.05)" in output
    last = output.splitlines()[-1].split()
    assert last[0] == "Q4"
    assert sum(map(int, last[1:])) == 3
    assert "is there. Delete it" in command("evaluate", model, "songs", "--csv", table)[2]
    assert "bootstrap of groups of songs" in command("evaluate", model, "songs.csv")[1]


def test_of_its_own_training_clips(command, knowing, tmp_path):
    data = load_folder("songs")
    path = save_model(knowing, tmp_path / "a.mer", training_data=(data.data, data.target))
    assert "the model was trained on these very clips" in command("evaluate", path, "songs")[2]
    Path("two.csv").write_text("path,label\nsongs/Q1/0.wav,Q1\nsongs/Q2/0.wav,Q2\n")
    _, output, errors = command("evaluate", path, "two.csv")
    assert "very clips" not in errors
    # Classes that are not there have no F1.
    assert "Q3 " not in next(line for line in output.splitlines() if line.startswith("F1 of"))


def test_songs_that_cannot_be_used(command, model, music, tmp_path):
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 4000)
    soundfile.write(music / "noise.wav", noise, 16000)
    (music / "empty.wav").write_bytes(b"")
    names = ["songs/Q1/0.wav,Q1", "empty.wav,Q1", "noise.wav,Q2"]
    (music / "odd.csv").write_text("\n".join(["path,label", *names]))
    status, output, errors = command("evaluate", model, "odd.csv")
    assert status == 1
    assert "left out" in errors
    assert "empty.wav: the file is empty" in errors
    assert output.startswith("2 clips: 1 Q1, 1 Q2\n")
    assert "unfamiliar         1 of 2 songs" in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.mer", "songs"], "none.mer: No such file"),
        (["knowing.mer", "nowhere"], "There is no nowhere"),
        (["knowing.mer", "moods.csv"], "not those of 2 of 3 songs: 2 calm"),
    ],
)
def test_wrong_uses(words, message, command, model, music):
    rows = ["path,label", "songs/Q1/0.wav,Q1", "songs/Q2/0.wav,calm", "songs/Q2/1.wav,calm"]
    (music / "moods.csv").write_text("\n".join(rows))
    status, _, errors = command("evaluate", *words)
    assert status == 2
    assert message in errors
