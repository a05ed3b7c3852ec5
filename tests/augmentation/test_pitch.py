import numpy as np
import pytest

from sklearn_mer.augmentation import PitchShift

from .sounds import click_interval, click_track, peak_frequency, rms, sine

RATE = 16000


@pytest.mark.parametrize(("semitones", "expected"), [(2, 493.883), (-2, 391.995), (12, 880.0)])
def test_pitch_shift_moves_a_tone_and_keeps_its_power(semitones, expected):
    (copy,) = PitchShift(semitones=[semitones], random_state=0).copies(sine(440))
    assert peak_frequency(copy) == pytest.approx(expected, rel=0.002)
    inner = slice(RATE // 2, -RATE // 2)
    assert 20 * np.log10(rms(copy[inner]) / rms(sine(440)[inner])) == pytest.approx(0, abs=0.1)


def test_pitch_shift_keeps_the_tempo():
    clicks = click_track(seconds=8)
    for steps in (-2, 2):
        (copy,) = PitchShift(semitones=[steps], random_state=0).copies(clicks)
        assert click_interval(copy) == pytest.approx(0.5, abs=0.01)
