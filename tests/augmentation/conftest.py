import numpy as np
import pytest
import soundfile

from sklearn_mer.augmentation import (
    BandStop,
    Gain,
    PitchShift,
    PowerShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
)

RATE = 16000
SAMPLERS = [
    TimeShift,
    PowerShift,
    TimeStretch,
    PitchShift,
    TimeMask,
    BandStop,
    SevenBandEQ,
    Gain,
]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    """A cache of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SKLEARN_MER_CACHE", str(folder))
    return folder


@pytest.fixture(params=SAMPLERS, ids=lambda cls: cls.__name__)
def sampler_class(request):
    return request.param


@pytest.fixture
def waveforms():
    """Six clips of half a second: tones with a beginning and an end."""
    seconds = np.arange(RATE // 2) / RATE
    envelope = np.hanning(len(seconds))
    tones = [np.sin(2 * np.pi * 110 * (i + 2) * seconds) * envelope for i in range(6)]
    return np.stack(tones).astype(np.float32)


@pytest.fixture
def labels():
    return np.array(["Q1", "Q2", "Q3"] * 2)


@pytest.fixture
def paths(waveforms, tmp_path):
    """The clips of `waveforms` as files."""
    files = [str(tmp_path / f"clip{i}.wav") for i in range(len(waveforms))]
    for file, waveform in zip(files, waveforms, strict=True):
        soundfile.write(file, waveform, RATE, subtype="FLOAT")
    return files


def wav_files(folder):
    return sorted(folder.rglob("*.wav"))
