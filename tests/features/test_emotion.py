"""EmotionFeatures: selection, names, cache, threads."""

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_mer.audio import ClipCache
from sklearn_mer.features import EmotionFeatures, _rows
from sklearn_mer.features._descriptor import Descriptor
from sklearn_mer.features.analysis import Sound
from sklearn_mer.features.dimensions import all_descriptors

LOUDNESS = ["dynamics__loudness"]
MFCC = ["tone_colour__mfcc"]


@pytest.fixture
def described(monkeypatch):
    """The full names of the descriptors that were computed, in order."""
    names = []
    describe = Descriptor.describe

    def recorded(self, sound):
        names.append(self.full_name)
        return describe(self, sound)

    monkeypatch.setattr(Descriptor, "describe", recorded)
    return names


def make(**parameters):
    return EmotionFeatures(**{"duration": None, "cache": False, **parameters})


def test_all_columns_by_default(short_clips):
    features = make().fit(short_clips)
    names = [column for d in all_descriptors() for column in d.columns]
    assert list(features.get_feature_names_out()) == names
    output = features.transform(short_clips[:1])
    assert output.shape == (1, len(names))
    assert output.dtype == np.float32


def test_only_what_is_selected_is_computed(short_clips, described, monkeypatch):
    def fail(self):
        raise AssertionError("the spectrum is not needed")

    monkeypatch.setattr(Sound, "magnitude", property(fail))
    make(columns=["dynamics__crest_factor", "dynamics__level__max"]).fit_transform(short_clips[:1])
    assert described == ["dynamics__crest_factor", "dynamics__level"]


def test_dimensions(short_clips, described):
    output = make(dimensions=["dynamics"]).set_output(transform="pandas")
    output = output.fit_transform(short_clips[:1])
    assert {name.split("__")[0] for name in output.columns} == {"dynamics"}
    assert {name.split("__")[0] for name in described} == {"dynamics"}


def test_columns_have_the_order_of_the_table(short_clips):
    columns = ["tone_colour__mfcc_03__std", "dynamics__loudness", "tone_colour__mfcc_01__max"]
    features = make(columns=columns).fit(short_clips)
    names = list(features.get_feature_names_out())
    assert names[0] == "dynamics__loudness__mean"
    assert names[-2:] == ["tone_colour__mfcc_01__max", "tone_colour__mfcc_03__std"]


def test_a_selection_has_the_values_of_the_whole(short_clips):
    whole = make().set_output(transform="pandas").fit_transform(short_clips)
    for columns in ([*LOUDNESS, *MFCC], ["tone_colour__contrast_02__min", "dynamics__pauses"]):
        part = make(columns=columns).set_output(transform="pandas").fit_transform(short_clips)
        np.testing.assert_array_equal(part, whole[part.columns])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"dimensions": ["rythm"]},
            r"\['rythm'\]; choose from \['dynamics', .*'tone",
        ),
        ({"dimensions": "dynamics"}, "dimensions='dynamics' is a string; put it into a list"),
        ({"dimensions": []}, "dimensions is empty"),
        ({"columns": "dynamics__rms"}, "put it into a list"),
        ({"columns": np.array([])}, "columns is empty"),
        ({"columns": ["dynamics__rsm"]}, r"rsm': \['dynamics__rms'.*descriptors are \['dyn"),
        ({"columns": MFCC, "dimensions": ["dynamics"]}, r"of the dimensions \['dynamics'\]"),
        ({"columns": [3]}, r"columns=\[3\] must be a list of names of columns or descriptors"),
        ({"dimensions": 3}, "The 'dimensions' parameter of EmotionFeatures must be"),
    ],
)
def test_wrong_selections(parameters, message, short_clips):
    with pytest.raises(ValueError, match=message):
        make(**parameters).fit(short_clips)


