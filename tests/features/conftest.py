"""Synthetic notes and their descriptors."""

import numpy as np
import pandas as pd
import pytest

from sklearn_mer.features.analysis import Sound
from sklearn_mer.features.dimensions import all_descriptors

RATE = 22050


@pytest.fixture(scope="session")
def play():
    """A tone with harmonics, with constant or changing pitch (MIDI notes) and amplitude."""

    def play_tone(pitch, seconds=None, amplitude=1.0, n_harmonics=8):
        if seconds is not None:
            pitch = np.full(round(seconds * RATE), float(pitch))
        phase = np.cumsum(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) / RATE)
        # Fades of 10 ms avoid clicks.
        edge = np.minimum(1, (np.arange(len(phase)) + 0.5) / (0.01 * RATE))
        harmonics = sum(0.7**k * np.sin((k + 1) * phase) for k in range(n_harmonics))
        return 0.1 * amplitude * edge * edge[::-1] * harmonics

    return play_tone


@pytest.fixture(scope="session")
def measure():
    """Values of a dimension for a waveform, without the dimension in their names."""

    def measure_waveform(dimension, waveform):
        sound = Sound(np.asarray(waveform, dtype=np.float32), RATE)
        values = {}
        for descriptor in all_descriptors():
            if descriptor.dimension == dimension:
                names = [name.removeprefix(f"{dimension}__") for name in descriptor.columns]
                values.update(zip(names, descriptor.describe(sound), strict=True))
        return pd.Series(values)

    return measure_waveform


def _strange():
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 2 * RATE)
    sine = np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    return {
        "silence": np.zeros(RATE),
        "one sample": np.ones(1),
        "less than a frame": noise[:100],
        "noise": noise,
        "constant": np.full(RATE, 0.5),
        "clipped": np.clip(20 * sine, -1, 1),
        "very loud": 1e4 * noise,
        "very faint": 1e-12 * sine,
        "one click": (np.arange(RATE) == RATE // 2).astype(float),
        "square wave": np.where(np.arange(RATE) % 100 < 50, 1.0, -1.0),
    }


@pytest.fixture(params=_strange().items(), ids=lambda item: item[0])
def strange(request):
    """A waveform that is an edge case."""
    return request.param[1]


@pytest.fixture(scope="session")
def play_chord(play):
    """Several tones at once."""

    def play_tones(*pitches, seconds=2.0):
        return sum(play(pitch, seconds) for pitch in pitches)

    return play_tones
