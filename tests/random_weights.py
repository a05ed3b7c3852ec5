"""Random weights in the layouts of the published files, but with few filters."""

import functools
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from sklearn_mer.embeddings._frontend import mel_filters
from sklearn_mer.embeddings._layouts import source_layout
from sklearn_mer.embeddings._openl3_frontend import default_mels, front_end_shapes
from sklearn_mer.nets import ArtistNet, MusiCNN, OpenL3Net, TaggingCRNN, TaggingFCN


@functools.cache
def random_nets():
    """Return {network: module}, the same at each call."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return {
            "crnn": _lively(TaggingCRNN((2, 3, 3, 3), 4, 5)),
            "fcn": _lively(TaggingFCN((2, 3, 3, 3, 4), 5)),
            "musicnn": _lively(MusiCNN(3, 2, 4, 6, 5)),
            "artist": _lively(ArtistNet((4, 4, 4, 4, 8))),
            "openl3": _lively(OpenL3Net((2, 3, 3, 4))),
            "wide_artist": _reacting(ArtistNet((16, 16, 16, 16, 64))),
            "wide_crnn": _reacting(TaggingCRNN((4, 4, 4, 4), 64, 5)),
        }


def _lively(net):
    """Normalisations that do something, so that a forgotten one is seen."""
    for name, values in net.state_dict().items():
        if name.endswith("running_var") or ("norm" in name and name.endswith("weight")):
            values.uniform_(0.5, 2.0)
        elif name.endswith("running_mean"):
            values.uniform_(-0.5, 0.5)
    return net.eval()


def _reacting(net):
    """Convolutions that hand on what they hear: sounds are told apart by the many values."""
    for layer in net.modules():
        if isinstance(layer, nn.Conv1d | nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
    return net.eval()


@functools.cache
def weights_files():
    """Return {network: path} of files as they are published; they last as long as the process."""
    nets = random_nets()
    folder = Path(_folder().name)
    paths = {}
    for network in ("crnn", "fcn", "wide_crnn"):
        paths[network] = str(folder / f"{network}.pth")
        torch.save({**_tagger_front_end(), **nets[network].state_dict()}, paths[network])
    for network in ("musicnn", "artist"):
        paths[network] = str(folder / f"{network}.npz")
        arrays = source_layout(nets[network].state_dict(), network)
        np.savez(paths[network], **{name: array.numpy() for name, array in arrays.items()})
    paths["wide_artist"] = str(folder / "wide_artist.pth")
    torch.save(nets["wide_artist"].state_dict(), paths["wide_artist"])
    paths["openl3"] = str(folder / "torchopenl3_mel256_music_512.pth.tar")
    torch.save({**openl3_front_end(), **nets["openl3"].state_dict()}, paths["openl3"])
    return paths


@functools.cache
def _folder():
    # Held, or it would be removed at once.
    return tempfile.TemporaryDirectory()


def _tagger_front_end():
    return {
        "spec.spectrogram.window": torch.hann_window(512),
        "spec.mel_scale.fb": mel_filters(16000, 512, 96, htk=True, equal_area=False),
    }


def openl3_front_end(input_repr="mel256"):
    """Return what the files of torchopenl3 carry: kernels, and mels but in "linear"."""
    arrays = {name: torch.zeros(shape) for name, shape in front_end_shapes(input_repr).items()}
    if input_repr != "linear":
        n_mels = int(input_repr.removeprefix("mel"))
        arrays["speclayer.mel_basis"] = default_mels(2048, n_mels)
    return arrays
