"""The methods of the study, each a scikit-learn classifier of clips."""

from ._artist_cnn import ArtistCNN
from ._cnn import CNNBaseline
from ._cnn_gru import CNNGRU
from ._crnn import CRNN
from ._emotion_fusion import EmotionFusion
from ._hybrid import HybridMER
from ._kernel_fusion import KernelFusion
from ._method import Method
from ._pretrained_crnn import PretrainedCRNN
from ._register import available_methods, make_method
from ._sample import SampleCNN
from ._short_chunk import ShortChunkCNN
from ._svm import SVMBaseline

__all__ = [
    "CNNGRU",
    "CRNN",
    "ArtistCNN",
    "CNNBaseline",
    "EmotionFusion",
    "HybridMER",
    "KernelFusion",
    "Method",
    "PretrainedCRNN",
    "SVMBaseline",
    "SampleCNN",
    "ShortChunkCNN",
    "available_methods",
    "make_method",
]
