"""Whatever is heard, every column stays in the range that its documentation states."""

import numpy as np
import pandas as pd
import pytest

from sklearn_mer.features import describe_columns
from sklearn_mer.features._statistics import STATISTICS
from sklearn_mer.features.analysis import Sound
from sklearn_mer.features.dimensions import all_descriptors

RATE = 16000
TIMES = np.arange(RATE) / RATE
NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, RATE)
SINE = np.sin(2 * np.pi * 440 * TIMES)
CLICK = (np.arange(RATE) == RATE // 2).astype(float)

SIGNALS = {
    "silence": np.zeros(RATE),
    "negative zeros": -np.zeros(RATE),
    "constant": np.ones(RATE),
    "constant, soft": np.full(RATE, -1e-5),
    "click": CLICK,
    "clicks": (np.arange(RATE) % 4000 == 0).astype(float),
    "first sample": np.r_[1.0, np.zeros(RATE - 1)],
    "last sample": np.r_[np.zeros(RATE - 1), 1.0],
    "square wave": np.sign(SINE),
    "Nyquist frequency": (-1.0) ** np.arange(RATE),
    "sine": SINE,
    "20 Hz": np.sin(2 * np.pi * 20 * TIMES),
    "sweep": np.sin(2 * np.pi * (50 * TIMES + 3900 * TIMES**2)),
    "noise of signs": np.sign(NOISE),
    "noise, then silence": NOISE * (TIMES < 0.3),
    "silence, then noise": NOISE * (TIMES > 0.7),
    "noise of 1e-30": 1e-30 * NOISE,
    "smallest numbers": 1e-45 * np.sign(NOISE),
    "noise of 1e10": 1e10 * NOISE,
    "largest numbers": 6e38 * NOISE,
    "one sample": np.ones(1),
    "one sample of silence": np.zeros(1),
    "largest sample": np.full(1, 3e38),
    "two samples": np.array([1.0, -1]),
    "less than a frame": NOISE[:100],
    "a frame": NOISE[:2048],
    "a quarter of a second": NOISE[:4000],
}

# What a description promises of the values of frames, their mean, median, minimum and maximum.
PROMISED = {
    r"\b0-1\b(?!\.)": (0, 1),
    r"\b0-1\.41": (0, 1.4143),
    "^Share of (?!chords with a major)": (0, 1),
    "1 if all": (0, 1),
    "^Correlation of chroma": (-2, 2),
    "from -50 to 50": (-50, 50),
    "^Peak divided by the integrated": (-10, 50),
    "from 40 to 200 beats per minute.$": (-1, 200),
}
UNITS = {
    "0 to 1": (0, 1),
    "Hz": (0, RATE / 2),
    "beats/min": (0, 200),
    "rad": (0, np.pi),
    "MIDI notes": (0, 127),
    "LU": (0, 1000),
    "sone": (0, np.inf),
    "acum": (0, np.inf),
    "vol": (0, np.inf),
    "bits": (0, 10),
    "1/s": (0, RATE),
    "1/min": (0, 60 * RATE),
    "s": (0, 1.2),  # of frames that end after the clip
}
LEVELS = ("mean", "median", "min", "max", "")
# Of waveforms between -1 and 1.
LARGEST = 1e6


def bounds():
    """Return the least and the largest value of each column."""
    table = describe_columns()
    least, largest = (pd.Series(side * np.inf, table.index) for side in (-1, 1))
    rules = [(table["unit"] == unit, ends) for unit, ends in UNITS.items()]
    rules += [(table["description"].str.contains(text), ends) for text, ends in PROMISED.items()]
    for of_rule, (low, high) in rules:
        chosen = of_rule & table["statistic"].isin(LEVELS)
        assert chosen.any()
        least[chosen] = np.maximum(least[chosen], low)
        largest[chosen] = np.minimum(largest[chosen], high)
    least[table["statistic"].isin(["std", *(s for s in STATISTICS if "texture" in s)])] = 0
    least[table["statistic"] == "kurtosis"] = -2
    return least, largest


BOUNDS = bounds()


@pytest.mark.parametrize("waveform", SIGNALS.values(), ids=SIGNALS)
def test_columns_stay_in_their_ranges(waveform):
    sound = Sound(waveform.astype(np.float32), RATE)
    values = np.concatenate([d.describe(sound) for d in all_descriptors()])
    values = pd.Series(values.astype(float), BOUNDS[0].index)
    least, largest = BOUNDS
    outside = values[(values < least - 1e-6) | (values > largest + 1e-6 * largest.abs())]
    assert outside.empty, outside.to_dict()
    if np.abs(waveform).max() <= 1:
        assert values.abs().max() < LARGEST, values.abs().idxmax()
