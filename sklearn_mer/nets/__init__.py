"""Networks: plain torch modules, without scikit-learn or skorch.

Spectrograms enter as (n_clips, n_mels, n_frames), features as (n_clips, n_features); logits
come out. ``hidden`` gives the last hidden layer.
"""

from ._artist import ArtistNet
from ._autoencoder import MelAutoencoder, RowAutoencoder
from ._cnn import SMALLEST_INPUT, MelCNN
from ._crnn import TaggingCRNN
from ._dropout import Dropout
from ._fcn import TaggingFCN
from ._hybrid import FeatureDNN, HybridHead, HybridNet
from ._musicnn import MusiCNN

__all__ = [
    "SMALLEST_INPUT",
    "ArtistNet",
    "Dropout",
    "FeatureDNN",
    "HybridHead",
    "HybridNet",
    "MelAutoencoder",
    "MelCNN",
    "MusiCNN",
    "RowAutoencoder",
    "TaggingCRNN",
    "TaggingFCN",
]
