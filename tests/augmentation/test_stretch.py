import numpy as np
import pytest

from sklearn_mer.augmentation import TimeStretch

from .sounds import click_interval, click_track, peak_frequency, rms, sine

RATE = 16000


@pytest.mark.parametrize("rate", [0.5, 1.5])
def test_time_stretch_changes_the_tempo_and_not_the_pitch(rate):
    stretch = TimeStretch(rates=[rate], random_state=0)
    (clicks,) = stretch.copies(click_track(seconds=8))
    assert click_interval(clicks) == pytest.approx(0.5 / rate, rel=0.02)
    (tone,) = stretch.copies(sine(440))
    sounding = tone[: round(len(tone) / max(rate, 1))]
    assert peak_frequency(sounding) == pytest.approx(440, rel=0.002)
    inner = slice(RATE // 2, -RATE // 2)
    assert 20 * np.log10(rms(sounding[inner]) / rms(sine(440))) == pytest.approx(0, abs=0.1)


def test_time_stretch_pads_with_silence_at_the_end():
    (copy,) = TimeStretch(rates=[1.5], random_state=0).copies(sine(440, seconds=3))
    assert not copy[2 * RATE :].any()
    assert copy[2 * RATE - 800 : 2 * RATE].any()
