"""An epoch of the larger networks, compared with plain torch loops of the same layers."""

import itertools

import numpy as np
import torch
from sklearn.base import is_classifier
from sklearn.preprocessing import FunctionTransformer
from torch import nn

from sklearn_mer import CNNGRU, CRNN, AutoencoderEmbedding, SampleCNN, ShortChunkCNN
from sklearn_mer.audio import AudioLoader

from ._peers import convolutions, plain_training
from ._turns import ratio, take_turns

FOLD = 810  # clips in a training fold of the study; seconds are scaled to it
FRAMES, SAMPLES = 115, 59049


def networks(paths, options):
    """Compare an epoch of each network, in the paper's size, with a plain torch loop."""
    return [network_row(key, options) for key in options.networks or METHODS]


def network_row(key, options):
    """Return the row of one network; for segments, an epoch has one segment per clip."""
    method, make_plain, shape = METHODS[key]
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((options.train_clips, *shape), dtype=np.float32)
    learns_classes = is_classifier(method)
    targets = np.arange(options.train_clips) % 4 if learns_classes else None
    method.set_params(max_epochs=1, batch_size=32, random_state=0, device="cpu")
    if learns_classes:
        method.set_params(stop_accuracy=None)
    # The embedding takes clips only; its front end here reshapes them to spectrograms.
    clips = inputs if learns_classes else inputs.reshape(len(inputs), -1)
    seconds = take_turns(
        options.rounds,
        plain=lambda: plain_training(make_plain(), inputs, targets),
        ours=lambda: method.fit(clips, targets),
    )
    return ratio(
        f"epoch_{key}_vs_plain_torch",
        f"an epoch of {key} on {FOLD} clips: plain torch / ours",
        seconds["plain"],
        seconds["ours"],
        options.train_clips / FOLD,
        unit="s",
    )


class LastState(nn.Module):
    """Two GRUs over the frames of maps, by torch."""

    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.gru = nn.GRU(n_inputs, n_units, 2, batch_first=True)

    def forward(self, maps):
        """Return the state after the last frame."""
        return self.gru(maps.permute(0, 3, 1, 2).flatten(2))[0][:, -1]


class Residual(nn.Module):
    """A block of the short-chunk network."""

    def __init__(self, n_inputs, n_filters):
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(n_inputs, n_filters, 3, 2, 1),
            nn.BatchNorm2d(n_filters),
            nn.ReLU(),
            nn.Conv2d(n_filters, n_filters, 3, 1, 1),
            nn.BatchNorm2d(n_filters),
        )
        self.beside = nn.Sequential(
            nn.Conv2d(n_inputs, n_filters, 3, 2, 1), nn.BatchNorm2d(n_filters)
        )

    def forward(self, maps):
        """Return maps of half the size."""
        return torch.relu(self.inner(maps) + self.beside(maps))


def plain_cnn_gru():
    """Return the Baseline with GRU."""
    dense = [nn.Linear(2000, 300), nn.ReLU(), nn.Linear(300, 75), nn.ReLU(), nn.Linear(75, 4)]
    return nn.Sequential(*convolutions(), LastState(80, 2000), nn.Dropout(0.5), *dense)


def plain_crnn():
    """Return the CRNN."""
    layers, channels = [nn.BatchNorm2d(1)], 1
    for n_filters, pool in ((64, 2), (128, 3), (128, 4), (128, 4)):
        layers += [nn.Conv2d(channels, n_filters, 3, padding=1), nn.BatchNorm2d(n_filters)]
        layers += [nn.ReLU(), nn.MaxPool2d(pool)]
        channels = n_filters
    return nn.Sequential(*layers, LastState(128, 32), nn.Dropout(0.5), nn.Linear(32, 4))


def plain_short_chunk():
    """Return the ShortChunk CNN."""
    layers, channels = [nn.BatchNorm2d(1)], 1
    for n_filters in (128, 128, 256, 256, 256, 256, 512):
        layers.append(Residual(channels, n_filters))
        channels = n_filters
    layers += [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(512, 512), nn.ReLU()]
    return nn.Sequential(*layers, nn.BatchNorm1d(512), nn.Dropout(0.5), nn.Linear(512, 4))


def plain_sample_cnn():
    """Return the Sample CNN."""
    layers, channels = [nn.Conv1d(1, 128, 3, 3), nn.BatchNorm1d(128), nn.ReLU()], 128
    for n_filters in (128, 128, *[256] * 6, 512):
        layers += [nn.Conv1d(channels, n_filters, 3, padding=1), nn.BatchNorm1d(n_filters)]
        layers += [nn.ReLU(), nn.MaxPool1d(3)]
        channels = n_filters
    layers += [nn.Conv1d(512, 512, 1), nn.BatchNorm1d(512), nn.ReLU(), nn.Flatten()]
    return nn.Sequential(*layers, nn.Dropout(0.5), nn.Linear(512, 4))


def plain_autoencoder():
    """Return the autoencoder; its decoder restores maps of 128 x 938."""
    filters, extra = (1, 16, 32, 64, 128), ((1, 1), (1, 0), (1, 0), (1, 1))
    layers = []
    for n_inputs, n_filters in itertools.pairwise(filters):
        layers += [nn.Conv2d(n_inputs, n_filters, 5, 2, 2), nn.LeakyReLU(0.2)]
    for (n_inputs, n_filters), more in zip(itertools.pairwise(filters[::-1]), extra, strict=True):
        layers.append(nn.ConvTranspose2d(n_inputs, n_filters, 5, 2, 2, output_padding=more))
        layers.append(nn.LeakyReLU(0.2) if n_filters > 1 else nn.Tanh())
    return nn.Sequential(*layers)


def as_spectrograms(rows):
    """Return flattened rows as spectrograms."""
    return rows.reshape(-1, 128, 938)


METHODS = {
    "cnn_gru": (CNNGRU(frontend="passthrough", n_units=2000), plain_cnn_gru, (128, 938)),
    "crnn": (CRNN(frontend="passthrough", width=64), plain_crnn, (128, 938)),
    "short_chunk": (
        ShortChunkCNN(frontend="passthrough", segments_per_epoch=1, segment_length=FRAMES),
        plain_short_chunk,
        (128, FRAMES),
    ),
    "sample_cnn": (
        SampleCNN(frontend=AudioLoader(duration=None), segments_per_epoch=1, width=128),
        plain_sample_cnn,
        (SAMPLES,),
    ),
    "autoencoder": (
        AutoencoderEmbedding(frontend=FunctionTransformer(as_spectrograms)),
        plain_autoencoder,
        (128, 938),
    ),
}
