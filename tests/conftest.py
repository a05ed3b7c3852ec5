"""What several folders of tests share.

Large libraries are imported where they are used, see ``conftest.py`` of the folder above.
"""

import contextlib
import csv
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

# Tests and worker processes import the helpers beside this file by their names.
sys.path.insert(0, str(Path(__file__).parent))

RATE = 16000

_NO_DATA = "the environment variable SKLEARN_MER_DATA names no data home"


@pytest.hookimpl(tryfirst=True)  # before tests marked slow are left out
def pytest_collection_modifyitems(items):
    """Mark and skip tests.

    scikit-learn's check that trains a classifier runs three times: on an array, and on two that
    are mapped from a file. With networks, the latter two are slow tests.
    """
    from sklearn.utils.estimator_checks import check_classifiers_train

    for item in items:
        if _is_check_on_mapped_array(item, check_classifiers_train):
            item.add_marker(pytest.mark.slow)
    if not os.environ.get("SKLEARN_MER_DATA"):
        for item in items:
            if item.get_closest_marker("data"):
                item.add_marker(pytest.mark.skip(reason=_NO_DATA))


def _is_check_on_mapped_array(item, wanted):
    params = item.callspec.params if hasattr(item, "callspec") else {}
    check, estimator = params.get("check"), params.get("estimator")
    return (
        getattr(check, "func", None) is wanted
        and check.keywords.get("readonly_memmap", False)
        and "max_epochs" in estimator.get_params()
    )


@pytest.fixture(scope="session")
def real_data_home():
    """The real data home; for tests marked `data`."""
    home = os.environ.get("SKLEARN_MER_DATA")
    if not home:
        pytest.skip(_NO_DATA)
    return Path(home)


@pytest.fixture(scope="session")
def short_clips():
    """Five waveforms of a quarter of a second at 16 kHz: tones in noise."""
    seconds = np.arange(4000) / 16000
    tones = np.sin(2 * np.pi * 220 * np.arange(1, 6)[:, None] * seconds)
    noise = np.random.default_rng(0).uniform(-0.2, 0.2, tones.shape)
    return (0.5 * tones + noise).astype(np.float32)


@pytest.fixture
def short_files(short_clips, tmp_path):
    """The waveforms of `short_clips` as files that hold the same numbers."""
    import soundfile

    paths = [str(tmp_path / f"clip{i}.wav") for i in range(len(short_clips))]
    for path, waveform in zip(paths, short_clips, strict=True):
        soundfile.write(path, waveform, 16000, subtype="FLOAT")
    return paths


@pytest.fixture
def public_folder():
    """A folder that other users can see, for `without_privileges`."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def without_privileges():
    """A context in which permissions count, even where root runs the tests."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this platform has no POSIX users")
    return _nobody if os.geteuid() == 0 else contextlib.nullcontext


@contextlib.contextmanager
def _nobody():
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture(scope="session")
def write_tag_set():
    """Write a tagging set in the layout of MagnaTagATune; the clips are written by the caller."""

    def write(root, tags, paths):
        """`tags` is a table of 0 and 1, indexed by clip id; `paths` say where the clips lie."""
        table = tags.assign(mp3_path=paths).rename_axis("clip_id").reset_index()
        root.mkdir(parents=True, exist_ok=True)
        # All quoted, as the published file is.
        table.to_csv(root / "annotations_final.csv", sep="\t", index=False, quoting=csv.QUOTE_ALL)
        return root

    return write


@pytest.fixture(scope="session")
def clips():
    """Twelve clips of 2.5 s, three a quadrant: waveforms and labels."""
    from sklearn_mer.datasets import make_quadrant_clips

    X, y = make_quadrant_clips(12, duration=2.5, random_state=0, return_X_y=True)
    X.setflags(write=False)
    return X, np.asarray(y)


@pytest.fixture(scope="session")
def knowing(clips):
    """A classifier that tells familiarity: it hears a quarter of a second."""
    from sklearn_mer import SummaryFeatures, SVMBaseline

    X, y = clips
    svm = SVMBaseline(features=SummaryFeatures(duration=0.25))
    return svm.fit(X.reshape(120, -1), np.repeat(y, 10))


@pytest.fixture
def wav_files(clips, tmp_path):
    """The clips of `clips` as files."""
    import soundfile

    paths = [str(tmp_path / f"clip{i:02d}.wav") for i in range(len(clips[0]))]
    for path, waveform in zip(paths, clips[0], strict=True):
        soundfile.write(path, waveform, RATE, subtype="FLOAT")
    return paths


@pytest.fixture
def server(monkeypatch):
    """A web server on loopback, see `loopback.serve`."""
    from loopback import serve

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as running:
        yield running


@pytest.fixture
def torch_threads():
    """Set torch's number of threads, for the length of a test."""
    import torch

    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)
