"""The methods, small enough for many tests."""

from sklearn.base import clone

from sklearn_mer import CNNBaseline, HybridMER, MelSpectrogram, SVMBaseline
from sklearn_mer.augmentation import TimeShift
from sklearn_mer.features import SummaryFeatures

MEL = MelSpectrogram(duration=2.5, normalize=True, n_mels=64)

_METHODS = {
    "svm": SVMBaseline(features=SummaryFeatures(duration=2.5)),
    "cnn": CNNBaseline(frontend=MEL, max_epochs=2, batch_size=8, random_state=0),
    "cnn-augment": CNNBaseline(
        frontend=MEL, augment=TimeShift(), max_epochs=1, batch_size=8, random_state=0
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
