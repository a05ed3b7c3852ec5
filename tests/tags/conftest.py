import shutil

import pytest

from .files import make


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return a function that makes a file of a kind, once."""
    paths = {}

    def of(kind):
        if kind not in paths:
            paths[kind] = make(tmp_path_factory.mktemp(kind), kind)
        return paths[kind]

    return of


@pytest.fixture
def song(made, tmp_path):
    """Return a function that gives a copy of a file of a kind."""

    def of(kind="v23-mp3"):
        return shutil.copy(made(kind), tmp_path / made(kind).name)

    return of


@pytest.fixture
def journal(tmp_path):
    """A journal of its own."""
    from sklearn_mer.tags import Journal

    return Journal(tmp_path / "notes" / "tags.jsonl")
