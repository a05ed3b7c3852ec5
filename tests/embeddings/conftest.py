"""Random weights in the layouts of the published files, but with few filters."""

import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
)
from sklearn_mer.embeddings._frontend import mel_filters
from sklearn_mer.embeddings._layouts import source_layout
from sklearn_mer.embeddings._openl3_frontend import default_mels, front_end_shapes
from sklearn_mer.nets import ArtistNet, MusiCNN, OpenL3Net, TaggingCRNN, TaggingFCN

SHORT = {"cache": False, "duration": 1.6}


def lively(net):
    """Normalisations that do something, so that a forgotten one is seen."""
    for name, values in net.state_dict().items():
        if name.endswith("running_var") or ("norm" in name and name.endswith("weight")):
            values.uniform_(0.5, 2.0)
        elif name.endswith("running_mean"):
            values.uniform_(-0.5, 0.5)
    return net.eval()


def front_end():
    return {
        "spec.spectrogram.window": torch.hann_window(512),
        "spec.mel_scale.fb": mel_filters(16000, 512, 96, htk=True, norm=None),
    }


def make_openl3_front_end(input_repr="mel256"):
    """What the files of torchopenl3 carry: kernels, and mels but in "linear"."""
    arrays = {name: torch.zeros(shape) for name, shape in front_end_shapes(input_repr).items()}
    if input_repr != "linear":
        n_mels = int(input_repr.removeprefix("mel"))
        arrays["speclayer.mel_basis"] = default_mels(2048, n_mels)
    return arrays


@pytest.fixture(scope="session")
def openl3_front_end():
    return make_openl3_front_end


@pytest.fixture(scope="session")
def nets():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return {
            "crnn": lively(TaggingCRNN((2, 3, 3, 3), 4, 5)),
            "fcn": lively(TaggingFCN((2, 3, 3, 3, 4), 5)),
            "musicnn": lively(MusiCNN(3, 2, 4, 6, 5)),
            "artist": lively(ArtistNet((4, 4, 4, 4, 8))),
            "openl3": lively(OpenL3Net((2, 3, 3, 4))),
        }


@pytest.fixture(scope="session")
def files(nets, tmp_path_factory):
    """{network: path} of files as they are published."""
    folder = tmp_path_factory.mktemp("weights")
    paths = {}
    for network in ("crnn", "fcn"):
        paths[network] = str(folder / f"{network}.pth")
        torch.save({**front_end(), **nets[network].state_dict()}, paths[network])
    for network in ("musicnn", "artist"):
        paths[network] = str(folder / f"{network}.npz")
        arrays = source_layout(nets[network].state_dict(), network)
        np.savez(paths[network], **{name: array.numpy() for name, array in arrays.items()})
    paths["openl3"] = str(folder / "torchopenl3_mel256_music_512.pth.tar")
    torch.save({**make_openl3_front_end(), **nets["openl3"].state_dict()}, paths["openl3"])
    return paths


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
