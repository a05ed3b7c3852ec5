"""Models of one's own clips."""

import os

import numpy as np
import pytest

from sklearn_mer import SummaryFeatures, SVMBaseline, load_model
from sklearn_mer.commands import _train
from sklearn_mer.datasets import load_folder
from sklearn_mer.methods import Method
from sklearn_mer.model_selection import RepeatedStratifiedGroupKFold
from sklearn_mer.models import model_info


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A quick method in the place of the register."""
    methods = {
        "svm": SVMBaseline(features=SummaryFeatures(duration=0.25)),
        "fusion": SVMBaseline(),
        "openl3": SVMBaseline(),
    }
    methods["fusion"].columns = "auto"
    weights = {"openl3": "openl3_mel256_music"}
    rows = {key: Method(key, one, weights=weights.get(key)) for key, one in methods.items()}
    monkeypatch.setattr(_train, "available_methods", lambda: rows)


def test_a_folder(command, tmp_path):
    out = tmp_path / "a b.mer"
    status, output, errors = command("train", "songs", "--out", out, "--folds", "3", "--jobs", "2")
    assert (status, errors) == (0, "")
    assert output.startswith("12 clips: 3 Q1, 3 Q2, 3 Q3, 3 Q4\n")
    assert "fold 3 of 3: macro F1" in output
    assert "No groups are known" in output
    assert f"predict SONG|FOLDER --model '{out}'" in output
    assert "needs at least 100 clips" in output
    model = load_model(out)
    assert model.n_jobs is None
    X, y = load_folder("songs", return_X_y=True)
    expected = SVMBaseline(features=SummaryFeatures(duration=0.25), random_state=0).fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), expected.predict_proba(X))
    card = model_info(out)["card"]
    assert card["method"] == "svm (svm)"
    found = card["cross-validation"]
    assert set(found["F1 of each class"]) == {"Q1", "Q2", "Q3", "Q4"}
    assert f"Macro F1: {found['macro F1 in percent']:.1f} %" in output
    assert 0 <= found["macro F1 in percent"] <= 100
    assert found["folds"] == "3, at random"
    assert "is there. Delete it" in command("train", "songs", "--out", out)[2]


def test_short_clips_are_told_of_once(command, tmp_path, monkeypatch, recwarn):
    monkeypatch.setattr("sklearn_mer.audio._short._is_told", False)
    rows = {"svm": Method("svm", SVMBaseline(features=SummaryFeatures()))}
    monkeypatch.setattr(_train, "available_methods", lambda: rows)
    assert command("train", "songs", "--out", tmp_path / "a.mer", "--folds", "2")[0] == 0
    assert sum("clips are shorter than 5 s" in str(one.message) for one in recwarn) == 1


def test_groups_are_kept_together(command, tmp_path, monkeypatch):
    seen = []
    original = RepeatedStratifiedGroupKFold.split
    monkeypatch.setattr(
        RepeatedStratifiedGroupKFold,
        "split",
        lambda self, X, y, groups: seen.append(groups.tolist()) or original(self, X, y, groups),
    )
    words = ["train", "songs.csv", "--folds", "2", "--out"]
    status, output, errors = command(*words, tmp_path / "a.mer", "--groups", "artist")
    assert (status, errors) == (0, "")
    assert "2 folds, each of the 8 groups in one of them" in output
    assert "No groups are known" not in output
    assert command(*words, tmp_path / "b.mer")[0] == 0  # the column "group"
    assert [len(set(groups)) for groups in seen] == [8, 12]


def test_clips_that_cannot_be_used(command, music, tmp_path):
    bad = music / "songs" / "Q2" / "bad.wav"
    bad.write_bytes(b"")
    try:
        words = ["train", "songs", "--folds", "2", "--out", tmp_path / "a.mer"]
        status, _, errors = command(*words)
        assert status == 2
        assert "bad.wav: the file is empty" in errors
        assert "--on-error skip" in errors
        status, output, errors = command(*words, "--on-error", "skip")
        assert status == 0
        assert errors == f"left out: {bad}: the file is empty (0 bytes)\n"
        assert "12 clips" in output
    finally:
        bad.unlink()


def test_classes_that_are_no_quadrants(command, music, tmp_path):
    lines = (music / "songs.csv").read_text().replace(",Q1,", ",loud,").splitlines()
    table = music / "loud.csv"
    table.write_text("\n".join(line for line in lines if ",Q2," not in line))
    _, output, _ = command("train", table, "--folds", "2", "--out", tmp_path / "a.mer")
    assert "sklearn-mer predict is for the quadrants" in output
    assert "predict_songs(load_model(" in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "There is no nowhere. Give a folder with one sub-folder"),
        (["songs", "--groups", "artist"], "songs is a folder"),
        (["songs.csv", "--groups", "singer"], "has no column singer"),
        (["songs/Q1/0.wav"], "0.wav"),
        (["songs", "--method", "svn"], "Did you mean 'svm'"),
        (["songs", "--method", "fusion"], "fusion needs a table with feature columns"),
        (["songs", "--method", "openl3"], "openl3 needs pre-trained weights. No file"),
        (["songs"], "5 folds need at least 5 clips of each class, and there are 3 of Q1, 3 of Q2"),
        (["songs"], "Add some, or give --folds 3."),
        (["songs.csv", "--groups", "artist", "--folds", "3"], "3 groups of each class, and there"),
        (["songs", "--folds", "1"], "whole number from 2 on"),
        (["songs/Q1"], "at least two are needed"),
        (["one.csv"], "one.csv has only the class Q1; at least two classes are needed."),
    ],
)
def test_wrong_uses(words, message, command, music, tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    (music / "one.csv").write_text("path,label\nsongs/Q1/0.wav,Q1\n")
    status, _, errors = command("train", *words, "--out", tmp_path / "a.mer")
    assert status == 2
    assert message in errors
    assert not (tmp_path / "a.mer").exists()


def test_one_clip_of_a_class_is_too_few():
    with pytest.raises(ValueError, match=r"there are 1 of b\. Add some\.$"):
        _train.check_counts(["a", "a", "b"], None, 2)


@pytest.mark.skipif(os.name == "nt" or not os.getuid(), reason="root writes everywhere")
def test_a_place_that_cannot_be_written(command, tmp_path):
    tmp_path.chmod(0o500)
    assert "cannot be written" in command("train", "songs", "--out", tmp_path / "a.mer")[2]


def test_ctrl_c_saves_nothing(command, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_train, "cross_validate", stop)
    words = ["train", "songs", "--folds", "2", "--out", tmp_path / "a.mer"]
    assert command(*words)[0] == 130
    assert not list(tmp_path.iterdir())
