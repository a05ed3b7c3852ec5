"""The rows of Table 1, small enough for tests: one entry a row, which all tests of rows go by."""

from dataclasses import dataclass, field, replace

from random_weights import weights_files
from sklearn.base import clone

from sklearn_mer import AudioLoader, MelSpectrogram
from sklearn_mer.augmentation import TimeShift
from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.features import SummaryFeatures
from sklearn_mer.methods import make_method

MEL = MelSpectrogram(duration=2.5, normalize=True, n_mels=64)
LARGER_MEL = MelSpectrogram(duration=2.5, normalize=True, n_mels=96, hop_length=400)
# Two segments a clip of each method that learns from segments.
SEGMENT, LONGER = 36, AudioLoader(duration=7.5, normalize=True)
SUMMARY = SummaryFeatures(duration=2.5)


@dataclass(frozen=True)
class Case:
    """How a row is tested: three times its parameters, and what is expected of it.

    Parameters
    ----------
    tiny : dict
        For a fit in a moment, whatever comes of it.
    by_heart : dict
        For learning 16 clips by heart, in seconds.
    unseen : dict
        For telling clips apart that it has not seen.
    macro_f1 : float
        So well at least, of 120 clips in four folds; chance is 0.25.
    learns : tuple of str
        All that learns something in a tiny fit, in turn, by the names that `spies` gives it.
    loss_left : float
        The last epoch's share of the first one's loss, by heart, is below this.
    weights : dict of str
        {parameter: network, or networks, of `random_weights` whose file it takes}.
    clips : dict
        For `make_quadrant_clips`.
    row, own : str, dict
        Of a variant: the row it is of, and its parameters in all sizes.
    """

    tiny: dict
    by_heart: dict
    unseen: dict
    macro_f1: float
    learns: tuple
    loss_left: float = 0.5
    weights: dict = field(default_factory=dict)
    clips: dict = field(default_factory=dict)
    row: str | None = None
    own: dict = field(default_factory=dict)


_FEW = {"batch_size": 8, "stop_accuracy": None}
_TINY = {"frontend": MEL, "max_epochs": 2, "batch_size": 8}
# Long enough for a segment.
_LONGER_CLIPS = {"duration": 4.0}


def _augmented(sampler):
    return Case(
        tiny={**_TINY, "max_epochs": 1},
        by_heart={**_FEW, "frontend": MEL, "max_epochs": 30},
        unseen={"max_epochs": 16},
        macro_f1=0.5,
        learns=(sampler, "MelCNN"),
    )


def _transfer(network, **others):
    free = {"dropout": 0.0, "weight_decay": 0.0, "lr": 0.1, "cache": False}
    return Case(
        tiny={"max_epochs": 2, "cache": False},
        by_heart={**free, "max_epochs": 300, "stop_accuracy": 1.0},
        unseen={"cache": False},
        macro_f1=0.38,  # of random weights
        learns=("TransferHead",),
        weights={"weights": network},
        **others,
    )


def _fusion():
    return Case(
        tiny={"descriptors": SUMMARY},
        by_heart={"descriptors": SUMMARY},
        unseen={},
        macro_f1=0.65,
        # Of each group. Twice on half the clips, to calibrate probabilities, then on all.
        learns=(*["ClippedScaler"] * 4, "KernelRidge") * 3,
        weights={"taggers": ["fcn"]},
    )


