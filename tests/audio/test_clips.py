"""What X may be, and what is said when it is something else."""

import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.utils import Bunch

from sklearn_mer.audio import AudioLoader, as_input_of, check_clips

PATHS = ["a/0.wav", "a/1.wav", "b/2.wav"]

FORMS = {
    "list": PATHS,
    "tuple": tuple(PATHS),
    "pathlib": [Path(path) for path in PATHS],
    "mixed str and pathlib": [PATHS[0], Path(PATHS[1]), PATHS[2]],
    "object array": np.array(PATHS, dtype=object),
    "str array": np.array(PATHS),
    "StringDType array": np.array(PATHS, dtype=np.dtypes.StringDType()),
    "Series": pd.Series(PATHS),
    "Series of another index": pd.Series(PATHS, index=[7, 7, -1]),
    "object Series": pd.Series(PATHS, dtype=object),
    "string Series": pd.Series(PATHS, dtype="string"),
    "Series of pathlib": pd.Series([Path(path) for path in PATHS]),
    "Index": pd.Index(PATHS),
    "table": pd.DataFrame({"audio": PATHS}),
    "table with features": pd.DataFrame({"f": [1, 2, 3], "audio": PATHS, "g": [True, False, True]}),
    "string table": pd.DataFrame({"audio": pd.array(PATHS, dtype="string")}, index=list("xyz")),
}


class Hears(BaseEstimator):
    """Any estimator."""


@pytest.mark.parametrize("X", FORMS.values(), ids=FORMS)
def test_forms_of_paths(X):
    clips = check_clips(Hears(), X)
    assert clips.are_files
    assert len(clips) == 3
    assert [Path(path) for path in clips.audio] == [Path(path) for path in PATHS]
    assert all(type(path) is str for path in clips.audio)


def test_features_come_along():
    clips = check_clips(Hears(), FORMS["table with features"])
    assert list(clips.features) == ["f", "g"]
    assert check_clips(Hears(), FORMS["table"]).features is None
    part = clips.take([2, 0])
    assert [Path(path).name for path in part.audio] == ["2.wav", "0.wav"]
    assert list(part.features["f"]) == [3, 1]


@pytest.mark.parametrize(
    "X", [[[0.0, 1], [2, 3]], np.eye(2, dtype=int), pd.DataFrame(np.eye(2)), np.eye(4)[::2, ::2]]
)
def test_forms_of_waveforms(X):
    clips = check_clips(Hears(), X)
    assert not clips.are_files
    assert clips.audio.dtype == np.float32
    assert clips.audio.flags.c_contiguous
    np.testing.assert_array_equal(clips.audio, np.asarray(X))


