"""The rows of Table 1: which class, which settings, what the paper reports."""

from dataclasses import dataclass, field

from sklearn.base import clone

from ..augmentation import BandStop, Compose, DeepSMOTE, Gain, SevenBandEQ, TimeMask
from ..embeddings import AutoencoderEmbedding, OpenL3Embedding, WeightsNotFoundError, find_weights
from ._artist_cnn import ArtistCNN
from ._cnn import CNNBaseline
from ._cnn_gru import CNNGRU
from ._crnn import CRNN
from ._forest import EmbeddingForest
from ._hybrid import HybridMER
from ._pretrained_crnn import PretrainedCRNN
from ._sample import SampleCNN
from ._short_chunk import ShortChunkCNN
from ._svm import SVMBaseline

PAPER = "Louro et al., Improving Deep Learning Methodologies for Music Emotion Recognition"
RECIPES = ("ours", "paper")


@dataclass(frozen=True)
class Method:
    """A row of Table 1.

    Parameters
    ----------
    key : str
        Its name in this library.
    title : str
        Its name in the paper.
    cls : type
        The estimator.
    published : dict of float
        The paper's macro F1 in percent, a data set.
    paper_settings : dict
        The paper's training settings: what its recipe ``paper`` sets beside the defaults.
    settings : dict
        What both recipes set beside the defaults: what makes this row of its class.
    paper : str
        Where the figures are from.
    weights : str or None
        Name of the pre-trained weights that the row cannot do without.
    """

    key: str
    title: str
    cls: type
    published: dict
    paper_settings: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    paper: str = PAPER
    weights: str | None = None

    def missing(self):
        """Return why the row cannot be fitted here, None where it can.

        Weights are looked for in the data home, as the row's estimator does.
        """
        if self.weights is None:
            return None
        try:
            find_weights(self.weights)
        except WeightsNotFoundError as error:
            return str(error)
        return None


def _published(original, complete, balanced):
    return {"4qaed": original, "merge-complete": complete, "merge-balanced": balanced}


_SGD = {
    "optimizer": "sgd",
    "lr": 0.01,
    "weight_decay": 0.0,
    "schedule": "constant",
    "standardize": False,
}

_SEGMENTS = {**_SGD, "lr": 0.001, "batch_size": 50, "segments_per_epoch": None}

_CNN_PAPER = {**_SGD, "batch_size": 150, "max_epochs": 200}

# Of the rows with a pre-trained network, whose new layer is a dense one and no more.
_ADAM = {
    "optimizer": "adam",
    "weight_decay": 0.0,
    "schedule": "constant",
    "standardize": False,
    "dropout": 0.0,
    "max_epochs": 200,
    "stop_accuracy": 0.9,
}

_AUTOENCODER_PAPER = {"lr": 2e-4, "schedule": "constant", "batch_size": 150, "max_epochs": 150}


def _augmented(key, title, published, sampler):
    """Return the row of the CNN with one altered copy of every clip; the seed is the copies'."""
    return Method(key, title, CNNBaseline, published, _CNN_PAPER, {"augment": sampler})


