"""Networks: plain torch modules, without scikit-learn or skorch.

Spectrograms enter as (n_clips, n_mels, n_frames), features as (n_clips, n_features); logits
come out. ``hidden`` gives the last hidden layer.
"""

from ._artist import ArtistLabelNet, ArtistNet
from ._autoencoder import MelAutoencoder, RowAutoencoder
from ._cnn import SMALLEST_INPUT, MelCNN
from ._cnn_gru import MelCNNGRU
from ._conv import Conv3x3, convolve3x3, convolve_and_norm
from ._crnn import TaggingCRNN
from ._dropout import Dropout
from ._fcn import TaggingFCN
from ._gru import GRU
from ._hybrid import FeatureDNN, HybridHead, HybridNet
from ._mel_crnn import MelCRNN
from ._musicnn import MusiCNN
from ._openl3 import OpenL3Net
from ._pooling import MaxPoolReLU, max_pool_relu
from ._sample import SampleNet
from ._short_chunk import ShortChunkNet
from ._transfer import TransferHead, TransferNet

__all__ = [
    "GRU",
    "SMALLEST_INPUT",
    "ArtistLabelNet",
    "ArtistNet",
    "Conv3x3",
    "Dropout",
    "FeatureDNN",
    "HybridHead",
    "HybridNet",
    "MaxPoolReLU",
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
    "convolve3x3",
    "convolve_and_norm",
    "max_pool_relu",
]
