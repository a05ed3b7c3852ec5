"""Clips in their three forms, labels of any type, and clips without neighbours."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from cases import KEYS, SINGLE_NETWORKS, make, scores

from sklearn_mer import AudioLoader, CNNBaseline, EmotionFeatures, HybridMER, SVMBaseline
from sklearn_mer.audio import _clips


def assert_same_in_every_form(method, paths, waveforms, y):
    table = pd.DataFrame({"audio": paths}, index=[f"id{i}" for i in range(len(paths))])
    expected = scores(method.fit(paths, y), paths)
    assert np.ptp(expected) > 0
    for trained_on in (paths, pd.Series(paths, index=table.index), waveforms, table):
        method.fit(trained_on, y)
        for heard in (paths, waveforms, table):
            np.testing.assert_array_equal(scores(method, heard), expected)


@pytest.mark.parametrize("key", ["svm", *SINGLE_NETWORKS, "hybrid"])
def test_three_forms_give_the_same_predictions(key, clips, wav_files):
    waveforms, y = clips
    assert_same_in_every_form(make(key), wav_files, waveforms, y)


@pytest.mark.parametrize(
    "method",
    [
        SVMBaseline(),
        CNNBaseline(max_epochs=1, random_state=0),
        pytest.param(HybridMER(max_epochs=1, augment=None, random_state=0), marks=pytest.mark.slow),
    ],
    ids=lambda method: type(method).__name__,
)
def test_three_forms_give_the_same_predictions_by_default(method, clips, wav_files):
    # Files are heard for 30 s by default, arrays as long as they are.
    paths = wav_files[::3]
    waveforms = AudioLoader(duration=30).fit_transform(paths)
    for path, waveform in zip(paths, waveforms, strict=True):
        soundfile.write(path, waveform, 16000, subtype="FLOAT")
    assert_same_in_every_form(method, paths, waveforms, clips[1][::3])


@pytest.mark.parametrize("key", ["svm", "cnn_augment", "sample_cnn"])
def test_clips_are_checked_once_per_call(key, clips, monkeypatch):
    X, y = clips
    checked = []
    check = _clips.as_waveforms
    monkeypatch.setattr(_clips, "as_waveforms", lambda *args: checked.append(1) or check(*args))
    method = make(key).fit(X, y)
    assert len(checked) == 1
    method.predict(X)
    assert len(checked) == 2


def test_columns_beside_the_audio_are_used_by_default(clips, wav_files):
    _, y = clips
    numbers = np.random.default_rng(0).normal(size=(len(y), 3))
    table = pd.DataFrame(numbers, columns=["a", "b", "c"]).assign(audio=wav_files)
    svm = SVMBaseline().fit(table, y)
    assert svm.feature_source_.names_ == ["a", "b", "c"]
    only_columns = SVMBaseline(features="columns").fit(numbers, y)
    np.testing.assert_array_equal(
        svm.decision_function(table), only_columns.decision_function(numbers)
    )
    # Alone, in any order, and with others beside them.
    features_alone = table.drop(columns="audio")
    np.testing.assert_array_equal(
        svm.decision_function(features_alone[["c", "a", "b"]]), svm.decision_function(table)
    )
    np.testing.assert_array_equal(
        SVMBaseline().fit(features_alone, y).decision_function(table), svm.decision_function(table)
    )
    shuffled = table[["c", "audio", "a", "b"]].assign(d=0.0)
    np.testing.assert_array_equal(svm.decision_function(shuffled), svm.decision_function(table))
    hybrid = make("hybrid", features="auto").fit(table, y)
    assert hybrid.feature_source_.names_ == ["a", "b", "c"]
    assert hybrid.dnns_[0].module_.norm.num_features == 3


def test_a_table_of_samples_is_no_table_of_features(clips):
    X, y = clips
    table = AudioLoader(duration=None).set_output(transform="pandas").fit_transform(X)
    expected = scores(make("svm").fit(X, y), X)
    np.testing.assert_array_equal(scores(make("svm").fit(table, y), table), expected)


def test_paths_are_described_by_the_library_where_there_are_no_columns(clips, wav_files):
    y = clips[1]
    svm = SVMBaseline().fit(wav_files, y)
    assert type(svm.feature_source_.transformer_) is EmotionFeatures
    described = EmotionFeatures(sample_rate=16000).fit_transform(wav_files)
    by_hand = SVMBaseline(features="columns").fit(described, y)
    np.testing.assert_allclose(
        svm.decision_function(wav_files), by_hand.decision_function(described), rtol=1e-9
    )


FOUR = {
    "str": ["A1", "B2", "C3", "D4"],
    "int": [1, 2, 3, 4],
    "negative": [-7, -3, -1, 5],
    "float": [0.0, 1.0, 2.0, 30.0],
    "object": np.array(["Q1", "Q2", "Q3", "Q4"], dtype=object),
    "uint8": np.array([0, 2, 4, 255], dtype=np.uint8),
}
TWO = {"str": ["no", "yes"], "bool": [False, True], "0 and 2": [0, 2], "negative": [-1, 1]}


@pytest.mark.parametrize("key", ["svm", "cnn", "hybrid"])
@pytest.mark.parametrize("names", [FOUR, TWO], ids=["four", "two"])
def test_labels_of_any_type(key, names, clips):
    X, quadrants = clips
    number = np.unique(quadrants, return_inverse=True)[1] % len(names["str"])
    expected = scores(make(key).fit(X, number), X)
    decided = make(key).fit(X, number).predict(X)
    assert len(np.unique(decided)) > 1
    for labels in names.values():
        labels = np.asarray(labels)
        method = make(key).fit(X, labels[number])
        np.testing.assert_array_equal(method.classes_, labels)
        predicted = method.predict(X)
        assert predicted.dtype == labels.dtype
        np.testing.assert_array_equal(predicted, labels[decided])
        np.testing.assert_array_equal(scores(method, X), expected)


@pytest.mark.parametrize("key", ["svm", "cnn"])
@pytest.mark.parametrize("dtype", ["category", "string", "object"])
def test_labels_as_a_pandas_series(key, dtype, clips):
    X, y = clips
    series = pd.Series(y, index=range(100, 100 + len(y)), dtype=dtype)
    method = make(key).fit(X, series)
    assert list(method.classes_) == ["Q1", "Q2", "Q3", "Q4"]
    np.testing.assert_array_equal(scores(method, X), scores(make(key).fit(X, y), X))


@pytest.mark.parametrize("key", KEYS)
def test_a_prediction_does_not_depend_on_the_other_clips(key, clips):
    X, y = clips
    method = make(key).fit(X, y)
    expected = scores(method, X)
    np.testing.assert_array_equal(scores(method, X[::-1]), expected[::-1])
    for i in (0, 5, 11):
        np.testing.assert_array_equal(scores(method, X[i : i + 1])[0], expected[i])
    louder_neighbours = X * np.where(np.arange(len(X)) == 5, 1, 7)[:, None].astype(X.dtype)
    np.testing.assert_array_equal(scores(method, louder_neighbours)[5], expected[5])


@pytest.mark.parametrize("key", KEYS)
def test_probabilities_and_decisions_agree(key, clips):
    X, y = clips
    method = make(key).fit(X, y)
    values = scores(method, X)
    np.testing.assert_array_equal(method.predict(X), method.classes_[values.argmax(axis=1)])
    if key != "svm":
        assert values.dtype == np.float64
        np.testing.assert_allclose(values.sum(axis=1), 1, rtol=1e-12)
