"""The methods of the study, each a scikit-learn classifier of clips."""

from ._autoencoder_embedding import AutoencoderEmbedding
from ._cnn import CNNBaseline
from ._deepsmote import DeepSMOTE
from ._forest import EmbeddingForest
from ._hybrid import HybridMER
from ._register import Method, available_methods, make_method
from ._svm import SVMBaseline

__all__ = [
    "AutoencoderEmbedding",
    "CNNBaseline",
    "DeepSMOTE",
    "EmbeddingForest",
    "HybridMER",
    "Method",
    "SVMBaseline",
    "available_methods",
    "make_method",
]
