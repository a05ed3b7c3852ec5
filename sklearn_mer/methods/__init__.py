"""The methods of the study, each a scikit-learn classifier of clips."""

from ._cnn import CNNBaseline
from ._hybrid import HybridMER
from ._register import Method, available_methods, make_method
from ._svm import SVMBaseline

__all__ = [
    "CNNBaseline",
    "HybridMER",
    "Method",
    "SVMBaseline",
    "available_methods",
    "make_method",
]
