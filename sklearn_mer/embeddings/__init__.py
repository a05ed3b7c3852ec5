"""Clips to tables, by networks trained elsewhere.

Weights are looked for in the data home (`sklearn_mer.weights`), checked by sha256 where that is
known and always by their layout, by the checksums in the file and for values that are not finite,
and read without running code from them. Nothing is downloaded.
"""

# Imported from here by those who wrote before they had a room of their own.
from ..weights import WeightsError as WeightsError
from ..weights import WeightsInfo as WeightsInfo
from ..weights import WeightsNotFoundError as WeightsNotFoundError
from ..weights import available_weights as available_weights
from ..weights import find_weights as find_weights
from ._artist import ArtistEmbedding
from ._autoencoder import AutoencoderEmbedding
from ._base import PretrainedEmbedding
from ._hub import HubEmbedding
from ._musicnn import MusiCNNEmbedding
from ._networks import load_network
from ._onnx import ONNXEmbedding
from ._openl3 import OpenL3Embedding
from ._tagger import TaggerEmbedding

__all__ = [
    "ArtistEmbedding",
    "AutoencoderEmbedding",
    "HubEmbedding",
    "MusiCNNEmbedding",
    "ONNXEmbedding",
    "OpenL3Embedding",
    "PretrainedEmbedding",
    "TaggerEmbedding",
    "load_network",
]