CASES = {
    "svm": Case(
        tiny={"features": SUMMARY},
        by_heart={"features": SUMMARY},
        unseen={},
        macro_f1=0.75,
        # Twice on half the clips, to calibrate probabilities, then on all.
        learns=("ClippedScaler", "SVC") * 3,
    ),
    "cnn": Case(
        tiny=_TINY,
        by_heart={**_FEW, "max_epochs": 30},
        unseen={"max_epochs": 20, "batch_size": 16},
        macro_f1=0.5,
        learns=("MelCNN",),
        loss_left=0.2,
    ),
    "cnn_gru": Case(
        tiny={**_TINY, "n_units": 8},
        by_heart={**_FEW, "n_units": 64, "max_epochs": 30, "lr": 0.003},
        unseen={"n_units": 64, "max_epochs": 20, "batch_size": 16},
        macro_f1=0.65,
        learns=("MelCNNGRU",),
    ),
    "crnn": Case(
        tiny={**_TINY, "frontend": LARGER_MEL, "width": 2},
        by_heart={**_FEW, "width": 8, "max_epochs": 30, "lr": 0.01},
        unseen={"width": 16, "max_epochs": 20, "batch_size": 16, "lr": 0.003},
        macro_f1=0.65,
        learns=("MelCRNN",),
    ),
    "hybrid": Case(
        tiny={
            "frontend": MEL,
            "features": SUMMARY,
            "augment": TimeShift(),
            "max_epochs": 2,
            "cnn_batch_size": 8,
            "n_dnns": 2,
        },
        by_heart={
            "features": SUMMARY,
            "cnn_max_epochs": 10,
            "cnn_batch_size": 8,
            "dnn_max_epochs": 30,
            "dnn_batch_size": 16,
            "n_dnns": 2,
            "head_max_epochs": 30,
            "head_batch_size": 16,
            "stop_accuracy": None,
        },
        unseen={},
        macro_f1=0.65,
        learns=("StandardScaler", "FeatureDNN", "FeatureDNN", "TimeShift", "MelCNN"),
    ),
    "autoencoder": Case(
        tiny={
            "embedding__frontend": MEL,
            "embedding__n_filters": (4, 8),
            "embedding__max_epochs": 2,
            "forest__n_estimators": 20,
        },
        by_heart={"embedding__n_filters": (4, 8), "embedding__max_epochs": 5},
        unseen={},
        macro_f1=0.4,
        learns=("MelAutoencoder", "RandomForestClassifier"),
    ),
    "openl3": Case(
        tiny={"embedding__hop_size": 1.0, "embedding__duration": 1.0},
        by_heart={"embedding__hop_size": 0.5, "embedding__duration": 3.0},
        unseen={"embedding__hop_size": 0.5, "embedding__duration": 3.0},
        macro_f1=0.38,  # of random weights
        learns=("RandomForestClassifier",),
        weights={"embedding__weights": "openl3"},
        clips={"sample_rate": 48000},
    ),
    "cnn_tfm": _augmented("Compose"),
    "cnn_seven_band": _augmented("SevenBandEQ"),
    "cnn_gain": _augmented("Gain"),
    "cnn_deepsmote": Case(
        tiny={
            **_TINY,
            "max_epochs": 1,
            "augment__n_filters": (4, 8),
            "augment__n_latent": 16,
            "augment__max_epochs": 1,
            "augment__n_new": 2,
        },
        by_heart={
            **_FEW,
            "max_epochs": 20,
            "augment__n_filters": (4, 8),
            "augment__n_latent": 16,
            "augment__max_epochs": 1,
            "augment__n_new": 2,
        },
        unseen={"max_epochs": 16},
        macro_f1=0.5,
        # SMOTE class by class.
        learns=("DeepSMOTE", "MelAutoencoder", *["SMOTE"] * 4, "MelCNN"),
    ),
    "short_chunk": Case(
        tiny={**_TINY, "segment_length": SEGMENT, "width": 4},
        by_heart={**_FEW, "width": 16, "max_epochs": 20, "lr": 0.002, "segments_per_epoch": None},
        unseen={"width": 16, "max_epochs": 15, "batch_size": 16},
        macro_f1=0.65,
        learns=("ShortChunkNet",),
        clips=_LONGER_CLIPS,
    ),
    "sample_cnn": Case(
        tiny={**_TINY, "frontend": LONGER, "width": 2, "segments_per_epoch": 2},
        by_heart={**_FEW, "width": 16, "max_epochs": 30, "segments_per_epoch": None},
        unseen={"width": 16, "max_epochs": 30, "batch_size": 16},
        macro_f1=0.65,
        learns=("SampleNet",),
        clips=_LONGER_CLIPS,
    ),
    "artist_cnn": _transfer("wide_artist", clips={"sample_rate": 22050}),
    "crnn_mtat": _transfer("wide_crnn"),
    "fusion_audio": _fusion(),
    "fusion": _fusion(),
}

VARIANTS = {
    "cnn_augment": replace(
        CASES["cnn"], row="cnn", own={"augment": TimeShift()}, learns=("TimeShift", "MelCNN")
    ),
    "hybrid_network": replace(
        CASES["hybrid"],
        row="hybrid",
        own={"augment": None, "head": "network", "n_dnns": 1, "head_batch_size": 8},
        learns=("StandardScaler", "FeatureDNN", "MelCNN", "HybridNet"),
    ),
    "crnn_mtat_unfreeze": replace(
        CASES["crnn_mtat"],
        row="crnn_mtat",
        own={"unfreeze": True, "unfreeze_max_epochs": 1},
        learns=("TransferHead", "TransferNet"),
    ),
}
ALL = CASES | VARIANTS

SINGLE_NETWORKS = ("cnn", "cnn_gru", "crnn", "short_chunk", "sample_cnn")
NETWORKS = (*SINGLE_NETWORKS, "hybrid", "cnn_augment", "hybrid_network")
# One of each class and its variants: for tests that the class decides.
KEYS = ("svm", *NETWORKS)


def make(key, size="tiny", **params):
    """Return the row or variant, unfitted; sizes are those of `Case`."""
    case = ALL[key]
    files = {name: _files(network) for name, network in case.weights.items()}
    method = seeded(make_method(case.row or key)).set_params(**getattr(case, size))
    method = clone(method)  # what the cases hold stays as it is
    # One after the other: what is nested in a part does not outlive the part.
    return method.set_params(**files, **case.own).set_params(**params)


def _files(network):
    """Return the file of a network, or the files of several."""
    return weights_files()[network] if isinstance(network, str) else list(map(_files, network))


def seeded(method, seed=0):
    """Set the random state of a method; of a pipeline, that of its steps."""
    params = method.get_params(deep=False)
    if "random_state" in params:
        return method.set_params(random_state=seed)
    steps = [step for _, step in params["steps"] if "random_state" in step.get_params()]
    for step in steps:
        step.set_params(random_state=seed)
    return method


def quadrant_clips(key, n_clips):
    """Return clips that the row can learn from."""
    return make_quadrant_clips(n_clips, **ALL[key].clips, random_state=0, return_X_y=True)


def scores(estimator, X):
    """Return the probabilities of the classes."""
    return estimator.predict_proba(X)


def weights(net):
    """Return all values of a trained network by name."""
    return {name: value.numpy() for name, value in net.module_.state_dict().items()}


def all_weights(method):
    """Return all values of all trained networks of a method by name."""
    nets = {name: getattr(method, name, None) for name in ("cnn_", "net_")}
    nets |= {f"dnns_.{i}": dnn for i, dnn in enumerate(getattr(method, "dnns_", []))}
    return {
        f"{stage}.{name}": values.copy()
        for stage, net in nets.items()
        if net is not None
        for name, values in weights(net).items()
    }
