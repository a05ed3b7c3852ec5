"""Memory of the networks over many clips of different lengths."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from sklearn_mer.embeddings import ArtistEmbedding, MusiCNNEmbedding, TaggerEmbedding

STATUS = Path("/proc/self/statm")


def resident_mb():
    return int(STATUS.read_text().split()[1]) * 4096 / 2**20


def growth(embedding, folder, n_clips):
    """Return MiB of resident memory that are added by clips of different lengths.

    The first fifth is not counted: libraries are loaded, and free memory comes and goes.
    """
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.1, 16 * 16000).astype(np.float32)
    paths = [str(folder / f"{i}.wav") for i in range(100)]
    resident = []
    for _ in range(n_clips // len(paths)):
        for path in paths:
            soundfile.write(path, noise[: rng.integers(5 * 16000, len(noise))], 16000)
        embedding.fit_transform(paths)
        resident.append(resident_mb())
    start = len(resident) // 5
    return max(resident[start:]) - resident[start - 1]


@pytest.mark.slow
@pytest.mark.skipif(not STATUS.exists(), reason="measures as Linux does")
@pytest.mark.parametrize("network", ["crnn", "fcn", "musicnn", "artist"])
def test_memory_does_not_grow(network, files, tmp_path):
    cls = {"musicnn": MusiCNNEmbedding, "artist": ArtistEmbedding}.get(network, TaggerEmbedding)
    embedding = cls(weights=files[network], cache=False)
    embedding.set_params(duration={"crnn": 4, "fcn": 20.5}.get(network))
    assert growth(embedding, tmp_path, 2000) < 8
