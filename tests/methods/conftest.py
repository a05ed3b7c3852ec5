import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

# Tests and worker processes import the helpers beside this file by their names.
sys.path.insert(0, str(Path(__file__).parent))

from sklearn_mer.datasets import make_quadrant_clips

RATE = 16000


@pytest.fixture(scope="session")
def clips():
    """Twelve clips of 2.5 s, three a quadrant: waveforms and labels."""
    X, y = make_quadrant_clips(12, duration=2.5, random_state=0, return_X_y=True)
    X.setflags(write=False)
    return X, np.asarray(y)


@pytest.fixture
def wav_files(clips, tmp_path):
    """The clips of `clips` as files."""
    paths = [str(tmp_path / f"clip{i:02d}.wav") for i in range(len(clips[0]))]
    for path, waveform in zip(paths, clips[0], strict=True):
        soundfile.write(path, waveform, RATE, subtype="FLOAT")
    return paths


@pytest.fixture
def torch_threads():
    """Set torch's number of threads, for the length of a test."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)
