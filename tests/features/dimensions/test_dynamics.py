"""Descriptors of dynamics of signals with known values."""

import numpy as np
import pytest

from sklearn_mer.features.analysis import Sound, _components, _loudness

from ..signals import NOISE, RATE, TIMES, describe, sine

D = "dynamics__"
LONG = np.arange(10 * RATE) / RATE


def dynamics(waveform, **parameters):
    values = describe(waveform, dimensions=["dynamics"], **parameters)
    return values.rename(lambda name: name.removeprefix(D))


def tone_of_level(hertz, decibels, seconds=2):
    """A sine of a level in dB SPL, where full scale is 96 dB."""
    times = np.arange(seconds * RATE) / RATE
    return sine(hertz, 10 ** ((decibels - _components.FULL_SCALE) / 20), times)


def test_rms_and_crest_of_a_sine():
    values = dynamics(sine(440, 0.5))
    assert values["rms__mean"] == pytest.approx(0.5 / np.sqrt(2), rel=1e-3)
    assert values["rms__std"] < 1e-3
    assert values["crest_factor"] == pytest.approx(20 * np.log10(np.sqrt(2)), abs=0.01)
    clipped = dynamics(np.clip(20 * sine(440), -1, 1))
    assert clipped["crest_factor"] == pytest.approx(0, abs=0.2)


def test_a_crescendo_of_40_db():
    rise = 10 ** ((40 * LONG / 10 - 40) / 20)
    values = dynamics(sine(1000, 0.9, LONG) * rise)
    assert values["level_trend"] == pytest.approx(4, abs=0.05)
    assert values["level_slope__median"] == pytest.approx(4, abs=0.01)
    assert values["dynamic_range"] == pytest.approx(0.9 * 40, abs=1)
    assert values["level__max"] - values["level__min"] == pytest.approx(40, abs=1.5)
    assert values["crescendo_share"] == 1
    assert values["crescendo_slope"] == pytest.approx(4, abs=0.05)
    assert values["crescendo_duration"] == pytest.approx(8, abs=0.1)  # windows of 2 s
    assert values["decrescendo_share"] == values["decrescendo_duration"] == 0
    assert values["pauses"] == 0


def test_a_decrescendo_is_a_crescendo_backwards():
    swelling = sine(1000, 0.9, LONG) * 10 ** ((2.5 * LONG - 25) / 20)
    forwards, backwards = dynamics(swelling), dynamics(swelling[::-1].copy())
    for part in ("share", "duration"):
        assert backwards[f"decrescendo_{part}"] == pytest.approx(forwards[f"crescendo_{part}"])
    assert backwards["decrescendo_slope"] == pytest.approx(-2.5, abs=0.05)
    assert backwards["level_trend"] == pytest.approx(-2.5, abs=0.05)


def test_a_steady_sound_does_not_move():
    values = dynamics(np.random.default_rng(0).standard_normal(len(LONG)) * 0.1)
    assert abs(values["level_trend"]) < 0.05
    assert values["dynamic_range"] < 1
    assert values["loudness_range"] < 0.5
    assert values["crescendo_share"] == values["decrescendo_share"] == 0


def test_levels_after_bs1770():
    # The standard's own example: a full-scale sine of 997 Hz in one channel is at -3.01 LUFS.
    values = dynamics(sine(997, 1.0))
    assert values["integrated_level"] == pytest.approx(-3.01, abs=0.05)
    assert values["level__mean"] == pytest.approx(-3.01, abs=0.05)
    assert values["peak_to_loudness"] == pytest.approx(3.01, abs=0.05)
    low = dynamics(sine(30, 1.0))
    assert low["integrated_level"] < -8  # the high-pass filter
    high = dynamics(sine(5000, 1.0))
    assert high["integrated_level"] == pytest.approx(0.3, abs=0.5)  # the shelf: +4 dB


def test_loudness_range_of_two_levels():
    # EBU Tech 3342, test 1: 20 s at -20 LUFS, then 20 s at -30: a range of 10 LU.
    times = np.arange(20 * RATE) / RATE
    waveform = np.r_[sine(1000, 10 ** (-20 / 20), times), sine(1000, 10 ** (-30 / 20), times)]
    assert dynamics(waveform)["loudness_range"] == pytest.approx(10, abs=1)


