"""Damaged files of weights: refused, or the network gives finite values."""

import functools
import io
import tempfile
from pathlib import Path

import numpy as np
import torch
from fuzz_cases import NUMBERS, Case, expect, mutated_bytes
from random_weights import random_nets, weights_files

from sklearn_mer.embeddings import ArtistEmbedding, MusiCNNEmbedding, TaggerEmbedding, WeightsError
from sklearn_mer.embeddings._save import save_weights

EMBEDDINGS = {"crnn": TaggerEmbedding, "musicnn": MusiCNNEmbedding, "artist": ArtistEmbedding}
CLIP = np.sin(np.arange(3.5 * 16000) / 9)[None].astype(np.float32)


@functools.cache
def originals():
    """Return (network, suffix, bytes) of the published layouts and of files saved here."""
    files = [
        (
            network,
            Path(weights_files()[network]).suffix,
            Path(weights_files()[network]).read_bytes(),
        )
        for network in EMBEDDINGS
    ]
    with tempfile.TemporaryDirectory() as folder:
        for network in ("crnn", "artist"):
            path = save_weights(f"{folder}/own.pth", random_nets()[network].state_dict())
            files.append((network, ".own.pth", path.read_bytes()))
    return files


@functools.cache
def values_of(network, suffix):
    """Return what the whole file gives for the clip."""
    with tempfile.TemporaryDirectory() as folder:
        content = next(file[2] for file in originals() if file[:2] == (network, suffix))
        path = Case({f"whole{suffix}": content}).write(folder)
        return _values(network, path)


def _values(network, path):
    return EMBEDDINGS[network](weights=path, duration=3.5, cache=False).fit_transform(CLIP)


def draw(random):
    """Return a damaged file and the network that it is given to."""
    network, suffix, content = random.choice(originals())
    if random.random() < 0.6:
        content = mutated_bytes(random, content, donor=random.choice(originals())[2])
    else:
        suffix = ".pth"
        content = _with_other_arrays(random, network)
    if random.random() < 0.1:
        network = random.choice(list(EMBEDDINGS))
    return Case({f"damaged{suffix}": content}, {"network": network, "suffix": suffix})


def _with_other_arrays(random, network):
    """Return a whole file of arrays of which one or two are changed."""
    state = random_nets()[network].state_dict()
    for _ in range(random.choice((1, 2))):
        name = random.choice(list(state))
        state[name] = _changed(random, state[name])
        if random.random() < 0.2:
            state[random.choice(("a", "spec.x", "tags.json", "", *state))] = state.pop(name)
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


def _changed(random, tensor):
    kind = random.randrange(6)
    if kind == 5 or not torch.is_tensor(tensor):
        return random.choice((None, "text", [1.0], tensor))
    if kind == 0:
        return tensor * random.choice((0, -1, 1e10, 1e30, 1e38))
    if kind == 1 and tensor.numel():
        values = tensor.double().flatten()
        values[random.randrange(len(values))] = random.choice(NUMBERS[:10] + NUMBERS[-2:])
        return values.reshape(tensor.shape)
    if kind == 2 and tensor.ndim:
        return tensor[: random.randrange(len(tensor) + 1)]
    if kind == 3:
        return tensor.unsqueeze(0)
    return tensor.to(random.choice((torch.float16, torch.int8, torch.bool, torch.complex64)))


def check(case, folder):
    """Load the file; return what came of it."""
    path = case.write(folder)
    try:
        values = _values(case.params["network"], path)
    except WeightsError as error:
        expect(str(path) in str(error), f"the file is not named: {error}")
        return "refused"
    expect(np.isfinite(values).all(), "the network gives values that are not finite")
    if case.params["suffix"] == ".own.pth":
        whole = values_of(case.params["network"], ".own.pth")
        expect(np.array_equal(values, whole), "a damaged file gives other values")
    return "loaded"
