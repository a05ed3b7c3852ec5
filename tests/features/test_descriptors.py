"""Common tests of all descriptors."""

import re
import warnings

import numpy as np
import pytest

from sklearn_mer.features import describe_columns
from sklearn_mer.features._descriptor import DIMENSIONS
from sklearn_mer.features._statistics import STATISTICS
from sklearn_mer.features.analysis import Sound
from sklearn_mer.features.dimensions import all_descriptors

from .signals import NOISE, RATE, STRANGE, TIMES, chord, describe

DESCRIPTORS = all_descriptors()
INVARIANT = [d.full_name for d in DESCRIPTORS if d.gain_invariant]


def test_names():
    names = [column for d in DESCRIPTORS for column in d.columns]
    assert len(set(names)) == len(names)
    full_names = [d.full_name for d in DESCRIPTORS]
    assert len(set(full_names)) == len(full_names)
    for name in names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*(__[a-z0-9]+(_[a-z0-9]+)*){1,2}", name), name


def test_dimensions_follow_the_order_of_the_table():
    order = [DIMENSIONS.index(d.dimension) for d in DESCRIPTORS]
    assert order == sorted(order)


@pytest.mark.parametrize("descriptor", DESCRIPTORS, ids=lambda d: d.full_name)
def test_every_descriptor_is_documented(descriptor):
    assert descriptor.kind in ("series", "values")
    assert set(descriptor.statistics) <= set(STATISTICS)
    assert descriptor.unit
    assert descriptor.source
    assert descriptor.description.endswith(".")
    assert descriptor.description[0].isupper()


@pytest.mark.parametrize("sample_rate", [8000, RATE])
@pytest.mark.parametrize("waveform", STRANGE.values(), ids=STRANGE)
def test_finite_and_without_warnings(waveform, sample_rate):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "X is an array of .* read as waveforms")
        warnings.filterwarnings("ignore", "1 of 1 clips are silent")
        values = describe(waveform, sample_rate=sample_rate)
    bad = values[~np.isfinite(values)]
    assert bad.empty, list(bad.index)


def music():
    """Four chords with changing levels, noise pulses and a pause."""
    chords = [(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)]
    tones = np.concatenate([chord(*c)[: RATE // 2] for c in chords] * 2)
    envelope = 0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * TIMES)
    pulse = NOISE * (TIMES % 0.5 < 0.04)
    clean = np.concatenate([tones * envelope + 0.5 * pulse, np.zeros(RATE // 2), tones * 0.3])
    # Between the partials of a recording there is noise, and not what rounding leaves.
    return clean + 1e-4 * np.random.default_rng(1).standard_normal(len(clean))


@pytest.mark.parametrize("gain", [0.1, 0.5])
@pytest.mark.parametrize("signal", ["music", "noise"])
def test_gain_invariance(signal, gain):
    waveform = music() if signal == "music" else NOISE
    values = describe(waveform, INVARIANT)
    softer = describe(gain * waveform, INVARIANT)
    # A minimum of about 0 is seen against the other statistics of its series.
    series = values.index.str.rsplit("__", n=1).str[0]
    scale = np.maximum(values.abs(), 0.1 * values.abs().groupby(series).transform("max"))
    apart = (softer - values).abs()
    wrong = apart[apart > 1e-4 * scale + 1e-12]
    assert wrong.empty, wrong.to_dict()


def test_descriptors_write_into_nothing_shared():
    first, second = (Sound(music().astype(np.float32), RATE) for _ in range(2))
    forwards = {d.full_name: d.describe(first) for d in DESCRIPTORS}
    for d in reversed(DESCRIPTORS):
        np.testing.assert_array_equal(d.describe(second), forwards[d.full_name], err_msg=d.name)


def test_the_catalogue_has_a_row_a_column():
    table = describe_columns()
    assert list(table.index) == [column for d in DESCRIPTORS for column in d.columns]
    assert not table.isna().any().any()
    row = table.loc["tone_colour__mfcc_02__std"]
    assert (row["part"], row["statistic"], row["unit"]) == ("02", "std", "dB")
    assert table.loc["tone_colour__mfcc_02__skewness", "unit"] == "1"
    assert set(describe_columns(["dynamics"])["dimension"]) == {"dynamics"}
