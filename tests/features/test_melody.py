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
