"""What holds for every transformer of clips."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer import AudioLoader, EmotionFeatures, MelSpectrogram, SummaryFeatures

QUICK = {"columns": ["dynamics__loudness", "tone_colour__mfcc"]}
SMALL = {"duration": None, "n_fft": 64, "hop_length": 32, "n_mels": 4}


@parametrize_with_checks(
    [
        AudioLoader(duration=0.002),
        AudioLoader(duration=None, normalize=True),
        EmotionFeatures(duration=None, **QUICK),
        EmotionFeatures(duration=0.25, dimensions=["dynamics"]),
        MelSpectrogram(**SMALL),
        MelSpectrogram(flatten=True, **SMALL),
        SummaryFeatures(duration=None),
        SummaryFeatures(duration=0.25),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(
    [
        AudioLoader(),
        EmotionFeatures(duration=None),
        MelSpectrogram(duration=None),
        SummaryFeatures(),
    ]
)
def test_scikit_learn_checks_of_the_defaults(estimator, check):
    check(estimator)


TABLES = [
    AudioLoader(duration=0.3),
    EmotionFeatures(duration=0.3, **QUICK),
    MelSpectrogram(flatten=True, duration=0.3),
    SummaryFeatures(duration=0.3),
]


@pytest.fixture(params=[*TABLES, MelSpectrogram(duration=None)], ids=str)
def transformer(request):
    return clone(request.param)


@pytest.fixture(params=TABLES, ids=str)
def table_maker(request):
    return clone(request.param)


def test_three_forms_give_the_same(transformer, short_clips, short_files):
    expected = transformer.fit_transform(short_clips)
    assert expected.dtype == np.float32
    assert len(expected) == 5
    table = pd.DataFrame({"f": range(5), "audio": short_files}, index=list("vwxyz"))
    for X in (short_files, np.array(short_files), table):
        np.testing.assert_array_equal(transformer.fit_transform(X), expected)
        np.testing.assert_array_equal(transformer.fit(X).transform(X), expected)


def test_a_clip_does_not_depend_on_its_neighbours(transformer, short_clips):
    together = transformer.fit_transform(short_clips)
    for i in range(5):
        alone = transformer.transform(short_clips[i : i + 1])
        np.testing.assert_array_equal(alone[0], together[i])


@pytest.mark.parametrize("n_jobs", [2, 4])
def test_threads_give_the_same_bits(n_jobs, transformer, short_clips, short_files):
    for X in (short_clips, short_files):
        one = transformer.set_params(n_jobs=1).fit_transform(X)
        if "cache" in transformer.get_params():
            transformer.set_params(cache=False)
        many = transformer.set_params(n_jobs=n_jobs).fit_transform(X)
        np.testing.assert_array_equal(many, one)


def test_clone_and_pickle(transformer, short_clips):
    transformer.set_params(sample_rate=8000)
    expected = transformer.fit_transform(short_clips)
    loaded = pickle.loads(pickle.dumps(transformer))
    np.testing.assert_array_equal(loaded.transform(short_clips), expected)
    copy = clone(transformer)
    assert copy.get_params() == transformer.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]
    np.testing.assert_array_equal(copy.fit_transform(short_clips), expected)


def test_html_view(transformer, short_clips):
    for fitted in (False, True):
        if fitted:
            transformer.fit(short_clips)
        html = transformer._repr_html_()
        assert type(transformer).__name__ in html
        assert "sample_rate" in html
        assert ("Not fitted" in html) == (not fitted)


def test_names_and_pandas_output(table_maker, short_clips, short_files):
    values = table_maker.fit_transform(short_files)
    names = table_maker.get_feature_names_out()
    assert names.shape == (values.shape[1],)
    assert len(set(names)) == len(names)
    table_maker.set_output(transform="pandas")
    table = pd.DataFrame({"audio": short_files}, index=list("vwxyz"))
    output = table_maker.fit_transform(table)
    assert list(output.columns) == list(names)
    assert list(output.index) == list("vwxyz")
    np.testing.assert_array_equal(output.to_numpy(), values)


def test_in_a_pipeline(table_maker, short_files):
    pipeline = make_pipeline(table_maker, StandardScaler()).set_output(transform="pandas")
    output = pipeline.fit_transform(short_files)
    assert list(output.columns) == list(pipeline[:-1].get_feature_names_out())
    np.testing.assert_allclose(output.mean(), 0, atol=1e-4)


def test_use_before_fit(transformer, short_clips):
    with pytest.raises(ValueError, match=f"This {type(transformer).__name__} instance is not fit"):
        transformer.transform(short_clips)
