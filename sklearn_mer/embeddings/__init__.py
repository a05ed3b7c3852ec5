"""Clips to tables, by networks trained elsewhere; the register of their weights.

Weights are looked for in the data home, checked by sha256 where that is known and always by their
layout, by the checksums in the file and for values that are not finite, and read without running
code from them. Nothing is downloaded.
"""

from ._artist import ArtistEmbedding
from ._autoencoder import AutoencoderEmbedding
from ._base import PretrainedEmbedding
from ._errors import WeightsError, WeightsNotFoundError
from ._musicnn import MusiCNNEmbedding
from ._networks import load_network
from ._openl3 import OpenL3Embedding
from ._register import WeightsInfo, available_weights
from ._tagger import TaggerEmbedding
from ._weights import find_weights

__all__ = [
    "ArtistEmbedding",
    "AutoencoderEmbedding",
    "MusiCNNEmbedding",
    "OpenL3Embedding",
    "PretrainedEmbedding",
    "TaggerEmbedding",
    "WeightsError",
    "WeightsInfo",
    "WeightsNotFoundError",
    "available_weights",
    "find_weights",
    "load_network",
]