REFUSED = {
    "one path": ("a.wav", ValueError, r"X is one path \('a.wav'\); put it into a list"),
    "one pathlib": (Path("a.wav"), ValueError, "put it into a list"),
    "a number among paths": (["a.wav", 3], ValueError, r"Clip 1 is 3 \(int\), where a path was"),
    "a number first": ([3.5, "a.wav"], ValueError, r"Clip 0 is 3.5 \(float\)"),
    "None among paths": ([None, "a.wav"], ValueError, r"Clip 0 is None"),
    "missing in a Series": (pd.Series([None, "a.wav"]), ValueError, r"Clip 0 is (None|nan)"),
    "a long thing": (["a.wav", list(range(999))], ValueError, r"Clip 1 is \[0, 1.{,90} \(list\)"),
    "missing in a table": (pd.DataFrame({"audio": ["a.wav", None]}), ValueError, "Clip 1 is"),
    "empty list": ([], ValueError, "got an empty list: X has no clips"),
    "empty Series": (pd.Series([]), ValueError, "got an empty Series"),
    "empty array": (np.empty((0, 9)), ValueError, r"0 sample\(s\)"),
    "no samples": (np.empty((9, 0)), ValueError, r"0 feature\(s\)"),
    "empty table": (pd.DataFrame({"audio": []}), ValueError, r"0 sample\(s\).*has no rows"),
    "words beside the paths": (
        pd.DataFrame({"audio": ["a.wav"], "artist": ["A"], "f": [1.0], "d": [pd.Timestamp(0)]}),
        ValueError,
        r"The columns \['artist', 'd'\] of X are not numeric\. .*drop or encode",
    ),
    "features of one name": (
        pd.DataFrame([["a.wav", 1, 2]], columns=["audio", "f", "f"]),
        ValueError,
        r"several columns with the names \['f'\]; drop or rename",
    ),
    "two columns of paths": (
        pd.DataFrame([["a.wav", "b.wav"]], columns=["audio", "audio"]),
        ValueError,
        r"several columns with the names \['audio'\]",
    ),
    "paths in another column": (
        pd.DataFrame({"path": ["a.wav"]}),
        ValueError,
        r"no column 'audio' .*rename it: X.rename\(columns=\{'path': 'audio'\}\)",
    ),
    "features alone": (
        pd.DataFrame({"tempo": [90.0], "mode": [1]}),
        ValueError,
        r"no column 'audio' .* Hears hears audio.*2 columns \(tempo, mode, .*X.assign\(audio=",
    ),
    "numbers with gaps": (pd.DataFrame(np.ones((2, 2)), columns=[0, 2]), ValueError, "no column"),
    "column of paths": (np.array([["a.wav"], ["b.wav"]]), ValueError, r"list\(X\[:, 0\]\)"),
    "bytes": ([b"a.wav"], ValueError, "os.fsdecode"),
    "ragged list": ([[0.0, 1.0], [2.0]], ValueError, r"unequal length \(1 to 2 samples\).*Cut or"),
    "ragged arrays": ([np.ones(9), np.ones(7)], ValueError, r"unequal length \(7 to 9 samples\)"),
    "array of arrays": (pd.Series([np.ones(2), np.ones(2)]), ValueError, r"numpy.stack"),
    "one waveform": (np.zeros(100), ValueError, r"got 1D.*one waveform of 100 samples\?.*\[X\]"),
    "one list of numbers": ([0.0, 0.1], ValueError, "one waveform of 2 samples"),
    "one clip in stereo": (np.zeros((8000, 2)), ValueError, r"X.mean\(axis=1\)\[np.newaxis\]"),
    "3-D": (np.zeros((2, 3, 4)), ValueError, r"dim 3.*shape \(2, 3, 4\)\. Mix .*passthrough"),
    "0-D": (np.array("a.wav"), ValueError, r"pass a list, an array or a table"),
    "NaN": (np.array([[0.0, 1], [0, np.nan]]), ValueError, "NaN .* in 1 of 2 clips.* in row 1"),
    "infinity": (np.array([[np.inf, -np.inf]]), ValueError, "infinity .* in 1 of 1 clips"),
    "complex": (np.array([[1j]]), ValueError, "[Cc]omplex"),
    "None": (None, ValueError, r"X is None \(NoneType\); pass a list"),
    "dict": ({"audio": ["a.wav"]}, ValueError, r"a dict with the keys.*pandas.DataFrame\(X\)"),
    "bunch": (Bunch(data=PATHS, target=[1]), ValueError, r"a Bunch with the keys.*X\['data'\]"),
    "set": ({"a.wav"}, ValueError, r"\(set\); pass a list"),
    "generator": ((path for path in PATHS), ValueError, r"\(generator\); pass a list"),
}


