"""What all tests and documentation examples run in."""

import os
import tempfile
from pathlib import Path

import pytest
import soundfile

# What numba has compiled, a folder for each process that runs tests: two processes that compile the
# same function for different types at once write over each other, and calls then crash. A lock
# around reading and writing is not enough. Before numba is imported.
os.environ["NUMBA_CACHE_DIR"] = str(
    Path(__file__).parent / "build" / "numba" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
)

from sklearn_mer.datasets import make_quadrant_clips

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