def test_soft_moments_do_not_count_for_the_integrated_level():
    loud = sine(1000, 0.5, LONG)
    silence = np.zeros(20 * RATE)
    padded = dynamics(np.r_[loud, silence])
    assert padded["integrated_level"] == pytest.approx(dynamics(loud)["integrated_level"], abs=0.3)
    assert padded["pauses"] == pytest.approx(2 / 3, abs=0.02)


def test_one_sone_is_40_db_at_1_khz():
    assert dynamics(tone_of_level(1000, 40))["loudness__median"] == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize("decibels", [50, 60, 70])
def test_loudness_doubles_with_10_db(decibels):
    softer, louder = (
        dynamics(tone_of_level(1000, level))["loudness__median"]
        for level in (decibels, decibels + 10)
    )
    assert louder / softer == pytest.approx(2, rel=0.15)


def test_low_tones_are_softer_and_wide_sounds_are_louder():
    def loudness(waveform):
        return dynamics(waveform)["loudness__median"]

    assert loudness(tone_of_level(60, 50)) < 0.5 * loudness(tone_of_level(1000, 50))
    narrow = tone_of_level(1000, 60)
    wide = sum(tone_of_level(h, 60 - 10 * np.log10(3)) for h in (300, 1000, 3500))
    assert loudness(wide) > 1.5 * loudness(narrow)


def test_silence_is_not_loud():
    values = dynamics(np.zeros(RATE))
    assert values["loudness__max"] == 0
    assert values["integrated_level"] == -100
    assert values["pauses"] == 1


def test_smoothed_loudness_rises_faster_than_it_falls():
    loudness = np.repeat([0.0, 1.0, 0.0], 100)
    smooth = _loudness.smoothed(loudness, 100.0, 0.1, 0.5)
    assert smooth[99] == 0
    # After one time constant, all but 1/e of the step is done.
    assert smooth[100 + 9] == pytest.approx(1 - np.exp(-1), rel=1e-3)
    assert smooth[200 + 49] == pytest.approx(np.exp(-1), rel=1e-3)
    values = dynamics(np.r_[NOISE, np.zeros(4 * RATE)])
    assert values["long_term_loudness__median"] > values["short_term_loudness__median"]


def test_band_loudness_has_its_peak_where_the_tone_is():
    for hertz, band in ((100, 0), (1000, 4), (6000, 9)):
        erb = 21.366 * np.log10(4.37e-3 * hertz + 1)
        expected = int((erb - 2) / 37 * 12)
        values = dynamics(sine(hertz)).filter(regex="band_loudness.*mean").to_numpy()
        assert values.argmax() == expected == band
    total = dynamics(NOISE)
    bands = total.filter(regex="band_loudness.*mean")
    assert bands.sum() == pytest.approx(total["loudness__mean"], rel=1e-5)


def test_sharpness():
    # Narrow-band noise of 60 dB at 1 kHz has 1 acum; a sine comes close.
    values = dynamics(tone_of_level(1000, 60))
    assert values["sharpness_zwicker__median"] == pytest.approx(1, abs=0.25)
    for part in ("aures", "zwicker"):
        name = f"sharpness_{part}__median"
        assert dynamics(sine(5000))[name] > 1.5 * dynamics(sine(1000))[name]
    assert dynamics(sine(200))["volume__median"] > dynamics(sine(2000))["volume__median"]
    assert dynamics(NOISE)["timbral_width__mean"] > dynamics(sine(1000))["timbral_width__mean"]


def test_low_energy_rate():
    waveform = np.where(TIMES % 1 < 0.25, NOISE, 0.01 * NOISE)
    assert dynamics(waveform)["low_energy_rate"] == pytest.approx(0.75, abs=0.1)


def test_a_frame_of_sound_can_be_any_sample_rate():
    for rate in (8000, 16000, 44100):
        times = np.arange(2 * rate) / rate
        tone = sine(1000, 0.1, times)
        values = dynamics(tone, sample_rate=rate)
        assert values["integrated_level"] == pytest.approx(-23.0, abs=0.3)
        assert Sound(tone, rate).duration == 2
