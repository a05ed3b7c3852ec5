"""From arrays and settings to a trained network.

Networks come from `sklearn_mer.nets`. Code that only makes training on a CPU faster is in
`sklearn_mer.training.cpu`.
"""

from ._autoencoder import Scale, decode, encode, train_autoencoder
from ._device import cpu_precision, resolve_device
from ._labels import encode_labels
from ._net import EmotionNet, as_trained
from ._predict import predict_hidden, predict_logits, run_network, softmax
from ._resume import resumable_training
from ._segments import DrawnSegments, Segments
from ._settings import NET_CONSTRAINTS, SEGMENT_CONSTRAINTS, Settings, check_filters, draw_seed
from ._tags import encode_tags, sigmoid
from ._train import train_network

__all__ = [
    "NET_CONSTRAINTS",
    "SEGMENT_CONSTRAINTS",
    "DrawnSegments",
    "EmotionNet",
    "Scale",
    "Segments",
    "Settings",
    "as_trained",
    "check_filters",
    "cpu_precision",
    "decode",
    "draw_seed",
    "encode",
    "encode_labels",
    "encode_tags",
    "predict_hidden",
    "predict_logits",
    "resolve_device",
    "resumable_training",
    "run_network",
    "sigmoid",
    "softmax",
    "train_autoencoder",
    "train_network",
]