def test_the_selection_is_that_of_fit(short_clips):
    features = make(columns=LOUDNESS).fit(short_clips)
    expected = features.transform(short_clips)
    features.set_params(columns=MFCC)
    np.testing.assert_array_equal(features.transform(short_clips), expected)
    assert features.get_feature_names_out()[0] == "dynamics__loudness__mean"


def test_another_selection_finds_what_it_shares(short_clips, short_files, described, tmp_path):
    def run(X=short_files, **selection):
        described.clear()
        make(cache=tmp_path / "cache", **selection).fit_transform(X)
        return sorted({name.split("__")[0] for name in described})

    assert run(dimensions=["dynamics"]) == ["dynamics"]
    assert run(columns=[*LOUDNESS, *MFCC]) == ["tone_colour"]
    assert run(columns=[*LOUDNESS, *MFCC]) == []
    assert run(dimensions=["dynamics", "tone_colour"]) == ["tone_colour"]
    assert run(columns=["tone_colour__contrast", "dynamics__rms"]) == []
    assert run(X=short_clips, dimensions=["dynamics"]) == ["dynamics"]
    entries = ClipCache(tmp_path / "cache").info()["n_entries"]
    assert entries.to_dict() == {"emotion_dynamics": 10, "emotion_tone_colour": 10}


def test_cached_values_are_those_computed(short_files, tmp_path):
    columns = ["tone_colour__mfcc_02__std", "tone_colour__zero_crossings", *LOUDNESS]
    expected = make(columns=columns).fit_transform(short_files)
    for selection in ({"columns": columns}, {}, {"columns": columns}):
        features = make(cache=tmp_path, **selection).set_output(transform="pandas")
        output = features.fit_transform(short_files)
        chosen = make(columns=columns).fit(short_files).get_feature_names_out()
        np.testing.assert_array_equal(output[chosen], expected)


def test_the_cache_knows_preparation_and_version(short_files, described, tmp_path, monkeypatch):
    features = make(columns=LOUDNESS, cache=tmp_path)
    features.fit_transform(short_files)
    for parameters in ({"sample_rate": 8000}, {"duration": 0.1}, {"normalize": True}):
        described.clear()
        clone(features).set_params(**parameters).fit_transform(short_files)
        assert len(described) == 5
    described.clear()
    monkeypatch.setitem(_rows.VERSIONS, "dynamics", -1)
    features.fit_transform(short_files)
    assert len(described) == 5


def test_a_file_is_decoded_once(short_files, monkeypatch):
    calls = []

    class Counted(Sound):
        def __init__(self, *args):
            calls.append(1)
            super().__init__(*args)

    monkeypatch.setattr(_rows, "Sound", Counted)
    make(columns=[*LOUDNESS, *MFCC]).fit_transform(short_files)
    assert len(calls) == 5


def test_progress_bar(short_clips, capsys):
    make(columns=LOUDNESS, verbose=1).fit_transform(short_clips)
    assert "descriptors: 100%" in capsys.readouterr().err
    make(columns=LOUDNESS).fit_transform(short_clips)
    assert capsys.readouterr().err == ""


def test_threads_give_the_same_bits_for_all(short_clips):
    clips = np.tile(short_clips, (1, 3))
    one, four = (make(n_jobs=n_jobs).fit_transform(clips) for n_jobs in (1, 4))
    np.testing.assert_array_equal(four, one)


def test_values_of_another_version_are_refused(short_clips, monkeypatch):
    features = make(columns=["rhythm__tempo_first", *LOUDNESS]).fit(short_clips)
    assert set(features.versions_) == {"rhythm", "dynamics"}
    monkeypatch.setitem(_rows.VERSIONS, "melody", 99)  # not one of these columns
    features.transform(short_clips[:1])
    monkeypatch.setitem(_rows.VERSIONS, "rhythm", 99)
    with pytest.raises(ValueError, match=r"descriptors of rhythm have other values"):
        features.transform(short_clips[:1])
    features.fit(short_clips).transform(short_clips[:1])
