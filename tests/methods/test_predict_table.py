"""Predictions go on where files cannot be used."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from sklearn_mer import SummaryFeatures, SVMBaseline, predict_table
from sklearn_mer.datasets import make_quadrant_clips


@pytest.fixture(scope="module")
def fitted():
    X, y = make_quadrant_clips(16, duration=1.0, random_state=0, return_X_y=True)
    return SVMBaseline(features=SummaryFeatures(duration=1.0)).fit(X, y), X


@pytest.fixture
def paths(fitted, tmp_path):
    names = [str(tmp_path / f"{i}.wav") for i in range(4)]
    for name, waveform in zip(names, fitted[1], strict=False):
        soundfile.write(name, waveform, 16000, subtype="FLOAT")
    (tmp_path / "1.wav").write_bytes(b"")
    (tmp_path / "3.wav").unlink()
    return names


def test_files_that_cannot_be_used_are_rows_with_a_reason(fitted, paths):
    classifier, X = fitted
    table = predict_table(classifier, paths)
    assert table["audio"].tolist() == paths
    assert table["error"].tolist() == ["", "the file is empty (0 bytes)", "", "no such file"]
    assert table["predicted"].isna().tolist() == [False, True, False, True]
    assert table["predicted"].dropna().tolist() == classifier.predict(X[[0, 2]]).tolist()
    probabilities = table[classifier.classes_].to_numpy()
    np.testing.assert_array_equal(probabilities[[0, 2]], classifier.predict_proba(X[[0, 2]]))
    assert np.isnan(probabilities[[1, 3]]).all()


def test_a_table_keeps_its_index_and_its_features_follow(fitted, paths):
    clips = pd.DataFrame({"audio": paths, "a": [0.0, 1.0, 5.0, 6.0]}, index=list("wxyz"))
    train = clips.loc[["w", "w", "y", "y"]].reset_index(drop=True)
    classifier = SVMBaseline(features="columns").fit(train, ["low", "low", "high", "high"])
    table = predict_table(classifier, clips)
    assert table.index.tolist() == list("wxyz")
    assert table["predicted"].tolist() == ["low", "low", "high", "high"]  # no file is read
    described = predict_table(fitted[0], clips[["audio"]])
    assert described.index[described["error"] == ""].tolist() == ["w", "y"]


def test_a_pipeline_without_probabilities(fitted, paths):
    X, y = make_quadrant_clips(16, duration=1.0, random_state=0, return_X_y=True)
    pipeline = make_pipeline(SummaryFeatures(duration=1.0), RidgeClassifier()).fit(X, y)
    table = predict_table(pipeline, paths)
    assert table.columns.tolist() == ["audio", "predicted", "error"]
    assert table["predicted"].notna().tolist() == [True, False, True, False]


def test_no_usable_file(fitted):
    table = predict_table(fitted[0], ["lost.wav"])
    assert table.columns.tolist() == ["audio", "predicted", "Q1", "Q2", "Q3", "Q4", "error"]
    assert table["error"].tolist() == ["no such file"]


def test_other_input(fitted):
    with pytest.raises(TypeError, match="takes paths of audio files, got ndarray"):
        predict_table(fitted[0], fitted[1])
    with pytest.raises(NotFittedError):
        predict_table(SVMBaseline(), ["a.wav"])
