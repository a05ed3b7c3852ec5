"""Music emotion recognition with scikit-learn.

Classifiers of music clips into emotion quadrants, the transformers and samplers that they use, data
sets, and a study that compares them. The sub-packages are `audio`, `augmentation`, `commands`,
`datasets`, `embeddings`, `features`, `methods`, `model_selection`, `models`, `nets`, `plotting`,
`songs`, `spectrogram`, `study`, `training` and `weights`.
"""

from importlib import import_module
from pkgutil import iter_modules

from ._version import __version__ as __version__

# What users import most often, beside all of `methods`. Names are loaded at first use: torch takes
# seconds, and neither ``sklearn-mer --help`` nor the workers of a study that trains no network
# need it.
_HOMES = {
    "AudioLoader": "audio",
    "DeepSMOTE": "augmentation",
    "AutoencoderEmbedding": "embeddings",
    "ArtistClassifier": "embeddings.pretraining",
    "CRNNTagger": "embeddings.pretraining",
    "EmotionFeatures": "features",
    "SummaryFeatures": "features",
    "MelSpectrogram": "spectrogram",
    "load_model": "models",
    "predict_over_time": "songs",
    "predict_songs": "songs",
    "save_model": "models",
    "valence_arousal": "songs",
}
_SUBPACKAGES = {module.name for module in iter_modules(__path__) if module.ispkg}


def __getattr__(name):
    if name in _SUBPACKAGES:
        return import_module(f".{name}", __name__)
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    methods = import_module(".methods", __name__)
    if name == "__all__":
        return sorted(["__version__", *_HOMES, *methods.__all__])
    if name in methods.__all__:
        return getattr(methods, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *_SUBPACKAGES, *__getattr__("__all__")})