_METHODS = (
    Method("svm", "SVM Baseline", SVMBaseline, _published(75.59, 69.79, 69.82), {"gamma": 0.003}),
    Method(
        "cnn",
        "DL Baseline",
        CNNBaseline,
        _published(60.62, 61.66, 60.28),
        _CNN_PAPER,
    ),
    Method(
        "cnn_gru",
        "Baseline with GRU",
        CNNGRU,
        _published(60.07, 61.99, 58.85),
        {**_SGD, "batch_size": 150, "max_epochs": 200, "n_units": 2000},
    ),
    Method(
        "crnn",
        "CRNN",
        CRNN,
        _published(64.63, 64.09, 62.54),
        {**_SGD, "batch_size": 150, "max_epochs": 200, "width": 64},
    ),
    Method(
        "hybrid",
        "Hybrid Augmented",
        HybridMER,
        _published(68.04, 67.85, 80.24),
        {
            **_SGD,
            "batch_size": 300,
            "head_max_epochs": 100,
            "train_cnn": True,
            "cnn_optimizer": "adam",
            "cnn_lr": 0.005,
            "cnn_batch_size": 120,
            "cnn_max_epochs": 450,
            "dnn_optimizer": "sgd",
            "dnn_lr": 0.01,
            "dnn_batch_size": 150,
            "dnn_max_epochs": 200,
        },
    ),
    Method(
        "autoencoder",
        "Autoencoder",
        EmbeddingForest,
        _published(50.18, 53.56, 53.69),
        {"embedding": AutoencoderEmbedding(**_AUTOENCODER_PAPER)},
        # Given, so that a grid search can name its parameters.
        {"embedding": AutoencoderEmbedding()},
    ),
    Method(
        "openl3",
        "OpenL3",
        EmbeddingForest,
        _published(55.70, 53.62, 52.85),
        settings={"embedding": OpenL3Embedding()},
        weights="openl3_mel256_music",
    ),
    _augmented(
        "cnn_tfm",
        "Baseline + TFM",
        _published(62.03, 61.82, 61.39),
        Compose(steps=[("mask", TimeMask()), ("stop", BandStop())], random_state=0),
    ),
    _augmented(
        "cnn_seven_band",
        "Baseline + SB",
        _published(62.12, 61.73, 61.01),
        SevenBandEQ(random_state=0),
    ),
    _augmented("cnn_gain", "Baseline + RG", _published(62.24, 62.08, 61.36), Gain(random_state=0)),
    Method(
        "cnn_deepsmote",
        "Baseline + DeepSMOTE",
        CNNBaseline,
        _published(60.70, 61.47, 60.48),
        {
            **_SGD,
            "batch_size": 200,
            "max_epochs": 150,
            # The training of the autoencoder is that of the row "Autoencoder".
            "augment": DeepSMOTE(n_new=25, **_AUTOENCODER_PAPER, random_state=0),
        },
        {"augment": DeepSMOTE(n_new=25, random_state=0)},
    ),
    Method(
        "short_chunk",
        "ShortChunk CNN",
        ShortChunkCNN,
        _published(60.61, 61.84, 57.07),
        {**_SEGMENTS, "max_epochs": 100},
    ),
    Method(
        "sample_cnn",
        "Sample CNN",
        SampleCNN,
        _published(60.92, 60.78, 54.46),
        {**_SEGMENTS, "max_epochs": 150, "width": 128},
    ),
    Method(
        "artist_cnn",
        "Artists CNN",
        ArtistCNN,
        _published(50.85, 50.27, 50.22),
        {**_ADAM, "lr": 0.01, "batch_size": 100},
        weights="artist_siamese_10000",
    ),
    Method(
        "crnn_mtat",
        "CRNN Pre-trained MTAT",
        PretrainedCRNN,
        _published(50.21, 51.70, 51.44),
        {**_ADAM, "lr": 0.001, "weight_decay": 1e-4, "batch_size": 16},
        weights="mtat_crnn",
    ),
)


def available_methods():
    """Return the rows of Table 1 that this library has.

    Returns
    -------
    dict of str to Method
        With ``key``, ``title``, ``cls``, ``published`` (macro F1 in percent, a data set) and
        ``paper``.

    Examples
    --------
    >>> from sklearn_mer.methods import available_methods
    >>> available_methods()["cnn"].published["4qaed"]
    60.62
    """
    return {method.key: method for method in _METHODS}


def make_method(key, recipe="ours", **params):
    """Return the estimator of a row of Table 1, unfitted.

    Parameters
    ----------
    key : str
        See `available_methods`.
    recipe : {"ours", "paper"}, default="ours"
        "paper": the authors' training settings, where known. "ours": settings that are sound
        and affordable on a CPU of two cores; the defaults of the class beside what makes the row.
    **params
        Parameters of the estimator, which go before the recipe's.

    Returns
    -------
    estimator

    Raises
    ------
    ValueError
        For an unknown key or recipe.

    Examples
    --------
    >>> from sklearn_mer.methods import make_method
    >>> make_method("cnn", recipe="paper", random_state=0).batch_size
    150
    """
    methods = available_methods()
    if key not in methods:
        raise ValueError(f"No method {key!r}; available are {', '.join(methods)}.")
    if recipe not in RECIPES:
        raise ValueError(f"No recipe {recipe!r}; there are {', '.join(RECIPES)}.")
    method = methods[key]
    settings = method.settings | (method.paper_settings if recipe == "paper" else {})
    # What the register holds stays as it is, whatever is done to the estimator.
    own = {name: clone(value, safe=False) for name, value in settings.items()}
    return method.cls(**{**own, **params})
