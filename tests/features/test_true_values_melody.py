"""Melody and voices: known durations, levels, intervals and pauses."""

import numpy as np
import pytest

RATE = 22050


@pytest.fixture(scope="module")
def line(play):
    """Notes of the given pitches, durations and amplitudes, one after the other."""

    def play_line(pitches, durations, amplitudes):
        notes = zip(pitches, durations, amplitudes, strict=True)
        return np.concatenate([play(p, s, amplitude=a) for p, s, a in notes])

    return play_line


def test_directions_of_duration_and_level(line, measure):
    durations, amplitudes = (0.3, 0.6, 0.6, 0.3, 0.6), (1, 2, 2, 0.5, 1)
    values = measure("melody", line((60, 62, 64, 62, 60), durations, amplitudes))
    for name, more, less in (
        ("duration_direction", "longer", "shorter"),
        ("level_direction", "louder", "softer"),
    ):
        assert values[f"{name}_{more}"] == pytest.approx(2 / 4)
        assert values[f"{name}_{less}"] == pytest.approx(1 / 4)
        assert values[f"{name}_equal"] == pytest.approx(1 / 4)
    backwards = measure("melody", line((60, 62, 64, 62, 60), durations[::-1], amplitudes[::-1]))
    assert backwards["duration_direction_longer"] == pytest.approx(1 / 4)
    assert backwards["level_direction_louder"] == pytest.approx(1 / 4)
    assert backwards["duration_direction_shorter"] == pytest.approx(2 / 4)
    assert backwards["level_direction_softer"] == pytest.approx(2 / 4)


def test_entropy_of_intervals(line, measure):
    def entropy(*pitches):
        n = len(pitches)
        return measure("melody", line(pitches, [0.4] * n, [1] * n))["interval_entropy"]

    assert entropy(60, 62, 64, 66, 68) == pytest.approx(0, abs=1e-6)
    # Two, and four, of the 25 intervals from -12 to 12, equally often.
    assert entropy(60, 64, 60, 64, 60) == pytest.approx(np.log(2) / np.log(25), abs=1e-3)
    assert entropy(60, 62, 65, 64, 60) == pytest.approx(np.log(4) / np.log(25), abs=1e-3)


@pytest.mark.parametrize(("semitones", "time"), [(12, 2.0), (5, 1.0), (-7, 2.0)])
def test_motion_of_a_glide(semitones, time, play, measure):
    times = np.arange(3 * RATE) / RATE
    values = measure("melody", play(60 + semitones * np.clip(times / time - 0.25, 0, 1)))
    speed = abs(semitones) / time
    assert values["motion__mean"] == pytest.approx(speed * time / 3, rel=0.1)
    assert values["motion__max"] > 0.95 * speed
    if time > 1.5:
        assert values["motion__median"] == pytest.approx(speed, rel=0.05)


def test_a_steady_note_does_not_move(play, measure):
    values = measure("melody", play(60, 3.0))
    assert values["motion__median"] < 0.01
    assert values["motion__mean"] < 0.1


@pytest.mark.parametrize("n_phrases", [1, 3, 5])
def test_phrases_begin_after_pauses(n_phrases, play, measure):
    pause = np.zeros(RATE // 2)
    phrase = np.concatenate([play(60, 0.5), play(62, 0.5), pause])
    waveform = np.append(pause, np.tile(phrase, n_phrases))
    values = measure("melody", waveform)
    assert values["phrases"] == pytest.approx(n_phrases / (len(waveform) / RATE), rel=1e-3)


def test_duration_level_and_range_of_a_line(line, measure):
    values = measure("melody", line((60, 62, 64, 71), (0.3, 0.6, 0.6, 0.3), (1, 2, 2, 0.5)))
    assert values["duration__min"] == pytest.approx(0.3, abs=0.04)
    assert values["duration__max"] == pytest.approx(0.6, abs=0.04)
    # Half, and a quarter, of the amplitude of the loudest.
    assert values["level__max"] == pytest.approx(0, abs=0.1)
    assert values["level__median"] == pytest.approx(-3.01, abs=0.7)
    assert values["level__min"] == pytest.approx(-12.04, abs=0.7)
    twentieths = np.percentile((60, 62, 64, 71), [5, 95])
    assert values["range"] == pytest.approx(np.ptp(twentieths), abs=0.1)


def test_salience_of_all_voices(play, measure):
    low, high = play(60, 2.0), play(67, 2.0)
    one, two = measure("texture", low), measure("texture", low + high)
    # A single voice is all there is; a second adds to it.
    assert one["salience__mean"] == pytest.approx(
        measure("melody", low)["salience__mean"], rel=0.02
    )
    assert two["salience__mean"] > 1.15 * one["salience__mean"]
    assert measure("texture", np.zeros(RATE))["salience__mean"] == 0
