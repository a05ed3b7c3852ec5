"""Networks: plain torch modules, without scikit-learn or skorch.

Spectrograms enter as (n_clips, n_mels, n_frames), features as (n_clips, n_features); logits
come out. ``hidden`` gives the last hidden layer.
"""

from ._cnn import SMALLEST_INPUT, MelCNN
from ._dropout import Dropout
from ._hybrid import FeatureDNN, HybridHead, HybridNet

__all__ = ["SMALLEST_INPUT", "Dropout", "FeatureDNN", "HybridHead", "HybridNet", "MelCNN"]
