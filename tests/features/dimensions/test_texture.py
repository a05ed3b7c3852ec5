"""Descriptors of texture of synthetic voices."""

import warnings

import numpy as np
import pytest

RATE = 22050
TWO = (48, 64)
FIVE = (41, 52, 59, 66, 75)


def chord(play, pitches, seconds=1.0):
    return sum(play(pitch, seconds) for pitch in pitches)


@pytest.mark.parametrize("pitches", [(57,), TWO, (45, 57 + 4, 57 + 11)])
def test_as_many_layers_as_voices(pitches, play, measure):
    values = measure("texture", chord(play, pitches))
    assert values["layers__median"] == len(pitches)
    assert values["layers__mean"] == pytest.approx(len(pitches), abs=0.25)


def test_five_voices_are_more_than_two(play, measure):
    two = measure("texture", chord(play, TWO))
    five = measure("texture", chord(play, FIVE))
    assert five["layers__mean"] > two["layers__mean"] + 1
    assert five["layer_share_more"] > 0.9
    assert two["layer_share_two"] > 0.9
    assert five["leading__mean"] < two["leading__mean"] < 1
    assert five["spread__mean"] > two["spread__mean"] == pytest.approx(16, abs=0.5)


def test_shares_add_up_to_one(play, measure):
    values = measure("texture", np.concatenate([chord(play, TWO), np.zeros(RATE)]))
    assert values.filter(regex="^layer_share").sum() == pytest.approx(1)
    assert values["layer_share_none"] == pytest.approx(0.5, abs=0.06)
    assert values["layer_share_two"] == pytest.approx(0.5, abs=0.06)


def test_transitions_are_counted(play, measure):
    silence = np.zeros(RATE // 2)
    phrase = [play(60, 0.5), silence]
    values = measure("texture", np.concatenate(phrase * 4))
    assert values["transitions_one_to_none"] == pytest.approx(4 / 4)
    # The first note begins with the clip.
    assert values["transitions_none_to_one"] == pytest.approx(3 / 4)
    assert values["transition_share_one_to_none"] == pytest.approx(4 / 7)
    assert values["transitions_one_to_two"] == 0
    assert values["changes"] == pytest.approx(7 / 4)


def test_notes_per_second(play, measure):
    values = measure("texture", np.concatenate([play(pitch, 0.25) for pitch in 6 * (60, 67)]))
    assert values["notes_per_second"] == pytest.approx(4, abs=0.4)
    assert values["together"] == 0


def test_chord_change(play, measure):
    still = chord(play, (48, 55, 64), 4.0)
    moving = np.concatenate([chord(play, c) for c in ((48, 55, 64), (47, 54, 63)) * 2])
    assert measure("texture", still)["chord_change__mean"] < 0.05
    assert measure("texture", moving)["chord_change__mean"] > 0.4


def test_a_clear_tone_is_tonal_and_noise_is_not(play, measure):
    noise = np.random.default_rng(0).normal(0, 0.1, RATE)
    tone = measure("texture", play(60, 1.0))
    assert tone["tonalness__mean"] > 0.9
    assert measure("texture", noise)["tonalness__mean"] < 0.1
    assert tone["pitch__mean"] == pytest.approx(60, abs=0.1)
    assert tone["lowest__mean"] == pytest.approx(60, abs=0.1)


def test_noise_has_no_layers(measure):
    noise = np.random.default_rng(1).normal(0, 0.1, 2 * RATE)
    assert measure("texture", noise)["layer_share_none"] > 0.95


def test_finite_for_anything(strange, measure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(measure("texture", strange)).all()


@pytest.mark.parametrize("gain", [0.1, 0.5])
def test_gain_changes_nothing(gain, play, measure):
    noise = np.random.default_rng(0).normal(0, 0.01, 2 * RATE)
    music = np.concatenate([chord(play, TWO), chord(play, FIVE)]) + noise
    expected = measure("texture", music)
    np.testing.assert_allclose(measure("texture", gain * music), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("n_harmonics", [8, 20, 30])
def test_high_partials_are_no_voices(n_harmonics, play, measure):
    values = measure("texture", play(48, 2.0, n_harmonics=n_harmonics))
    assert values["layers__mean"] == pytest.approx(1, abs=0.05)
    assert values["pitch__mean"] == pytest.approx(48, abs=0.1)
