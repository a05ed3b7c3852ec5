"""Networks as plain torch modules.

Inputs are spectrograms of shape (n_clips, n_mels, n_frames) or features of shape (n_clips,
n_features), outputs are logits. The method ``hidden`` returns the last hidden layer.
"""

from ._artist import ArtistLabelNet, ArtistNet
from ._autoencoder import MelAutoencoder, RowAutoencoder
from ._cnn import MelCNN
from ._cnn_gru import MelCNNGRU
from ._crnn import TaggingCRNN
from ._fcn import TaggingFCN
from ._hybrid import FeatureDNN, HybridHead, HybridNet
from ._layers import note_arguments
from ._mel_crnn import MelCRNN
from ._musicnn import MusiCNN
from ._openl3 import OpenL3Net
from ._sample import SampleNet
from ._short_chunk import ShortChunkNet
from ._transfer import TransferHead, TransferNet

__all__ = [
    "ArtistLabelNet",
    "ArtistNet",
    "FeatureDNN",
    "HybridHead",
    "HybridNet",
    "MelAutoencoder",
    "MelCNN",
    "MelCNNGRU",
    "MelCRNN",
    "MusiCNN",
    "OpenL3Net",
    "RowAutoencoder",
    "SampleNet",
    "ShortChunkNet",
    "TaggingCRNN",
    "TaggingFCN",
    "TransferHead",
    "TransferNet",
    "note_arguments",
]
