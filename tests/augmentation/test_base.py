"""What holds for every sampler."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from imblearn.pipeline import make_pipeline
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import FunctionTransformer

from sklearn_mer.audio import AudioLoader
from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    Gain,
    PitchShift,
    PowerShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
    WaveformSampler,
)

from .conftest import SAMPLERS
from .sounds import compose, noise

SAMPLES = st.floats(-1, 1, width=32)
WAVEFORMS = st.integers(1, 6000).flatmap(
    # Long ones are mostly one value: hypothesis draws the places that differ.
    lambda n: arrays(np.float32, n, elements=SAMPLES, fill=SAMPLES)
)


def test_silence_stays_silence(sampler_class):
    assert not sampler_class(random_state=0, n_copies=3).copies(np.zeros(5000)).any()


@pytest.mark.parametrize("make", [*SAMPLERS, compose])
@settings(max_examples=40, deadline=None)
@given(waveform=WAVEFORMS, seed=st.integers(0, 2**31 - 1))
def test_copies_have_the_length_of_the_clip_and_are_finite(make, waveform, seed):
    before = waveform.copy()
    copies = make(random_state=seed, n_copies=2).copies(waveform)
    assert copies.shape == (2, len(waveform))
    assert copies.dtype == np.float32
    assert np.isfinite(copies).all()
    np.testing.assert_array_equal(waveform, before)


@pytest.mark.parametrize("make", [TimeMask, BandStop, SevenBandEQ, Gain, compose])
@pytest.mark.parametrize("sample_rate", [8432, 44100])
def test_other_sample_rates(make, sample_rate):
    if make is compose:
        sampler = compose().set_params(mask__sample_rate=sample_rate, stop__sample_rate=sample_rate)
        sampler.set_params(sample_rate=sample_rate, n_copies=20)
    else:
        sampler = make(sample_rate=sample_rate, n_copies=20, random_state=0)
    copies = sampler.copies(noise(1.0))
    assert np.isfinite(copies).all()
    assert np.abs(copies).max() < 200


@pytest.mark.parametrize(
    ("sampler", "match"),
    [
        (PowerShift(decibels=[]), "decibels=.* non-empty"),
        (PowerShift(decibels=["a"]), "decibels=.* numbers"),
        (PitchShift(semitones=[1.0, np.inf]), "semitones=.* numbers from -48 to 48"),
        (PowerShift(decibels=[[1], [2, 3]]), "decibels=.* non-empty"),
        (PowerShift(decibels=[1e6]), "decibels=.* from -120 to 120"),
        (PitchShift(semitones=[np.nan]), "semitones=.* numbers from -48 to 48"),
        (PitchShift(semitones=[50]), "semitones=.* numbers from -48 to 48"),
        (TimeStretch(rates=[0.5, 0.0]), "rates=.* numbers from 0.05 to 20"),
        (TimeStretch(rates=[1e-9]), "rates=.* numbers from 0.05 to 20"),
        (TimeShift(max_shift=-1.0), "max_shift"),
        (TimeShift(n_copies=0), "n_copies"),
        (TimeMask(fraction=(0.5, 0.1)), "fraction=.* in ascending order, from 0 to 1"),
        (TimeMask(fraction=(0, 1.5)), "fraction=.* from 0 to 1"),
        (TimeMask(fraction=0.5), "fraction"),
        (TimeMask(fraction=[0.1]), "fraction=.* two finite numbers"),
        (TimeMask(fade=-1), "fade"),
        (Gain(decibels=(0, np.inf)), "decibels=.* two finite numbers"),
        (Gain(decibels=(0, 121)), "decibels=.* from -120 to 120"),
        (Gain(decibels=[[0], [1, 2]]), "decibels=.* two finite numbers"),
        (Gain(decibels=("a", "b")), "decibels=.* two finite numbers"),
        (BandStop(center=(0, 100)), "center=.* in ascending order"),
        (BandStop(center=(200, 9000)), r"center=.* to 8000.0 \(Hz; half the sample rate\)"),
        (BandStop(sample_rate=4000), r"center=\(200.0, 4000.0\) .* to 2000.0 \(Hz; half"),
        (BandStop(bandwidth=(0.5, 2)), "bandwidth=.* from 0.001 to 1.999"),
        (BandStop(slope=(10, 24)), "slope=.* multiples of 6"),
        (BandStop(slope=(0, 24)), "slope=.* from 6 to 96"),
        (SevenBandEQ(peak_q=(0, 1)), "peak_q=.* from 0.001 to 1000"),
        (SevenBandEQ(decibels=(-999, 0)), "decibels=.* from -120 to 120"),
        (SevenBandEQ(sample_rate=8000), "sample_rate=8000 .* high shelf.* at least 8432"),
        (SevenBandEQ(shelf_q=(1, 0.5)), "shelf_q"),
        (Compose(steps=[]), "steps=.. is empty"),
        (Compose(steps=[TimeMask()]), "pairs of a name and a sampler"),
        (Compose(steps=[("mask", 3)]), "pairs of a name and a sampler"),
        (Compose(steps=[("a", Gain()), ("a", Gain())]), "not unique"),
        (Compose(steps=[("a", Gain(n_copies=0))]), "n_copies"),
        (Compose(steps=[("a", Gain(sample_rate=8000))]), "sample_rate=8000, but Compose has 16000"),
    ],
)
def test_unusable_parameters_are_named(sampler, match):
    with pytest.raises(ValueError, match=match):
        sampler.fit_resample(np.ones((4, 100)), [0, 0, 1, 1])
    with pytest.raises(ValueError, match=match):
        sampler.copies(np.ones(100))


def test_originals_come_first_then_the_copies_clip_by_clip(sampler_class, waveforms, labels):
    sampler = sampler_class(n_copies=2, random_state=0)
    X, y = sampler.fit_resample(waveforms, labels)
    np.testing.assert_array_equal(X[:6], waveforms)
    assert X.dtype == np.float32
    np.testing.assert_array_equal(sampler.sample_indices_[6:], np.repeat(np.arange(6), 2))
    np.testing.assert_array_equal(y, labels[sampler.sample_indices_])
    for i, waveform in enumerate(waveforms):
        np.testing.assert_array_equal(X[6 + 2 * i : 8 + 2 * i], sampler.copies(waveform))
        assert not np.array_equal(X[6 + 2 * i], waveform)


def test_signature_tells_everything_that_matters(sampler_class, waveforms):
    def text(**params):
        return json.dumps(sampler_class(**{"random_state": 0, **params}).signature())

    assert text() == text(n_jobs=2, cache=False, verbose=1, duration=5.0)
    own = sampler_class().get_params().keys() - WaveformSampler._parameter_constraints
    scalar = ("max_shift", "fade")
    values = {name: 0.5 if name in scalar else [0.25, 0.25] for name in own}
    others = [text(random_state=1), text(n_copies=2), text(sample_rate=8000)]
    others += [text(**{name: value}) for name, value in values.items()]
    assert len({text(), *others}) == 4 + len(own)
    assert own
    assert sampler_class.__name__ in text()


def test_signature_does_not_tell_equal_numbers_apart():
    assert (
        TimeShift(max_shift=5, random_state=np.int64(1)).signature()
        == TimeShift(max_shift=5.0, random_state=1).signature()
    )


@pytest.mark.parametrize("random_state", [None, np.random.RandomState(0)])
def test_signature_without_a_seed_is_refused(random_state):
    with pytest.raises(ValueError, match="set an int"):
        TimeShift(random_state=random_state).signature()


def test_pickled_samplers_make_the_same_copies(sampler_class, waveforms, labels):
    sampler = sampler_class(random_state=0)
    X, _ = sampler.fit_resample(waveforms, labels)
    again = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(again.fit_resample(waveforms, labels)[0], X)
    np.testing.assert_array_equal(again.sample_indices_, sampler.sample_indices_)


def test_what_is_no_clip_is_refused(waveforms):
    with pytest.raises(ValueError, match="one waveform"):
        TimeShift().copies(waveforms)
    with pytest.raises(ValueError, match="put it into a list"):
        TimeShift().fit_resample("song.wav", [0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        TimeShift().fit_resample(waveforms, [0, 1])


def test_an_alteration_that_changes_the_length_is_told(waveforms, labels):
    class Halved(TimeShift):
        def alter(self, waveform, rng):
            return waveform[::2]

    with pytest.raises(
        ValueError, match=r"Halved.alter\(\) returned an array of shape \(4000,\) for .* \(8000,\)"
    ):
        Halved(random_state=0).fit_resample(waveforms, labels)


def test_labels_that_are_texts_and_numbers(sampler_class, waveforms):
    with pytest.raises(ValueError, match=r"Unknown label type: mixed .*one class label per clip"):
        sampler_class().fit_resample(waveforms, np.array(["Q1", 2, 3] * 2, dtype=object))


@pytest.mark.parametrize("columns", [["audio", "f", "f"], ["f", "f", "g"]])
def test_a_table_with_a_column_twice(columns, waveforms, labels):
    X = pd.DataFrame(waveforms[:, :3], columns=columns)
    with pytest.raises(ValueError, match=r"several columns with the name|no column 'audio'"):
        TimeShift().fit_resample(X, labels)


class Recorder(TransformerMixin, BaseEstimator):
    """Keeps what passes."""

    seen = []

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        self.seen.append(X)
        return X


@pytest.fixture
def seen():
    Recorder.seen.clear()
    return Recorder.seen


def spectra(X):
    return np.log1p(np.abs(np.fft.rfft(X[:, :2048])))


def test_predict_sees_exactly_the_given_clips(sampler_class, waveforms, labels, seen):
    model = make_pipeline(
        sampler_class(random_state=0),
        Recorder(),
        FunctionTransformer(spectra),
        LogisticRegression(),
    )
    model.fit(waveforms[:3], labels[:3])
    (trained_on,) = seen
    assert trained_on.shape == (6, 8000)
    seen.clear()
    for method in ("predict", "predict_proba", "decision_function"):
        getattr(model, method)(waveforms[3:])
    model.score(waveforms[3:], labels[3:])
    assert len(seen) == 4
    for X in seen:
        np.testing.assert_array_equal(X, waveforms[3:])


def test_two_samplers_in_a_row_and_files_through_cross_validation(paths, seen):
    model = make_pipeline(
        TimeShift(max_shift=0.05, duration=0.5, random_state=0),
        PowerShift(duration=0.5, random_state=0),
        Recorder(),
        AudioLoader(duration=0.5),
        FunctionTransformer(spectra),
        LogisticRegression(),
    )
    y = [0, 1, 0, 1, 0, 1]
    scores = cross_val_score(model, paths, y, cv=3, error_score="raise")
    assert scores.shape == (3,)
    assert [len(X) for X in seen] == [16, 2] * 3
    tested_on = [path for X in seen[1::2] for path in X]
    assert sorted(tested_on) == sorted(paths)
