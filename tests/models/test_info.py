"""What a file says about its model."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import sklearn_mer
from sklearn_mer import SVMBaseline
from sklearn_mer.models import model_info, save_model

COLUMNS = np.random.RandomState(0).normal(size=(20, 3))
LABELS = np.array(["Q1", "Q2", "Q3", "Q4"] * 5)


@pytest.fixture
def save(tmp_path):
    """Save a small model and return what its file says."""

    def made(estimator=None, **options):
        model = estimator or SVMBaseline(features="columns", C=np.float64(2))
        return model_info(save_model(model.fit(COLUMNS, LABELS), tmp_path / "model.mer", **options))

    return made


def test_versions_settings_classes_and_card(save):
    card = {"macro_f1": 0.74, "folds": [0.7, 0.78], "music": "western"}
    info = save(card=card)
    assert info["kind"] == "model of sklearn_mer"
    assert info["format"] == 1
    assert info["estimator"] == "SVMBaseline"
    assert info["settings"]["C"] == 2.0
    assert info["settings"]["features"] == "columns"
    assert info["classes"] == ["Q1", "Q2", "Q3", "Q4"]
    assert info["n_features"] == 3
    assert info["versions"]["sklearn-mer"] == sklearn_mer.__version__
    assert info["versions"]["scikit-learn"] == sklearn.__version__
    assert info["versions"].keys() > {"python", "numpy", "torch"}
    assert info["training_data"] is None
    assert info["card"] == card


def test_settings_that_json_has_no_type_for_are_text(save):
    info = save(SVC(random_state=np.random.RandomState(0), gamma=0.5))
    assert info["settings"]["random_state"] == "RandomState(MT19937)"
    info = save(make_pipeline(StandardScaler(), SVC(C=np.float64(2))))
    assert info["settings"]["steps"] == [["standardscaler", "StandardScaler"], ["svc", "SVC"]]
    assert info["settings"]["svc__C"] == 2.0
    assert "memory" not in info["settings"]


@pytest.mark.parametrize("card", [[1], "x", {"a": {1, 2}}, {"a": np.float64("nan")}, {"a": print}])
def test_a_card_is_of_the_types_of_json(card, save):
    with pytest.raises(TypeError, match="card"):
        save(card=card)


def test_the_digest_of_training_data_follows_contents(save, short_files, short_clips, tmp_path):
    def digest(X, y=LABELS):
        found = save(training_data=(X, y[: len(X)]))["training_data"]
        assert found["n_clips"] == len(X)
        assert sum(found["n_per_class"].values()) == len(X)
        return found["digest"]

    assert digest(COLUMNS) == digest(COLUMNS.copy()) == digest(COLUMNS.tolist())
    others = [digest(COLUMNS[::-1]), digest(COLUMNS + 1), digest(COLUMNS, LABELS[::-1])]
    others.append(digest(COLUMNS[:8]))
    frame = pd.DataFrame(COLUMNS, columns=list("abc"))
    others += [digest(frame), digest(frame.rename(columns={"a": "d"}))]
    others += [digest(short_clips), digest(short_files)]
    assert len({digest(COLUMNS), *others}) == len(others) + 1
    # Of files their bytes, wherever they are.
    moved = [str(tmp_path / f"moved{i}.wav") for i in range(len(short_files))]
    for old, new in zip(short_files, moved, strict=True):
        with open(old, "rb") as source, open(new, "wb") as target:
            target.write(source.read())
    assert digest(moved) == digest(short_files)
    assert digest(pd.DataFrame({"audio": moved})) == digest(pd.DataFrame({"audio": short_files}))


def test_training_data_must_fit_together(save):
    with pytest.raises(ValueError, match="20 clips but 8 labels"):
        save(training_data=(COLUMNS, LABELS[:8]))


def test_the_same_model_gives_the_same_bytes(tmp_path):
    files = [
        save_model(
            SVMBaseline(features="columns").fit(COLUMNS, LABELS),
            tmp_path / f"{i}.mer",
            card={"b": 1, "a": 2},
            training_data=(COLUMNS, LABELS),
        )
        for i in range(2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.slow
def test_reading_what_a_file_says_takes_neither_torch_nor_the_model(save, tmp_path):
    save()
    code = (
        "import sys; from sklearn_mer.models import model_info; model_info(sys.argv[1]); "
        "assert not {'torch', 'librosa', 'sklearn.svm'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "model.mer"], check=True)
