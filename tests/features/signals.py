"""Signals with known descriptors."""

import numpy as np
import pandas as pd

from sklearn_mer.features import EmotionFeatures

RATE = 22050
TIMES = np.arange(4 * RATE) / RATE
NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, len(TIMES))


def sine(hertz, amplitude=0.5, times=TIMES):
    return amplitude * np.sin(2 * np.pi * hertz * times)


def chord(*hertz):
    return sum(sine(h, 0.8 / len(hertz)) for h in hertz)


STRANGE = {
    "silence": np.zeros(RATE),
    "noise": NOISE,
    "one sample": np.ones(1),
    "two samples": np.array([1.0, -1]),
    "less than a frame": NOISE[:100],
    "a frame": NOISE[:2048],
    "constant": np.full(RATE, 0.5),
    "clipped": np.clip(20 * sine(440), -1, 1),
    "very loud": 1e4 * NOISE,
    "very faint": 1e-12 * NOISE,
    "one click": (TIMES == 1).astype(float),
    "padded": np.r_[NOISE[:RATE], np.zeros(3 * RATE)],
}


def describe(waveform, columns=None, **parameters):
    """Return the descriptors of a waveform by name."""
    given = {"columns": columns, "sample_rate": RATE, "duration": None, "cache": False}
    features = EmotionFeatures(**{**given, **parameters})
    values = features.fit_transform(np.asarray(waveform)[None, :])[0]
    return pd.Series(values, features.get_feature_names_out(), dtype=float)
