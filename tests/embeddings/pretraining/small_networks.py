"""Small networks to train, and sounds to train them with."""

import numpy as np
import torch

from sklearn_mer import ArtistClassifier, CRNNTagger
from sklearn_mer.embeddings._frontend import in_patches

TAGS = ("low", "high", "noisy")


def sounds(tags, seconds, rate):
    """Waveforms that one hears the tags of: a low tone, a high one, noise."""
    rng = np.random.default_rng(0)
    time = np.arange(round(seconds * rate)) / rate
    parts = [np.sin(2 * np.pi * f * time + rng.uniform(0, 6, (len(tags), 1))) for f in (220, 3000)]
    parts.append(rng.normal(0, 0.5, (len(tags), len(time))))
    quiet = rng.normal(0, 0.003, parts[-1].shape)
    mixed = sum(tags[:, [i]] * part for i, part in enumerate(parts))
    return (0.2 * mixed + quiet).astype(np.float32)


def tagger(**params):
    settings = {
        "n_filters": (4, 4, 8, 8),
        "n_units": 6,
        "dropout": 0.1,
        "duration": 1.6,
        "batch_size": 4,
        "lr": 0.01,
        "max_epochs": 2,
        "random_state": 0,
        "cache": False,
    }
    return CRNNTagger(**{**settings, **params})


def artist_classifier(**params):
    settings = {
        "n_filters": (6, 6, 6, 6, 8),
        "dropout": 0.1,
        "duration": 6.1,
        "batch_size": 4,
        "lr": 0.01,
        "max_epochs": 2,
        "random_state": 0,
        "cache": False,
    }
    return ArtistClassifier(**{**settings, **params})


def values_of(module, spectrograms):
    """What the artist network makes of clips."""
    return torch.stack([module.hidden(in_patches(s, 129)).mean(dim=0) for s in spectrograms])


def weights(fitted):
    return {name: value.numpy() for name, value in fitted.net_.module_.state_dict().items()}


def assert_same_weights(one, other):
    one, other = weights(one), weights(other)
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
