"""Rhythm: clicks at a known tempo, and a crescendo with equal slopes in all registers."""

import numpy as np
import pytest

from .signals import RATE, sine
from .test_rhythm import clicks, long_noise, pulse

REGISTERS = ("low", "middle", "high")


# Levels of the beat from 40 to 200 beats a minute: nearest to 120, then the next.
@pytest.mark.parametrize(
    ("bpm", "first", "octaves", "levels"),
    [
        (120, 120, -1, (120, 60, 40)),
        (80, 80, -1, (80, 40)),
        (180, 90, 1, (180, 90, 60, 45)),
    ],
)
def test_levels_of_clicks(bpm, first, octaves, levels, measure):
    values = measure("rhythm", pulse(bpm))
    assert values["tempo_first"] == pytest.approx(first, rel=0.01)
    assert values["tempo_octaves"] == pytest.approx(octaves, abs=0.01)
    # All levels repeat as well, so that their tempi count alike.
    assert values["metrical_centroid__mean"] == pytest.approx(np.mean(levels), rel=0.02)
    for part in ("first", "second", "ratio"):
        assert values[f"tempo_strength_{part}"] == pytest.approx(1, abs=0.04)


def test_strength_of_a_tempo_that_half_of_the_clicks_keep(measure):
    rng = np.random.default_rng(6)
    steady = np.arange(0.1, 11.9, 0.5)
    mixed = clicks(np.sort(np.append(steady, rng.uniform(0.1, 11.9, len(steady)))))
    clear, half, noise = (measure("rhythm", w) for w in (clicks(steady), mixed, long_noise()))
    assert noise["tempo_strength_first"] < 0.2 < half["tempo_strength_first"] < 0.8
    assert clear["tempo_strength_first"] > 0.97
    assert noise["tempo_strength_second"] < 0.2


@pytest.mark.parametrize(("hertz", "register"), [(200, "low"), (1000, "middle"), (5000, "high")])
def test_onsets_are_in_the_register_of_the_tone(hertz, register, measure):
    gate = (np.arange(4 * RATE) // (RATE // 4)) % 2
    soft = np.convolve(gate, np.hanning(441) / np.hanning(441).sum(), "same")
    values = measure("rhythm", sine(hertz) * soft)
    strength = {name: values[f"register_onset_strength_{name}__mean"] for name in REGISTERS}
    assert max(strength, key=strength.get) == register
    own = strength.pop(register)
    assert own > 0.1
    assert own > 5 * max(strength.values())


def test_a_crescendo_rises_alike_in_all_registers(measure):
    decibels, n_frames = 15.0, 400
    # Pulses as far apart as frames: every frame is the one before, but louder.
    train = (np.arange(256 * n_frames) % 256 == 0).astype(float)
    ramp = 10 ** (np.linspace(-decibels, 0, len(train)) / 20)
    rising, level, falling = (
        measure("rhythm", w) for w in (train * ramp, train, train * ramp[::-1])
    )
    registers = [f"register_onset_strength_{register}__median" for register in REGISTERS]
    for name in ("onset_strength__median", *registers):
        assert rising[name] == pytest.approx(decibels / n_frames, rel=0.02)
        assert level[name] == pytest.approx(0, abs=1e-4)
        assert falling[name] == pytest.approx(0, abs=1e-4)
