"""The networks with random weights, and the embeddings that read them."""

import pytest
from random_weights import random_nets, weights_files

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
)

SHORT = {"cache": False, "duration": 1.6}


@pytest.fixture(scope="session")
def nets():
    """{network: module} with few filters."""
    return random_nets()


@pytest.fixture(scope="session")
def files():
    """{network: path} of the weights of `nets` as they are published."""
    return weights_files()


@pytest.fixture(
    params=["tagger_state", "tagger_tags", "musicnn", "musicnn_both", "artist", "openl3"]
)
def embedding(request, files):
    return {
        "tagger_state": TaggerEmbedding(weights=files["crnn"], **SHORT),
        "tagger_tags": TaggerEmbedding(weights=files["crnn"], output="tags", **SHORT),
        "musicnn": MusiCNNEmbedding(weights=files["musicnn"], cache=False, duration=None),
        "musicnn_both": MusiCNNEmbedding(
            weights=files["musicnn"],
            output="penultimate",
            statistics="mean_std",
            cache=False,
            duration=6.5,
        ),
        "artist": ArtistEmbedding(weights=files["artist"], cache=False, duration=None),
        "openl3": OpenL3Embedding(
            weights=files["openl3"], hop_size=0.5, cache=False, duration=None
        ),
    }[request.param]
