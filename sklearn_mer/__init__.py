"""Music emotion recognition with scikit-learn.

Methods that sort clips of music into Russell's quadrants, the transformers and samplers they are
made of, and the data sets they are compared on. See the sub-packages: `audio`, `spectrogram`,
`features`, `augmentation`, `nets`, `methods`, `datasets`, `model_selection`, `plotting`, `study`.
"""

from ._version import __version__
from .audio import AudioLoader
from .augmentation import DeepSMOTE
from .embeddings import AutoencoderEmbedding
from .embeddings.pretraining import ArtistClassifier, CRNNTagger
from .features import EmotionFeatures, SummaryFeatures
from .methods import (
    CNNGRU,
    CRNN,
    ArtistCNN,
    CNNBaseline,
    HybridMER,
    PretrainedCRNN,
    SampleCNN,
    ShortChunkCNN,
    SVMBaseline,
    available_methods,
    make_method,
)
from .spectrogram import MelSpectrogram

__all__ = [
    "CNNGRU",
    "CRNN",
    "ArtistCNN",
    "ArtistClassifier",
    "AudioLoader",
    "AutoencoderEmbedding",
    "CNNBaseline",
    "CRNNTagger",
    "DeepSMOTE",
    "EmotionFeatures",
    "HybridMER",
    "MelSpectrogram",
    "PretrainedCRNN",
    "SVMBaseline",
    "SampleCNN",
    "ShortChunkCNN",
    "SummaryFeatures",
    "__version__",
    "available_methods",
    "make_method",
]
