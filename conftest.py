"""What all tests and documentation examples run in."""

import fcntl
import functools
import os
import tempfile
from pathlib import Path

import pytest
import soundfile

# All processes that run tests share what numba compiles. Before numba is imported.
os.environ["NUMBA_CACHE_DIR"] = str(Path(__file__).parent / "build" / "numba")

from numba.core.caching import IndexDataCacheFile

from sklearn_mer.datasets import make_quadrant_clips

COMPILED = Path(os.environ["NUMBA_CACHE_DIR"])


def locked(method):
    """Let one process at a time use the cache of numba."""

    @functools.wraps(method)
    def wrapper(*args):
        with open(COMPILED / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return method(*args)

    return wrapper


# numba writes the index of a function, then the code that it names. Unlocked, two processes that
# compile a function for different types may take the same name, and calls then crash.
COMPILED.mkdir(parents=True, exist_ok=True)
IndexDataCacheFile.save = locked(IndexDataCacheFile.save)
IndexDataCacheFile.load = locked(IndexDataCacheFile.load)

collect_ignore_glob = [
    "docs/*.py",
    "docs/_templates/*",
    "docs/gallery/*",
    "docs/generated/*",
    "build/*",
]


@pytest.fixture(scope="session", autouse=True)
def cache_of_this_run():
    """A cache of clips of the run's own: nobody's is filled, and no stale one is trusted."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKLEARN_MER_CACHE", folder)
        yield


@pytest.fixture(scope="session")
def folder_with_music(tmp_path_factory):
    """A folder that holds ``music``: clips in one folder a quadrant, as the pages say."""
    folder = tmp_path_factory.mktemp("documentation")
    clips = make_quadrant_clips(24, random_state=0)
    for number, (waveform, quadrant) in enumerate(zip(clips.data, clips.target, strict=True)):
        path = folder / "music" / quadrant / f"{number:02d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, waveform, clips.sample_rate)
    return folder


@pytest.fixture(autouse=True)
def documentation_page(request, monkeypatch):
    """Run the examples of a page in the folder that holds ``music``, without a data home."""
    if request.node.path.suffix in {".rst", ".md"}:
        monkeypatch.chdir(request.getfixturevalue("folder_with_music"))
        monkeypatch.delenv("SKLEARN_MER_DATA", raising=False)
