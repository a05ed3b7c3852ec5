"""Parameters that are numbers of numpy, as every ``np.arange`` grid gives them."""

import numpy as np
import pytest
from cases import make
from random_weights import weights_files
from sklearn.base import clone
from sklearn.svm import SVC
from test_common import public_estimators

from sklearn_mer import (
    AudioLoader,
    AutoencoderEmbedding,
    DeepSMOTE,
    EmotionFeatures,
    KernelFusion,
    MelSpectrogram,
    SummaryFeatures,
)
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
)
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.embeddings import (
    ArtistEmbedding,
    HubEmbedding,
    MusiCNNEmbedding,
    ONNXEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
)
from sklearn_mer.embeddings.pretraining import ArtistClassifier, CRNNTagger
from sklearn_mer.model_selection import BayesSearchCV

ROWS = ("svm", "cnn", "cnn_gru", "crnn", "short_chunk", "sample_cnn", "artist_cnn")
FILES = weights_files()
TRAINED = {"max_epochs": 1, "batch_size": 4, "random_state": 0}
HEARD = {"duration": 2.1, "offset": 0.25, "cache": False, "n_jobs": 1, "verbose": 0}
LONGER = {**HEARD, "duration": 3.1}
COPIED = {"duration": 1.1, "random_state": 0, "n_copies": 2, "cache": False, "n_jobs": 1}
MEL = MelSpectrogram(n_mels=64, duration=2.7, offset=0.1, fmax=7500.1, n_jobs=1)

ESTIMATORS = [
    *(make(key) for key in ROWS),
    make("hybrid", augment=None, max_epochs=1),
    make("fusion_audio", max_exact=4, n_components=3, random_state=0),
    KernelFusion([("one", EmotionFeatures(columns=["dynamics__loudness"], duration=4.0))]),
    make("crnn_mtat", unfreeze=True, unfreeze_max_epochs=1),
    AudioLoader(offset=0.25, duration=1.3),
    EmotionFeatures(columns=["dynamics__loudness"], offset=0.2, duration=1.3),
    SummaryFeatures(offset=0.25, duration=1.1),
    MEL,
    TimeShift(max_shift=0.7, **COPIED),
    PitchShift(**COPIED),
    TimeStretch(**COPIED),
    PowerShift(**COPIED),
    Gain(**COPIED),
    TimeMask(fade=0.1, **COPIED),
    BandStop(**COPIED),
    SevenBandEQ(**COPIED),
    Compose(steps=[("mask", TimeMask()), ("gain", Gain())], **COPIED),
    DeepSMOTE(k_neighbors=1, n_new=2, n_latent=8, n_filters=(4, 8), **TRAINED),
    AutoencoderEmbedding(frontend=MEL, n_filters=(4, 8), n_latent=8, **TRAINED),
    TaggerEmbedding(weights=FILES["crnn"], **HEARD),
    MusiCNNEmbedding(weights=FILES["musicnn"], **LONGER),
    ArtistEmbedding(weights=FILES["artist"], **LONGER),
    OpenL3Embedding(weights=FILES["openl3"], **{**HEARD, "hop_size": 0.7}),
    CRNNTagger(n_filters=(2, 2, 2, 2), n_units=4, dropout=0.3, **TRAINED, **HEARD),
    ArtistClassifier(n_filters=(2,) * 5, **TRAINED, **LONGER),
    BayesSearchCV(SVC(), {"C": [1.0, 2.0]}, n_trials=2, sampler="random", cv=2, random_state=0),
]


def test_all_public_estimators_are_here():
    # In the tests of their own, which alone import the large libraries that they need.
    elsewhere = {HubEmbedding, ONNXEmbedding}
    here = {type(estimator) for estimator in ESTIMATORS}
    assert set(public_estimators()) - elsewhere <= here


@pytest.fixture(scope="module")
def clips():
    return make_quadrant_clips(8, duration=4.0, random_state=0, return_X_y=True)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_numbers_of_numpy_are_as_good_as_those_of_python(estimator, clips):
    of_python = with_numbers(estimator, int, lambda x: float(np.float32(x)))
    of_numpy = with_numbers(estimator, np.int64, np.float32)
    np.testing.assert_array_equal(result(of_numpy, *clips), result(of_python, *clips))


def with_numbers(estimator, integer, real):
    params = estimator.get_params()
    numbers = {name: _converted(value, integer, real) for name, value in params.items()}
    return clone(estimator).set_params(**numbers)


def _converted(value, integer, real):
    if isinstance(value, tuple):
        return tuple(_converted(one, integer, real) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return integer(value)
    return real(value) if isinstance(value, float) else value


def result(estimator, X, y):
    if isinstance(estimator, BayesSearchCV):
        X = X[:, :20]
    if isinstance(estimator, DeepSMOTE):
        X = MEL.fit_transform(X)
    if hasattr(estimator, "fit_resample"):
        return estimator.fit_resample(X, y)[0]
    fitted = estimator.fit(X, y)
    ways = [getattr(fitted, name, None) for name in ("predict_proba", "predict", "transform")]
    return next(way for way in ways if way)(X)
