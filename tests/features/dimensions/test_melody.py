"""Descriptors of melody of synthetic notes."""

import warnings

import numpy as np
import pytest

from sklearn_mer.features.analysis import Sound

RATE = 22050
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


@pytest.fixture(scope="module")
def scale(play):
    return np.concatenate([play(pitch, 0.5) for pitch in SCALE])


def notes_of(waveform):
    return Sound(waveform.astype(np.float32), RATE).melody_notes


def test_a_scale_is_its_notes(scale):
    notes = notes_of(scale)
    np.testing.assert_allclose(notes.pitch, 100 * np.array(SCALE), atol=5)
    np.testing.assert_allclose(notes.onset, 0.5 * np.arange(8), atol=0.03)
    np.testing.assert_allclose(notes.duration, 0.5, atol=0.05)


def test_a_scale_goes_up_in_steps(scale, measure):
    values = measure("melody", scale)
    assert values["direction_up"] == 1
    assert values["direction_down"] == values["direction_equal"] == values["turns"] == 0
    assert values["interval_step"] == 1
    assert values["smoothness__mean"] == pytest.approx(12 / 7, abs=0.05)
    assert values["note__min"] == pytest.approx(60, abs=0.1)
    assert values["note__max"] == pytest.approx(72, abs=0.1)
    assert values["f0__mean"] == pytest.approx(np.mean(SCALE), abs=0.2)
    assert values["duration_share_medium"] == 1
    assert values["register_soprano"] == 1
    assert values["voiced"] > 0.97


def test_a_scale_down_and_a_leap(play, measure):
    falling = np.concatenate([play(pitch, 0.4) for pitch in SCALE[::-1]])
    values = measure("melody", falling)
    assert values["direction_down"] == 1
    assert values["direction_up"] == 0
    leaps = np.concatenate([play(pitch, 0.4) for pitch in (55, 64, 55, 64, 55)])
    values = measure("melody", leaps)
    assert values["interval_leap"] == 1
    assert values["turns"] == 1
    assert values["direction_up"] == values["direction_down"] == 0.5


def test_repeated_notes_are_told_apart_by_their_attacks(play):
    dying = np.exp(-np.arange(round(0.4 * RATE)) / (0.15 * RATE))
    notes = notes_of(np.concatenate([play(60, 0.4, dying) for _ in range(5)]))
    np.testing.assert_allclose(notes.pitch, 6000, atol=5)
    np.testing.assert_allclose(notes.onset, 0.4 * np.arange(5), atol=0.05)


@pytest.mark.parametrize("pitch", [36, 45, 57, 69, 81, 91])
@pytest.mark.parametrize("n_harmonics", [1, 6])
def test_pitch_is_right_in_all_registers(pitch, n_harmonics, play, measure):
    values = measure("melody", play(pitch, 1.0, n_harmonics=n_harmonics))
    assert values["f0__median"] == pytest.approx(pitch, abs=0.1)
    assert values["note__median"] == pytest.approx(pitch, abs=0.1)


def test_noise_has_no_melody_and_hides_one(play, measure):
    noise = np.random.default_rng(0).normal(0, 0.1, RATE * 2)
    tone = play(57, 2.0)
    assert measure("melody", noise)["voiced"] < 0.05
    clear, hidden = measure("melody", tone), measure("melody", tone + noise)
    assert hidden["f0__median"] == pytest.approx(57, abs=0.1)
    assert hidden["salience__mean"] < clear["salience__mean"]
    assert hidden["strength__mean"] < 0.9 < clear["strength__mean"] <= 1


def test_out_of_tune_notes(play, measure):
    tuned = np.concatenate([play(pitch + 0.3, 0.4) for pitch in SCALE])
    mistuned = np.concatenate([play(p + q, 0.4) for p, q in zip(SCALE, 4 * (0, 0.4), strict=True)])
    assert measure("melody", tuned)["mistuning"] < 3  # as a whole, a third of a tone sharp
    assert measure("melody", mistuned)["mistuning"] == pytest.approx(20, abs=3)


def test_entropy_of_pitch_classes(play, measure):
    one = np.concatenate([play(pitch, 0.4) for pitch in (57, 69, 57, 69)])
    all_twelve = np.concatenate([play(pitch, 0.4) for pitch in range(60, 72)])
    assert measure("melody", one)["pitch_class_entropy"] == pytest.approx(0, abs=1e-6)
    assert measure("melody", all_twelve)["pitch_class_entropy"] > 0.98


def test_finite_for_anything(strange, measure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(measure("melody", strange)).all()


@pytest.mark.parametrize("gain", [0.1, 0.5])
def test_gain_changes_nothing(gain, scale, measure):
    noisy = scale + np.random.default_rng(0).normal(0, 0.01, len(scale))
    expected = measure("melody", noisy)
    np.testing.assert_allclose(measure("melody", gain * noisy), expected, rtol=1e-4, atol=1e-4)


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
