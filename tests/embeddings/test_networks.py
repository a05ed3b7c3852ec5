"""Files whose arrays are not those of the network."""

import numpy as np
import pytest

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
    WeightsError,
    load_network,
)

from .broken_files import broken

CLIP = np.zeros((1, 100), dtype=np.float32)


@pytest.mark.parametrize(
    ("cls", "network", "name"),
    [
        (TaggerEmbedding, "crnn", "layer2.conv.bias"),
        (TaggerEmbedding, "fcn", "dense.weight"),
        (MusiCNNEmbedding, "musicnn", "conv2d_5.kernel"),
        (ArtistEmbedding, "artist", "batch_normalization_3.gamma"),
        (OpenL3Embedding, "openl3", "conv2d_4.weight"),
    ],
)
class TestBrokenFiles:
    def test_missing_and_unexpected_arrays(self, cls, network, name, files, tmp_path):
        def rename(arrays):
            arrays["other"] = arrays.pop(name)

        path = broken(files, network, rename, tmp_path)
        with pytest.raises(WeightsError, match=rf"Missing: {name}\. Unexpected: other\."):
            cls(weights=path).fit(CLIP)

    def test_shapes(self, cls, network, name, files, tmp_path):
        def cut(arrays):
            arrays[name] = arrays[name][:1]

        path = broken(files, network, cut, tmp_path)
        with pytest.raises(WeightsError, match="shape"):
            cls(weights=path).fit(CLIP)

    def test_axes(self, cls, network, name, files, tmp_path):
        def flatten(arrays):
            arrays[name] = arrays[name].reshape(-1)[0]

        path = broken(files, network, flatten, tmp_path)
        with pytest.raises(WeightsError, match=r"axes|shape"):
            cls(weights=path).fit(CLIP)


def test_an_unknown_network(files):
    with pytest.raises(ValueError, match=r"No network 'vgg'; there are crnn, fcn, musicnn"):
        load_network(files["crnn"], "vgg")


@pytest.mark.parametrize(
    ("cls", "network", "embedding"),
    [
        (TaggerEmbedding, "musicnn", "MusiCNNEmbedding"),
        (MusiCNNEmbedding, "artist", "ArtistEmbedding"),
        (ArtistEmbedding, "crnn", "TaggerEmbedding"),
        (OpenL3Embedding, "fcn", "TaggerEmbedding"),
        (ArtistEmbedding, "openl3", "OpenL3Embedding"),
    ],
)
def test_the_weights_of_another_network_say_of_which(cls, network, embedding, files):
    with pytest.raises(WeightsError, match=f"of another network: .*, for {embedding}") as caught:
        cls(weights=files[network]).fit(CLIP)
    assert files[network] in str(caught.value)
