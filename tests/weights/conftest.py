"""A register of small files, and a server that has their originals."""

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import urlsplit

import numpy as np
import pytest

from sklearn_mer.weights import _register, available_weights, fetch_weights
from sklearn_mer.weights._convert import convert

from .small_originals import LAYERS, SLOTS, checkpoint, keras_model

TORCH = b"PK\x03\x04" + np.random.default_rng(0).bytes(200_000)
CONTENTS = {
    "mtat_crnn": (TORCH,),
    "MSD_musicnn": checkpoint({**LAYERS, **SLOTS}),
    "artist_siamese_10000": (keras_model(LAYERS, SLOTS),),
    "openl3_mel256_music": (TORCH[:1000],),
}


def digest(content):
    return hashlib.sha256(content).hexdigest()


def _small(info, contents):
    """Return the entry as it would be if the originals were these."""
    originals = tuple(
        replace(one, sha256=digest(content), n_bytes=len(content)) if one.sha256 else one
        for one, content in zip(info.originals, contents, strict=True)
    )
    made = convert(info.network, list(contents))
    known = {"sha256": digest(made), "n_bytes": len(made)} if info.sha256 else {}
    return replace(info, originals=originals, **known)


@pytest.fixture
def small(server, monkeypatch):
    """The server, with `paths` and `contents` of the originals of four entries of the register."""
    real = available_weights()
    entries = {name: _small(real[name], contents) for name, contents in CONTENTS.items()}
    monkeypatch.setattr(_register, "_ALL", tuple(entries.values()))
    server.paths = {
        name: [urlsplit(one.url).path for one in info.originals] for name, info in entries.items()
    }
    for name, contents in CONTENTS.items():
        server.files.update(zip(server.paths[name], contents, strict=True))
    server.entries = SimpleNamespace(**entries)
    return server


@pytest.fixture
def fetch(small, tmp_path):
    """Fetch from the server into ``home``."""

    def call(name, **options):
        options = {"source": small.url, "data_home": tmp_path / "home", "verbose": 0, **options}
        return fetch_weights(name, **options)

    return call
