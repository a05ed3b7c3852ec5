"""One answer per song: long ones, short ones, and files that cannot be used."""

import os
import shutil
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer import (
    EmotionFeatures,
    SummaryFeatures,
    SVMBaseline,
    predict_over_time,
    predict_songs,
    valence_arousal,
)
from sklearn_mer.audio import AudioError, ClipCache, _decode
from sklearn_mer.songs import iter_songs

RATE = 16000
LABELS = ["Q1", "Q2", "Q3", "Q4"]


@pytest.fixture(scope="module")
def classifier(clips):
    X, y = clips  # of 2.5 s
    return make_pipeline(SummaryFeatures(duration=2.0), StandardScaler(), LogisticRegression()).fit(
        X, y
    )


@pytest.fixture(scope="module")
def folder(clips, tmp_path_factory):
    """Songs of 8.2 s, one of 2 s and one of 1.5 s, and files that cannot be used."""
    folder = tmp_path_factory.mktemp("songs")
    songs = {"a": clips[0][:4].ravel()[: round(8.2 * RATE)], "b": clips[0][5, : 2 * RATE]}
    songs |= {"short": clips[0][2, : 3 * RATE // 2], "silent": np.zeros(5 * RATE)}
    songs["one"] = clips[0][6, : 9 * RATE // 4]  # a quarter of a second is left out
    songs["nan"] = np.full(4 * RATE, np.nan)
    songs["gap"] = np.concatenate([songs["b"], np.zeros(2 * RATE), songs["b"]])
    for name, samples in songs.items():
        soundfile.write(folder / f"{name}.wav", samples, RATE, subtype="FLOAT")
    (folder / "empty.wav").write_bytes(b"")
    return folder


def path(folder, name):
    return str(folder / f"{name}.wav")


def test_the_windows_are_those_of_arrays(classifier, folder):
    curve = predict_over_time(classifier, folder / "a.wav")
    starts = [0, 1, 2, 3, 4, 5, 6]  # 0.2 s are left out
    assert curve["start"].tolist() == starts
    assert curve["end"].tolist() == [start + 2 for start in starts]
    samples = soundfile.read(folder / "a.wav", dtype="float32")[0]
    windows = np.stack([samples[start * RATE :][: 2 * RATE] for start in starts])
    padded = np.pad(windows, [(0, 0), (0, RATE // 2)])  # to the length in fit; 2 s are heard
    expected = np.concatenate([classifier.predict_proba(clip[None]) for clip in padded])
    np.testing.assert_array_equal(curve[LABELS].to_numpy(), expected)
    sides = np.transpose(valence_arousal(expected, LABELS))
    np.testing.assert_array_equal(curve[["valence", "arousal"]].to_numpy(), sides)


def test_a_song_has_its_curve_where_it_is_asked_for(classifier, folder):
    songs = [path(folder, "a"), path(folder, "lost")]
    one, lost = iter_songs(classifier, songs, curves=True)
    pd.testing.assert_frame_equal(one.curve, predict_over_time(classifier, songs[0]))
    assert lost.curve is None
    assert next(iter_songs(classifier, songs[:1])).curve is None


@pytest.mark.parametrize("name", ["b", "short"])
def test_a_song_of_one_window_is_a_clip_as_ever(name, classifier, folder):
    expected = classifier.predict_proba([path(folder, name)])
    curve = predict_over_time(classifier, path(folder, name))
    np.testing.assert_array_equal(curve[LABELS].to_numpy(), expected)
    table = predict_songs(classifier, [path(folder, name)])
    np.testing.assert_array_equal(table[LABELS].to_numpy(), expected)
    assert table["seconds"].tolist() == [1.5 if name == "short" else 2.0]


@pytest.mark.parametrize("name", ["b", "short", "one"])
def test_a_song_of_one_window_is_read_once(name, classifier, folder, monkeypatch):
    read = []
    monkeypatch.setattr(_decode, "_read", lambda path, *how: read.append(path))
    song = path(folder, name)
    curve = predict_over_time(classifier, song)
    assert len(curve) == 1
    assert read == []  # beside the windows, which are read block by block
    monkeypatch.undo()
    np.testing.assert_array_equal(curve[LABELS].to_numpy(), classifier.predict_proba([song]))


def test_window_and_hop(classifier, folder, tmp_path):
    curve = predict_over_time(classifier, path(folder, "a"), window=1.5, hop=3.0)
    assert curve["start"].round(3).tolist() == [0, 3, 6]
    song = predict_songs(classifier, [path(folder, "a")], window=1.5, hop=3.0)
    np.testing.assert_allclose(song[LABELS].to_numpy()[0], curve[LABELS].mean(), rtol=1e-12)
    assert song["predicted"].tolist() == [LABELS[int(song[LABELS].to_numpy().argmax())]]
    assert song["seconds"].tolist() == [4.5]
    b = predict_over_time(classifier, path(folder, "b"), window=1.4)  # a window, and no more of it
    samples = soundfile.read(folder / "b.wav", dtype="float32")[0]
    n_window = round(1.4 * RATE)
    b.index = [False, True]
    for name, part in {"first": samples[:n_window], "last": samples[-n_window:]}.items():
        soundfile.write(tmp_path / f"{name}.wav", part, RATE, subtype="FLOAT")
        expected = classifier.predict_proba([tmp_path / f"{name}.wav"])[0]
        np.testing.assert_array_equal(b.loc[name == "last", LABELS].to_numpy(), expected)


def test_silent_windows_are_missing_values_and_count_for_nothing(classifier, folder):
    curve = predict_over_time(classifier, path(folder, "gap"), hop=2.0)
    assert curve["Q1"].isna().tolist() == [False, True, False]
    assert curve["valence"].isna().tolist() == [False, True, False]
    song = predict_songs(classifier, [path(folder, "gap")], hop=2.0)
    np.testing.assert_allclose(song[LABELS], classifier.predict_proba([path(folder, "b")]))
    with pytest.raises(AudioError, match="is silent"):
        predict_over_time(classifier, path(folder, "silent"))


def test_familiarity_is_told_of_windows_and_songs(knowing, folder, tmp_path):
    rng = np.random.default_rng(0)
    noise = [str(tmp_path / f"{i}.wav") for i in range(2)]
    for name in noise:
        soundfile.write(name, rng.uniform(-0.5, 0.5, RATE // 2), RATE, subtype="FLOAT")
    b = path(folder, "b")
    curve = predict_over_time(knowing, b, hop=0.25)
    assert curve.columns.tolist()[-3:] == ["valence", "arousal", "familiarity"]
    samples = soundfile.read(b, dtype="float32")[0].reshape(-1, RATE // 4)
    np.testing.assert_allclose(curve["familiarity"], knowing.familiarity(samples), rtol=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        songs = [path(folder, "gap"), path(folder, "lost"), noise[0]]
        table = predict_songs(knowing, songs, hop=0.25)
    assert table.columns.tolist()[-3:] == ["familiarity", "seconds", "error"]
    # Silent windows count for nothing.
    np.testing.assert_allclose(table["familiarity"], [curve["familiarity"].mean(), np.nan, 0])
    with pytest.warns(UserWarning, match=r"2 of 3 songs are unlike .* below 0\.05") as told:
        predict_songs(knowing, [*noise, b], hop=0.25)
    assert [one.filename for one in told] == [__file__]


def test_a_song_is_described_once(knowing, folder, monkeypatch):
    calls = []
    original = SummaryFeatures.transform
    monkeypatch.setattr(
        SummaryFeatures, "transform", lambda self, X: calls.append(1) or original(self, X)
    )
    predict_over_time(knowing, path(folder, "b"), hop=0.25)
    assert len(calls) == 8


def test_files_that_cannot_be_used_are_rows_with_a_reason(classifier, folder):
    names = ["b", "empty", "nan", "lost", "silent"]
    table = predict_songs(classifier, [path(folder, name) for name in names])
    assert table["error"].tolist() == [
        "",
        "the file is empty (0 bytes)",
        "has NaN or infinite samples (from 0 s to 2 s)",
        "no such file",
        "is silent, or its channels cancel each other in the mix to mono",
    ]
    assert table["predicted"].isna().tolist() == [False, True, True, True, True]
    numbers = [*LABELS, "valence", "arousal", "seconds"]
    assert table[numbers].isna().all(axis=1).tolist() == [False, True, True, True, True]
    nothing = predict_songs(classifier, [path(folder, "lost")])
    assert nothing.columns.tolist() == table.columns.tolist()
    with pytest.raises(AudioError, match=r"lost\.wav: no such file"):
        predict_over_time(classifier, path(folder, "lost"))


@pytest.mark.skipif(sys.platform == "win32", reason="names are Unicode there")
def test_names_that_are_not_utf8(classifier, folder, tmp_path):
    song = os.path.join(tmp_path, os.fsdecode(b"caf\xe9.wav"))
    shutil.copy(path(folder, "b"), song)
    table = predict_songs(classifier, [song])
    assert table["error"].tolist() == ["its path is not UTF-8; rename it"]
    assert table["audio"].tolist() == [song]


def test_tables_keep_their_index_and_jobs_change_nothing(classifier, folder):
    songs = pd.DataFrame({"audio": [path(folder, name) for name in "abc"]}, index=list("xyz"))
    table = predict_songs(classifier, songs)
    assert table.index.tolist() == list("xyz")
    with joblib.parallel_config("threading"):  # processes take seconds to begin
        pd.testing.assert_frame_equal(table, predict_songs(classifier, songs, n_jobs=2))


def test_short_songs_are_told_of_once(classifier, folder):
    folder = folder.parent / "told"
    folder.mkdir()
    for number, seconds in enumerate([0.6, 0.7, 2.0]):
        soundfile.write(folder / f"{number}.wav", np.sin(np.arange(int(seconds * RATE)) / 9), RATE)
    songs = [path(folder, number) for number in range(3)]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        predict_songs(classifier, [*songs, "lost.wav"])
    (text,) = (str(warning.message) for warning in told)
    assert text.startswith("2 of 3 songs are shorter than 1 s: ")
    with pytest.warns(UserWarning, match=r"1 of 1 clips are shorter than 5 s"):
        classifier.predict(songs[:1])  # not a run over songs


def test_windows_leave_nothing_in_the_cache_and_no_files(clips, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cache = ClipCache(tmp_path / "cache")
    features = EmotionFeatures(dimensions=["dynamics"], duration=2.0, cache=cache)
    classifier = SVMBaseline(features=features).fit(*clips)
    before = cache.nbytes
    assert len(predict_over_time(classifier, path(folder, "a"))) == 7
    assert cache.nbytes == before
    predict_over_time(classifier, path(folder, "short"))  # as predict_proba does
    assert cache.nbytes > before
    assert [entry.name for entry in tmp_path.iterdir()] == ["cache"]


def test_classifiers_of_other_forms(clips, folder):
    X, y = clips
    parts = [("a", SummaryFeatures(duration=2.0)), ("b", SummaryFeatures(duration=2.5))]
    union = make_pipeline(FeatureUnion(parts), StandardScaler(), LogisticRegression()).fit(X, y)
    curve = predict_over_time(union, path(folder, "a"), hop=9.0)
    assert curve[["start", "end"]].to_numpy().tolist() == [[0, 2.5], [5.7, 8.2]]
    svm = SVMBaseline(features=SummaryFeatures(duration=1.0))
    search = GridSearchCV(svm, {"C": [1.0]}, cv=2).fit(X, y)
    assert len(predict_over_time(search, path(folder, "b"))) == 3
    other = make_pipeline(SummaryFeatures(duration=2.0), StandardScaler(), LogisticRegression())
    table = predict_songs(other.fit(X, np.where(y < "Q3", "loud", "low")), [path(folder, "b")])
    assert table.columns.tolist() == ["audio", "predicted", "loud", "low", "seconds", "error"]


@pytest.mark.parametrize(
    ("use", "kind", "message"),
    [
        (lambda c, s: predict_over_time(c, s, window=2.5), ValueError, "hears 2 s of a clip"),
        (lambda c, s: predict_over_time(c, s, window=0.5), ValueError, "window from 1 to 2"),
        (lambda c, s: predict_over_time(c, s, window=np.nan), ValueError, "window from 1 to 2"),
        (lambda c, s: predict_songs(c, [s], hop=0), ValueError, "hop=0 is no number of seconds"),
        (lambda c, s: predict_songs(c, [s], hop=np.nan), ValueError, "hop=nan"),
        (lambda c, s: predict_over_time(c, [s]), TypeError, "use predict_songs"),
        (lambda c, s: predict_songs(c, np.zeros((1, 9))), TypeError, "got ndarray"),
        (lambda c, s: predict_songs(c, s), ValueError, "one path"),
        (lambda c, s: predict_over_time(SVMBaseline(), s), NotFittedError, "not fitted"),
    ],
)
def test_wrong_uses(use, kind, message, classifier, folder):
    with pytest.raises(kind, match=message):
        use(classifier, path(folder, "b"))


def test_classifiers_that_cannot_hear_or_have_no_probabilities(clips, folder):
    X, y = clips
    columns = SVMBaseline(features="columns").fit(X[:, :50], y)
    with pytest.raises(TypeError, match="fitted on feature columns"):
        predict_songs(columns, [path(folder, "b")])
    ridge = make_pipeline(SummaryFeatures(duration=1.0), RidgeClassifier()).fit(X, y)
    with pytest.raises(TypeError, match="no predict_proba"):
        predict_songs(ridge, [path(folder, "b")])
