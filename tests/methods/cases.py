"""The methods, small enough for many tests."""

from sklearn.base import clone

from sklearn_mer import (
    CNNGRU,
    CRNN,
    AudioLoader,
    CNNBaseline,
    HybridMER,
    MelSpectrogram,
    SampleCNN,
    ShortChunkCNN,
    SVMBaseline,
)
from sklearn_mer.augmentation import TimeShift
from sklearn_mer.features import SummaryFeatures

MEL = MelSpectrogram(duration=2.5, normalize=True, n_mels=64)
LARGER_MEL = MelSpectrogram(duration=2.5, normalize=True, n_mels=96, hop_length=400)
# Two segments a clip of each method that learns from segments.
SEGMENT, LONGER = 36, AudioLoader(duration=7.5, normalize=True)

_METHODS = {
    "svm": SVMBaseline(features=SummaryFeatures(duration=2.5)),
    "cnn": CNNBaseline(frontend=MEL, max_epochs=2, batch_size=8, random_state=0),
    "cnn-augment": CNNBaseline(
        frontend=MEL, augment=TimeShift(), max_epochs=1, batch_size=8, random_state=0
    ),
    "cnn-gru": CNNGRU(frontend=MEL, n_units=8, max_epochs=2, batch_size=8, random_state=0),
    "crnn": CRNN(frontend=LARGER_MEL, width=2, max_epochs=2, batch_size=8, random_state=0),
    "short-chunk": ShortChunkCNN(
        frontend=MEL, segment_length=SEGMENT, width=4, max_epochs=2, batch_size=8, random_state=0
    ),
    "sample-cnn": SampleCNN(
        frontend=LONGER, width=2, max_epochs=2, batch_size=8, segments_per_epoch=2, random_state=0
    ),
    "hybrid": HybridMER(
        frontend=MEL,
        features=SummaryFeatures(duration=2.5),
        augment=TimeShift(),
        max_epochs=2,
        cnn_batch_size=8,
        random_state=0,
    ),
    "hybrid-train-cnn": HybridMER(
        frontend=MEL,
        features=SummaryFeatures(duration=2.5),
        augment=None,
        train_cnn=True,
        max_epochs=1,
        batch_size=8,
        random_state=0,
    ),
}
KEYS = tuple(_METHODS)
SINGLE_NETWORKS = ("cnn", "cnn-gru", "crnn", "short-chunk", "sample-cnn")
NETWORKS = tuple(key for key in KEYS if key != "svm")


def make(key, **params):
    """Return a small, unfitted estimator."""
    return clone(_METHODS[key]).set_params(**params)


def scores(estimator, X):
    """Return what `predict` takes its decision from."""
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba(X)
    return estimator.decision_function(X)


def weights(net):
    """Return all values of a trained network by name."""
    return {name: value.numpy() for name, value in net.module_.state_dict().items()}
