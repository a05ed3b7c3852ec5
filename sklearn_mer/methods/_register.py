"""The register: the rows of Table 1 and methods of this library, each in two recipes.

Published figures are of Louro et al., "Improving Deep Learning Methodologies for Music Emotion
Recognition". The paper's data sets "Original-4QAED" and "New-4QAED" (complete and balanced) go
by the names of `load_4qaed` and `load_merge`.
"""

from dataclasses import replace

from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from ..augmentation import BandStop, Compose, DeepSMOTE, Gain, SevenBandEQ, TimeMask
from ..embeddings import AutoencoderEmbedding, OpenL3Embedding
from ._artist_cnn import ArtistCNN
from ._cnn import CNNBaseline
from ._cnn_gru import CNNGRU
from ._crnn import CRNN
from ._emotion_fusion import EmotionFusion
from ._hybrid import HybridMER
from ._method import Method
from ._pretrained_crnn import PretrainedCRNN
from ._sample import SampleCNN
from ._short_chunk import ShortChunkCNN
from ._svm import SVMBaseline

_DATASETS = ("4qaed", "merge-complete", "merge-balanced")

# Training settings that several rows share in the paper.
_SGD = {
    "optimizer": "sgd",
    "lr": 0.01,
    "weight_decay": 0.0,
    "schedule": "constant",
    "standardize": False,
}

_SVM = {"gamma": 0.003, "clip": None}

_SEGMENTS = {**_SGD, "lr": 0.001, "batch_size": 50, "segments_per_epoch": None}

_CNN = {**_SGD, "batch_size": 150, "max_epochs": 200}

# Of the new layer on a pre-trained network.
_NEW_LAYER = {
    "optimizer": "adam",
    "weight_decay": 0.0,
    "schedule": "constant",
    "standardize": False,
    "dropout": 0.0,
    "max_epochs": 200,
    "stop_accuracy": 0.9,
}

_TAGGERS = ("msd_fcn", "mtat_fcn", "jamendo_fcn")

_AUTOENCODER = {"lr": 2e-4, "schedule": "constant", "batch_size": 150, "max_epochs": 150}


def _row(key, title, published, estimator, paper=None, weights=None):
    """Return a row in both recipes.

    Parameters
    ----------
    key, title : str
        Its names in this library and in the paper.
    published : tuple of float
        Macro F1 in percent on each of `_DATASETS`; empty for a method that the paper lacks.
    estimator : estimator
        With what makes the row; all else is the defaults of its class.
    paper : dict or None, default=None
        Parameters that the recipe of the paper changes.
    weights : str, tuple of str or None, default=None
        Names of the pre-trained weights that the estimator needs.

    Returns
    -------
    dict of str to Method
        By recipe.
    """
    scores = dict(zip(_DATASETS, published, strict=True)) if published else {}
    estimators = {"default": estimator, "paper": clone(estimator).set_params(**paper or {})}
    return {
        recipe: Method(key, settings, title, recipe, scores, weights)
        for recipe, settings in estimators.items()
    }


def _forest_on(embedding):
    return Pipeline([("embedding", embedding), ("forest", RandomForestClassifier())])


