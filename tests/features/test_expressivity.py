"""Expressive techniques: what was played with is what is measured."""

import warnings

import numpy as np
import pytest

RATE = 22050
TIMES = np.arange(3 * RATE) / RATE
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def vibrato(pitch, rate, cents):
    return pitch + cents / 100 * np.sin(2 * np.pi * rate * TIMES)


@pytest.mark.parametrize("pitch", [48, 60, 69])
@pytest.mark.parametrize(("rate", "cents"), [(6, 50), (5, 30), (7, 40)])
def test_vibrato_measures_as_such(pitch, rate, cents, play, measure):
    values = measure("expressivity", play(vibrato(pitch, rate, cents)))
    assert values["vibrato_rate__mean"] == pytest.approx(rate, abs=0.3)
    assert values["vibrato_extent__mean"] == pytest.approx(cents, abs=10)
    assert values["vibrato_pitch__mean"] == pytest.approx(pitch, abs=0.3)
    assert values["vibrato_length__max"] == pytest.approx(3, abs=0.2)
    assert values["vibrato_coverage"] > 0.9
    assert values["vibrato_melody"] > 0.9
    assert values["vibrato_high"] == pytest.approx(float(pitch >= 60), abs=0.01)


def test_a_steady_note_has_no_vibrato_nor_tremolo(play, measure):
    values = measure("expressivity", play(60, 3.0))
    assert values["vibrato_notes"] == values["tremolo_notes"] == 0
    assert values["vibrato_extent__mean"] == values["glissandi_per_second"] == 0


@pytest.mark.parametrize("rate", [1.5, 12])
def test_slow_and_fast_wavering_is_no_vibrato(rate, play, measure):
    assert measure("expressivity", play(vibrato(60, rate, 40)))["vibrato_notes"] == 0


def test_tremolo_measures_as_such(play, measure):
    depth = 0.3
    amplitude = 1 + depth * np.sin(2 * np.pi * 5 * TIMES)
    values = measure("expressivity", play(np.full(len(TIMES), 60.0), amplitude=amplitude))
    assert values["tremolo_rate__mean"] == pytest.approx(5, abs=0.3)
    extent = 20 * np.log10((1 + depth) / (1 - depth)) / 2
    assert values["tremolo_extent__mean"] == pytest.approx(extent, abs=0.3)
    assert values["tremolo_pitch__mean"] == pytest.approx(60, abs=0.1)
    assert values["tremolo_coverage"] > 0.9
    assert values["vibrato_notes"] == 0


@pytest.mark.parametrize(("sign", "direction"), [(1, "up"), (-1, "down")])
@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_glissando_of_an_octave(sign, direction, seconds, play, measure):
    way = np.clip((TIMES - 1) / seconds, 0, 1)
    values = measure("expressivity", play(60 + sign * 12 * way))
    assert values["glissando_extent__max"] == pytest.approx(1200, abs=30)
    assert values["glissando_length__max"] == pytest.approx(seconds, abs=0.15)
    assert values[f"glissando_direction_{direction}"] == 1
    slope = 1200 / values["glissando_length__max"]
    assert values["glissando_slope__max"] == pytest.approx(slope, rel=0.05)
    assert values["glissandi_per_second"] > 0


def test_vibrato_and_scales_are_no_glissandi(play, measure):
    scale = np.concatenate([play(pitch, 0.4) for pitch in SCALE])
    assert measure("expressivity", scale)["glissandi_per_second"] == 0
    values = measure("expressivity", play(vibrato(60, 6, 60)))
    assert values["glissandi_per_second"] == 0


def test_staccato_against_legato(play, measure):
    short = [np.concatenate([play(pitch, 0.12), np.zeros(round(0.38 * RATE))]) for pitch in SCALE]
    staccato = measure("expressivity", np.concatenate(short))
    legato = measure("expressivity", np.concatenate([play(pitch, 0.5) for pitch in SCALE]))
    assert staccato["articulation_staccato"] == 1
    assert legato["articulation_legato"] == 1
    assert staccato["articulation_legato"] == legato["articulation_staccato"] == 0
    assert staccato["sounding__mean"] == pytest.approx(0.24 + 0.1, abs=0.12)
    assert staccato["gap__mean"] > 0.25
    assert legato["gap__mean"] < 0.05
    assert legato["legato_duration__mean"] == pytest.approx(0.5, abs=0.05)


def test_articulation_changes(play, measure):
    notes = []
    for i, pitch in enumerate(SCALE):
        seconds = (0.12, 0.5)[i % 2]
        notes += [play(pitch, seconds), np.zeros(round((0.5 - seconds) * RATE))]
    values = measure("expressivity", np.concatenate(notes))
    assert values["articulation_changes"] == 1
    assert values["articulation_staccato"] == pytest.approx(4 / 7)


def test_finite_for_anything(strange, measure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(measure("expressivity", strange)).all()


@pytest.mark.parametrize("gain", [0.1, 0.5])
def test_gain_changes_nothing(gain, play, measure):
    noise = np.random.default_rng(0).normal(0, 0.01, len(TIMES))
    music = play(vibrato(60, 6, 50)) + play(48 + 4 * np.clip(TIMES - 1, 0, 1)) + noise
    expected = measure("expressivity", music)
    np.testing.assert_allclose(
        measure("expressivity", gain * music), expected, rtol=1e-4, atol=1e-4
    )
