"""Pipelines: copies are added in training, and clips to predict are not altered."""

import numpy as np
import pytest
from imblearn.pipeline import make_pipeline
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import FunctionTransformer

from sklearn_mer.audio import AudioLoader
from sklearn_mer.augmentation import PowerShift, TimeShift


class Recorder(TransformerMixin, BaseEstimator):
    """Keeps what passes."""

    seen = []

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        self.seen.append(X)
        return X


@pytest.fixture(autouse=True)
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
