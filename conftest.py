"""What all tests and documentation examples run in.

Libraries are imported where they are used: the process that distributes tests to others runs this
too, and the others begin after it.
"""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

import pytest

# What numba has compiled, a folder for each process that runs tests: two processes that compile the
# same function for different types at once write over each other, and calls then crash. A lock
# around reading and writing is not enough. Before numba is imported.
NUMBA_CACHE = (
    Path(__file__).parent / "build" / "numba" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
)
os.environ["NUMBA_CACHE_DIR"] = str(NUMBA_CACHE)


def copy_compiled_librosa():
    """Copy what numba compiled when librosa was imported first, which takes ten seconds."""
    from numba.core.caching import _CacheLocator

    root = Path(importlib.util.find_spec("librosa").origin).parent
    for folder in {file.parent for file in root.glob("**/__pycache__/*.nbi")}:
        copy = NUMBA_CACHE / _CacheLocator.get_suitable_cache_subpath(folder.with_name("any.py"))
        if not copy.exists():
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.pyc"))


copy_compiled_librosa()

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


@pytest.fixture(autouse=True)
def documentation_page(request, monkeypatch, tmp_path_factory):
    """Run the examples of a page in an empty folder, without a data home."""
    if request.node.path.suffix in {".rst", ".md"}:
        monkeypatch.chdir(tmp_path_factory.mktemp("documentation"))
        monkeypatch.delenv("SKLEARN_MER_DATA", raising=False)