_ROWS = (
    _row("svm", "SVM Baseline", (75.59, 69.79, 69.82), SVMBaseline(), _SVM),
    _row("cnn", "DL Baseline", (60.62, 61.66, 60.28), CNNBaseline(), _CNN),
    _row(
        "cnn_gru",
        "Baseline with GRU",
        (60.07, 61.99, 58.85),
        CNNGRU(),
        {**_CNN, "n_units": 2000},
    ),
    _row("crnn", "CRNN", (64.63, 64.09, 62.54), CRNN(), {**_CNN, "width": 64, "hop_length": 512}),
    _row(
        "hybrid",
        "Hybrid Augmented",
        (68.04, 67.85, 80.24),
        HybridMER(),
        {
            "weight_decay": 0.0,
            "schedule": "constant",
            "standardize": False,
            "head_optimizer": "sgd",
            "head_lr": 0.01,
            "head_batch_size": 300,
            "head_max_epochs": 100,
            "head": "network",
            "n_dnns": 1,
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
    _row(
        "autoencoder",
        "Autoencoder",
        (50.18, 53.56, 53.69),
        _forest_on(AutoencoderEmbedding()),
        {f"embedding__{name}": value for name, value in _AUTOENCODER.items()},
    ),
    _row(
        "openl3",
        "OpenL3",
        (55.70, 53.62, 52.85),
        _forest_on(OpenL3Embedding()),
        weights="openl3_mel256_music",
    ),
    # One altered copy of each clip. The seed of the copies is fixed, so that they are made once
    # for all folds.
    _row(
        "cnn_tfm",
        "Baseline + TFM",
        (62.03, 61.82, 61.39),
        CNNBaseline(
            augment=Compose(steps=[("mask", TimeMask()), ("stop", BandStop())], random_state=0)
        ),
        _CNN,
    ),
    _row(
        "cnn_seven_band",
        "Baseline + SB",
        (62.12, 61.73, 61.01),
        CNNBaseline(augment=SevenBandEQ(random_state=0)),
        _CNN,
    ),
    _row(
        "cnn_gain",
        "Baseline + RG",
        (62.24, 62.08, 61.36),
        CNNBaseline(augment=Gain(random_state=0)),
        _CNN,
    ),
    _row(
        "cnn_deepsmote",
        "Baseline + DeepSMOTE",
        (60.70, 61.47, 60.48),
        CNNBaseline(augment=DeepSMOTE(n_new=25, random_state=0)),
        {
            **_SGD,
            "batch_size": 200,
            "max_epochs": 150,
            **{f"augment__{name}": value for name, value in _AUTOENCODER.items()},
        },
    ),
    _row(
        "short_chunk",
        "ShortChunk CNN",
        (60.61, 61.84, 57.07),
        ShortChunkCNN(),
        {**_SEGMENTS, "max_epochs": 100},
    ),
    _row(
        "sample_cnn",
        "Sample CNN",
        (60.92, 60.78, 54.46),
        SampleCNN(),
        {**_SEGMENTS, "max_epochs": 150, "width": 128},
    ),
    _row(
        "artist_cnn",
        "Artists CNN",
        (50.85, 50.27, 50.22),
        ArtistCNN(),
        {**_NEW_LAYER, "lr": 0.01, "batch_size": 100},
        weights="artist_siamese_10000",
    ),
    _row(
        "crnn_mtat",
        "CRNN Pre-trained MTAT",
        (50.21, 51.70, 51.44),
        PretrainedCRNN(),
        {**_NEW_LAYER, "lr": 0.001, "weight_decay": 1e-4, "batch_size": 16},
        weights="mtat_crnn",
    ),
    # Not in the paper.
    _row("fusion_audio", "Kernel Fusion, audio", (), EmotionFusion(), weights=_TAGGERS),
    _row(
        "fusion",
        "Kernel Fusion, audio and columns",
        (),
        EmotionFusion(columns="auto"),
        weights=_TAGGERS,
    ),
)


def available_methods(recipe="default"):
    """Return the rows of Table 1, and the methods of this library.

    Parameters
    ----------
    recipe : {"default", "paper"}, default="default"
        "default": settings that are sound and affordable on a CPU of two cores, the defaults of
        the classes. "paper": the training settings of the paper's authors, where known.

    Returns
    -------
    dict of str to Method
        By key, with unfitted estimators that nothing else refers to. The 15 rows of the paper have
        ``published`` figures.

    Raises
    ------
    ValueError
        If the recipe is unknown.

    See Also
    --------
    make_method : The estimator of one row.
    sklearn_mer.study.table1 : Cross-validate them on the same folds.

    Examples
    --------
    >>> from sklearn_mer.methods import available_methods
    >>> available_methods()["cnn"].published["4qaed"]
    60.62
    """
    _check_choice("recipe", recipe, _ROWS[0])
    rows = [row[recipe] for row in _ROWS]
    return {row.key: replace(row, estimator=clone(row.estimator)) for row in rows}


def make_method(key, recipe="default", **params):
    """Return the estimator of a row of Table 1, unfitted.

    Parameters
    ----------
    key : str
        A key of `available_methods`.
    recipe : {"default", "paper"}, default="default"
        Settings, see `available_methods`.
    **params
        Parameters to set, in place of those of the recipe; also of nested objects, as
        ``embedding__max_epochs``.

    Returns
    -------
    estimator
        A classifier, or a pipeline that ends with one.

    Raises
    ------
    ValueError
        If the key, the recipe or a parameter is unknown.

    See Also
    --------
    available_methods : The keys and their rows.
    sklearn_mer.models.make_ready : The estimators of the ready models.

    Examples
    --------
    >>> from sklearn_mer.methods import make_method
    >>> make_method("cnn", recipe="paper", random_state=0).batch_size
    150
    """
    methods = available_methods(recipe)
    _check_choice("method", key, methods)
    return methods[key].estimator.set_params(**params)


def _check_choice(what, name, known):
    if name not in known:
        raise ValueError(f"Unknown {what} {name!r}: choose from {', '.join(known)}.")