@pytest.mark.parametrize(("X", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(X, error, message):
    with pytest.raises(error, match=message):
        check_clips(Hears(), X)


@pytest.mark.parametrize("name", ["column of paths", "complex", "one waveform", "empty list"])
def test_the_forms_are_named(name):
    with pytest.raises(ValueError, match=REFUSED[name][2]) as caught:
        check_clips(Hears(), REFUSED[name][0])
    for words in ("list or 1-D array of paths", "2-D array", "DataFrame with a column 'audio'"):
        assert words in str(caught.value)


NOISE = np.random.default_rng(0).uniform(-1, 1, (12, 4000))
NO_WAVEFORMS = {
    "few columns": (NOISE[:, :3999], "3999 columns .*at least 4000 samples"),
    "16-bit integers": ((NOISE * 32767).astype(np.int16), r"reach 327\d\d, .*between -1 and 1"),
    "small integers": (np.sign(NOISE).astype(int) * 2, "reach 2,"),
    "integers in a table": (pd.DataFrame((NOISE * 9).astype(int)), "reach 8,"),
    "a feature of its own scale": (np.hstack([NOISE, np.full((12, 1), 120.0)]), "reach 120,"),
    "negative": (NOISE - 60, "reach 61,"),
    "columns of many scales": (NOISE * np.tile([1, 0.1], 2000), "very different scale"),
}
WAVEFORMS = {
    "noise": NOISE,
    "one": NOISE[:1],
    "silence": np.zeros((12, 4000)),
    "loud": 9 * NOISE,
    "soft ends": NOISE * np.hanning(4000),
    "signs": np.sign(NOISE).astype(int),
    "padded": np.pad(NOISE, ((0, 0), (0, 8000))),
    "samples by name": pd.DataFrame(NOISE, columns=[f"sample_{i}" for i in range(4000)]),
}


@pytest.mark.parametrize(("X", "message"), NO_WAVEFORMS.values(), ids=NO_WAVEFORMS)
def test_arrays_that_look_like_no_waveforms_are_warned_of_once(X, message):
    estimator = Hears()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check_clips(estimator, X)
        check_clips(estimator, X, reset=False)
    (warning,) = caught
    assert re.search(message, str(warning.message))
    for way in ("SVMBaseline(features='columns')", "column 'audio'", "X / 32768", "mono"):
        assert way in str(warning.message)


@pytest.mark.parametrize("X", WAVEFORMS.values(), ids=WAVEFORMS)
def test_waveforms_are_not_warned_of(X):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_clips(Hears(), X)


def test_arrays_of_another_scale_than_in_fit_are_warned_of():
    estimator = Hears()
    for X in (NOISE, PATHS):
        check_clips(estimator, X)
        with pytest.warns(UserWarning, match="between -1 and 1"):
            check_clips(estimator, NOISE * 1e4, reset=False)


def test_what_is_remembered_of_columns():
    estimator = Hears()
    check_clips(estimator, FORMS["table with features"])
    assert estimator.n_features_in_ == 3
    assert list(estimator.feature_names_in_) == ["f", "audio", "g"]
    check_clips(estimator, np.eye(4))
    assert estimator.n_features_in_ == 4
    assert not hasattr(estimator, "feature_names_in_")
    check_clips(estimator, PATHS)
    assert not hasattr(estimator, "n_features_in_")


def test_waveforms_of_another_width_are_refused(short_clips):
    loader = AudioLoader().fit(short_clips)
    with pytest.raises(ValueError, match="X has 3999 features, but AudioLoader is expecting 4000"):
        loader.transform(short_clips[:, 1:])


def test_any_form_may_follow_any_other(short_clips, short_files):
    forms = [short_files, short_clips, pd.DataFrame({"audio": short_files, "f": 1.0})]
    for first in forms:
        loader = AudioLoader(duration=0.3).fit(first)
        state = dict(vars(loader))
        outputs = [loader.transform(X) for X in forms]
        for output in outputs[1:]:
            np.testing.assert_array_equal(output, outputs[0])
        assert vars(loader) == state  # transform learns nothing


def test_digests_follow_the_content(short_clips, short_files, tmp_path):
    copy = tmp_path / "copy.wav"
    copy.write_bytes(Path(short_files[0]).read_bytes())
    clips = check_clips(Hears(), [*short_files, copy])
    digests = [clips.content_digest(i) for i in range(len(clips))]
    assert digests[-1] == digests[0]
    assert len(set(digests)) == 5
    copy.write_bytes(Path(short_files[1]).read_bytes())  # the same size
    assert clips.content_digest(5) == digests[1]
    waveforms = check_clips(Hears(), np.vstack([short_clips, short_clips[:1]]))
    digests = [waveforms.content_digest(i) for i in range(6)]
    assert digests[-1] == digests[0]
    assert len(set(digests)) == 5


def test_checked_clips_are_returned_as_they_are():
    for X in (np.eye(4), PATHS, FORMS["table with features"]):
        clips = check_clips(Hears(), X)
        for reset in (True, False):
            assert check_clips(Hears(), clips, reset=reset) is clips


def test_what_is_remembered_of_checked_clips():
    waveforms, paths = check_clips(Hears(), np.eye(4)), check_clips(Hears(), PATHS)
    estimator = Hears()
    check_clips(estimator, waveforms)
    assert estimator.n_features_in_ == 4
    with pytest.raises(ValueError, match="X has 3 features, but Hears is expecting 4"):
        check_clips(estimator, check_clips(Hears(), np.eye(3)), reset=False)
    check_clips(estimator, paths, reset=False)
    check_clips(estimator, paths)
    assert not hasattr(estimator, "n_features_in_")
    check_clips(estimator, waveforms, reset=False)


def test_the_input_of_transformers():
    clips = check_clips(Hears(), PATHS)
    assert as_input_of(AudioLoader(), clips) is clips
    assert as_input_of(Hears(), clips) is clips.audio


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (pd.Index([0.5, 1.5]), "1D array instead"),
        (sparse.csr_array(np.ones(4)), "Sparse data was passed"),
        ([[[1, [2]], [3]], [[4]]], "a clip is a path or the samples"),
    ],
)
def test_odd_rows(X, message):
    with pytest.raises((ValueError, TypeError), match=message):
        AudioLoader().fit(X)
