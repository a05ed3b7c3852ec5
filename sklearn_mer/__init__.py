"""Music emotion recognition with scikit-learn.

Classifiers of music clips into emotion quadrants, the transformers and samplers that they use, data
sets, and a study that compares them. The sub-packages are `audio`, `augmentation`, `datasets`,
`embeddings`, `features`, `methods`, `model_selection`, `nets`, `plotting`, `spectrogram`, `study`
and `training`.
"""

from importlib import import_module

from ._version import __version__ as __version__

# Loaded at first use: torch takes seconds, and neither ``sklearn-mer --help`` nor the workers of
# a study that trains no network need it.
_NAMES = {
    "audio": ["AudioLoader"],
    "augmentation": ["DeepSMOTE"],
    "datasets": [],
    "embeddings": ["AutoencoderEmbedding"],
    "embeddings.pretraining": ["ArtistClassifier", "CRNNTagger"],
    "features": ["EmotionFeatures", "SummaryFeatures"],
    "methods": [
        "CNNGRU",
        "CRNN",
        "ArtistCNN",
        "CNNBaseline",
        "HybridMER",
        "PretrainedCRNN",
        "SVMBaseline",
        "SampleCNN",
        "ShortChunkCNN",
        "available_methods",
        "make_method",
    ],
    "model_selection": [],
    "nets": [],
    "plotting": [],
    "spectrogram": ["MelSpectrogram"],
    "study": [],
    "training": [],
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}
__all__ = sorted(["__version__", *_HOMES])


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    if name in _NAMES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_NAMES, *__all__})
