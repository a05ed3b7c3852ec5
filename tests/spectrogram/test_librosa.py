"""MelSpectrogram against librosa."""

import librosa
import numpy as np
import pytest

from sklearn_mer.audio import AudioLoader
from sklearn_mer.spectrogram import MelSpectrogram

RATE = 16000
TOLERANCE = 1e-3  # dB
WHOLE = {"duration": None, "normalize": False}


def librosa_mel(waveform, *, top_db=80.0, sample_rate=RATE, **parameters):
    power = librosa.feature.melspectrogram(y=waveform, sr=sample_rate, **parameters)
    return librosa.power_to_db(power, top_db=top_db)


def make_signals():
    times = np.arange(2 * RATE) / RATE
    noise = np.random.default_rng(0).normal(0, 0.1, len(times))
    sine = 0.5 * np.sin(2 * np.pi * 440 * times)
    step = np.where(times < 1, 0, noise)
    signals = {
        "noise": noise,
        "faint noise": 1e-4 * noise,
        "sine": sine,
        "chirp": librosa.chirp(fmin=50, fmax=7900, sr=RATE, length=len(times)),
        "clipped": np.clip(8 * sine + noise, -1, 1),
        "silence": np.zeros(len(times)),
        "constant": np.full(len(times), 0.3),
        "click": (times == 1).astype(float),
        "half silent": step,
        "odd length": noise[:20001],
        "a frame": noise[:2048],
        "less than a frame": noise[:700],
        "less than a hop": noise[:100],
        "one sample": np.array([0.5]),
    }
    return {name: signal.astype(np.float32) for name, signal in signals.items()}


SIGNALS = make_signals()

SETTINGS = [
    {},
    {"n_fft": 1024, "hop_length": 256, "n_mels": 64},
    {"n_fft": 512, "hop_length": 160, "n_mels": 96, "fmin": 20.0, "fmax": 7600.0},
    {"n_fft": 1000, "hop_length": 333},
    {"n_fft": 1025, "hop_length": 500},
    {"n_fft": 2047, "hop_length": 7},
    {"n_fft": 256, "hop_length": 1000, "n_mels": 13},
    {"n_mels": 1},
    {"fmax": 4000.0},
    {"top_db": None},
    {"top_db": 20.0},
    {"top_db": 0.0},
    {"sample_rate": 22050},
    {"sample_rate": 44100, "n_mels": 256, "n_fft": 4096},
]


@pytest.mark.filterwarnings("ignore:n_fft=.* is too large:UserWarning")
@pytest.mark.parametrize("signal", SIGNALS.values(), ids=SIGNALS)
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_equal_to_librosa(settings, signal):
    if settings.get("hop_length") == 7:
        signal = signal[:9001]
    (ours,) = MelSpectrogram(**WHOLE, **settings).fit_transform(signal[None, :])
    theirs = librosa_mel(signal, **settings)
    assert ours.dtype == np.float32
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


def test_bands_too_narrow_for_a_bin():
    settings = {"n_fft": 256, "n_mels": 128}
    with pytest.warns(UserWarning, match="Empty filters"):
        theirs = librosa_mel(SIGNALS["noise"], **settings)
    with pytest.warns(UserWarning, match="Empty filters"):
        (ours,) = MelSpectrogram(**WHOLE, **settings).fit_transform(SIGNALS["noise"][None, :])
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)


@pytest.mark.data
@pytest.mark.parametrize("step", [14, pytest.param(1, marks=pytest.mark.slow)])
def test_equal_to_librosa_on_real_clips(real_data_home, step):
    paths = sorted((real_data_home / "datasets" / "4QAED").glob("Q*/*.mp3"))[::step]
    assert len(paths) == len(range(0, 900, step))
    assert {path.parent.name for path in paths} == {"Q1", "Q2", "Q3", "Q4"}
    loader, ours = AudioLoader(), MelSpectrogram(normalize=False, cache=False)
    for path in paths:
        (theirs,) = map(librosa_mel, loader.fit_transform([path]))
        (spectrogram,) = ours.fit_transform([path])
        assert spectrogram.shape == (128, 938)
        np.testing.assert_allclose(spectrogram, theirs, rtol=0, atol=TOLERANCE)
