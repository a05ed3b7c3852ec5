"""Networks that are trained here for the embeddings: on tags, or on the names of artists."""

from ._artist import ArtistClassifier
from ._tagger import CRNNTagger

__all__ = ["ArtistClassifier", "CRNNTagger"]
