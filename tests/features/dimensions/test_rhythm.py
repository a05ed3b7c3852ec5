"""Descriptors of rhythm: tempo, events and modulations of synthetic clips."""

import numpy as np
import pytest

from sklearn_mer.features.analysis import Sound, _fluctuation, _metre, _onsets

from ..signals import NOISE, RATE, STRANGE, sine

BURST = np.hanning(400) * NOISE[:400]


def clicks(times, seconds=12.0, gains=None):
    """Short bursts of noise at some times."""
    waveform = np.zeros(round(seconds * RATE))
    for time, gain in zip(times, np.ones(len(times)) if gains is None else gains, strict=True):
        start = round(time * RATE)
        waveform[start : start + 400] += gain * BURST[: len(waveform) - start]
    return waveform


def pulse(bpm, seconds=12.0):
    return clicks(np.arange(0.1, seconds - 0.1, 60 / bpm), seconds)


def long_noise(seconds=12.0):
    return np.random.default_rng(1).uniform(-0.5, 0.5, round(seconds * RATE))


@pytest.mark.parametrize("bpm", [72, 90, 120, 150])
def test_tempo_of_clicks(bpm, measure):
    values = measure("rhythm", pulse(bpm))
    assert values["tempo_first"] == pytest.approx(bpm, rel=0.01)
    assert values["local_tempo__median"] == pytest.approx(bpm, rel=0.02)
    assert values["tempo_change__mean"] < 0.02
    assert values["beat_interval_spread"] < 0.05
    assert values["beat_emphasis"] > 3


def test_the_second_tempo_is_another_level():
    # Every second click is louder: half the tempo is there too.
    times = np.arange(0.1, 11.9, 0.5)
    sound = Sound(clicks(times, gains=np.where(np.arange(len(times)) % 2, 0.2, 1)), RATE)
    assert sorted(np.rint([sound.tempo.bpm, sound.tempo.second_bpm])) == [60, 120]


def test_tempo_change(measure):
    faster = np.concatenate([pulse(96), pulse(120)])
    values = measure("rhythm", faster)
    assert values["local_tempo__min"] == pytest.approx(96, rel=0.02)
    assert values["local_tempo__max"] == pytest.approx(120, rel=0.02)
    assert values["tempo_change__max"] > 0.25
    assert values["tempo_change__mean"] > measure("rhythm", pulse(96))["tempo_change__mean"]


def test_pulse_of_clicks_is_clearer_than_that_of_noise(measure):
    steady, noise = measure("rhythm", pulse(120)), measure("rhythm", long_noise())
    uneven = clicks(np.sort(np.random.default_rng(2).uniform(0, 11.9, 24)))
    irregular = measure("rhythm", uneven)
    assert steady["pulse_clarity"] > 0.9
    assert noise["pulse_clarity"] < 0.3
    assert steady["pulse_clarity"] > irregular["pulse_clarity"] + 0.3
    assert steady["local_pulse_clarity__mean"] > noise["local_pulse_clarity__mean"] + 0.3
    assert steady["pulse_entropy"] < noise["pulse_entropy"]
    assert steady["metrical_strength__mean"] > noise["metrical_strength__mean"] + 0.3


def test_pulse_in_one_register(measure):
    times = np.arange(12 * RATE) / RATE
    bass = 0.5 * np.sin(2 * np.pi * 80 * times) * (times % 0.5 < 0.1)
    hiss = 0.02 * np.diff(long_noise(), prepend=0)
    values = measure("rhythm", bass + hiss)
    assert values["register_pulse_clarity_low"] > values["register_pulse_clarity_high"] + 0.2
    assert values["attack_density_low"] == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("density", [1, 2, 5])
def test_event_density(density, measure):
    values = measure("rhythm", clicks(np.arange(0.05, 11.95, 1 / density)))
    assert values["event_density"] == pytest.approx(density, rel=0.03)
    assert values["attack_density_all"] == pytest.approx(density, rel=0.03)
    assert values["power_peak_density"] == pytest.approx(density, rel=0.03)
    assert values["event_interval__mean"] == pytest.approx(1 / density, rel=0.02)
    assert values["irregularity_spread"] < 0.1


def test_irregular_events(measure):
    swing = np.cumsum(np.tile([0.4, 0.2], 18))
    values = measure("rhythm", clicks(swing))
    assert values["irregularity_spread"] == pytest.approx(0.5, abs=0.05)
    assert values["irregularity_change"] == pytest.approx(1, abs=0.1)


def test_subdivision_of_the_beat(measure):
    beat = np.arange(0.1, 11.5, 0.6)
    soft = np.full(len(beat), 0.1)
    duple = clicks(np.concatenate([beat, beat + 0.3]), gains=np.r_[np.ones(len(beat)), soft])
    triple = clicks(
        np.concatenate([beat, beat + 0.2, beat + 0.4]),
        gains=np.r_[np.ones(len(beat)), soft, soft],
    )
    two, three = (measure("rhythm", waveform) for waveform in (duple, triple))
    assert two["tempo_first"] == pytest.approx(100, rel=0.01)
    assert two["beat_ratio_half"] > 0.3 > three["beat_ratio_half"]
    assert three["beat_ratio_third"] > 0.3 > two["beat_ratio_third"]
    assert two["beat_phase_3"] > two[["beat_phase_2", "beat_phase_4"]].sum()
    assert three["beat_phase_3"] < three[["beat_phase_2", "beat_phase_4"]].sum()


def ramps(seconds):
    """A tone that swells for some seconds and stops, once in two seconds."""
    times = np.arange(12 * RATE) / RATE
    level = np.clip((times % 2) / seconds, 0, 1) * (times % 2 < 1)
    return level * np.sin(2 * np.pi * 440 * times)


@pytest.mark.parametrize("seconds", [0.1, 0.4, 0.8])
def test_attack_time(seconds, measure):
    values = measure("rhythm", ramps(seconds))
    # Frames of 23 ms and their smoothing spread a beginning.
    assert values["attack_time__median"] == pytest.approx(0.8 * seconds, abs=0.03)
    assert values["attack_leap__median"] == pytest.approx(60, abs=1)
    slope = 60 / values["attack_time__median"]
    assert values["attack_slope__median"] == pytest.approx(slope, rel=0.05)
    assert values["attack_density_all"] == pytest.approx(1 / 2)


def test_faster_attacks_are_steeper(measure):
    fast, slow = (measure("rhythm", ramps(seconds)) for seconds in (0.1, 0.8))
    assert fast["attack_slope__mean"] > 3 * slow["attack_slope__mean"]


@pytest.mark.parametrize("rate", [2.0, 4.0, 8.0])
def test_fluctuation_of_a_tremolo(rate, measure):
    times = np.arange(12 * RATE) / RATE
    values = measure("rhythm", (1 + 0.9 * np.sin(2 * np.pi * rate * times)) * long_noise())
    assert values["fluctuation_shape_peak"] == pytest.approx(rate, abs=0.05)
    assert values[f"fluctuation_rate_{int(rate - 0.5):02d}hz"] > 0.05
    plain = measure("rhythm", long_noise())
    assert values["fluctuation__max"] > 4 * plain["fluctuation__max"]
    assert values["fluctuation_entropy"] < plain["fluctuation_entropy"]


def test_fluctuation_of_short_clips_is_comparable():
    levels = np.abs(NOISE[: 22 * 1800]).reshape(22, -1)
    rate = 60.0  # thirty seconds
    whole = _fluctuation.fluctuation(levels, rate, 30.0)[1]
    np.testing.assert_array_equal(whole, _fluctuation.fluctuation(levels, rate, 40.0)[1])
    thirds = [_fluctuation.fluctuation(third, rate, 10.0)[1] for third in np.split(levels, 3, 1)]
    middle = slice(100, None)  # the mean level fills the slowest rates
    expected = np.mean([third[:, middle].mean() for third in thirds])
    assert expected == pytest.approx(whole[:, middle].mean(), rel=0.05)


def test_fluctuation_is_found_in_its_band(measure):
    times = np.arange(6 * RATE) / RATE
    tone = np.sin(2 * np.pi * 1000 * times)
    values = measure("rhythm", tone * (1 + 0.9 * np.sin(2 * np.pi * 4 * times)))
    bands = values.filter(regex="^fluctuation_band")
    assert bands.idxmax() in ("fluctuation_band_08", "fluctuation_band_09", "fluctuation_band_10")


def test_shares_of_modulation_rates_sum_to_one():
    hertz, strength = _fluctuation.fluctuation(np.abs(NOISE[:3000]).reshape(3, -1), 86.0)
    assert hertz[0] == 0
    assert hertz[-1] <= 10
    assert _fluctuation.rates(hertz, strength.sum(axis=0)).sum() == pytest.approx(1)
    assert np.isnan(_fluctuation.rates(hertz, 0 * hertz)).all()


def test_percussive_share(play, measure):
    tone = sum(play(pitch, 6.0) for pitch in (48, 64, 71))
    drums = pulse(240, 6.0)
    tones, hits = measure("rhythm", tone), measure("rhythm", drums)
    assert tones["percussive_all__median"] < 0.1
    assert hits["percussive_all__median"] > 0.9
    both = measure("rhythm", tone + drums)
    assert both["percussive_all__median"] < both["percussive_all__max"] - 0.1
    low_tone = np.sin(2 * np.pi * 110 * np.arange(len(drums)) / RATE)
    parted = measure("rhythm", low_tone + drums)
    assert parted["percussive_low__mean"] < 0.2 < 0.6 < parted["percussive_high__mean"]


def test_fluctuation_of_registers(measure):
    times = np.arange(12 * RATE) / RATE
    low = np.sin(2 * np.pi * 100 * times) * (1 + 0.9 * np.sin(2 * np.pi * 3.5 * times))
    high = np.sin(2 * np.pi * 5000 * times) * (1 + 0.9 * np.sin(2 * np.pi * 6.5 * times))
    values = measure("rhythm", low + high)
    for register, rate in (("low", "03hz"), ("high", "06hz")):
        found = values.filter(regex=f"^register_fluctuation_{register}").idxmax()
        assert found == f"register_fluctuation_{register}_{rate}"


def test_autocorrelation_of_a_cosine():
    curve = np.cos(2 * np.pi * np.arange(2000) / 50)
    correlation = _metre.autocorrelation(curve, 100.0)
    assert len(correlation) == 401
    np.testing.assert_allclose(correlation, np.cos(2 * np.pi * np.arange(401) / 50), atol=0.02)
    short = _metre.autocorrelation(curve[:300], 100.0)
    assert np.isfinite(short[:151]).all()
    assert np.isnan(short[151:]).all()
    assert np.isnan(_metre.autocorrelation(np.ones(50), 100.0)).all()


def test_beats_lie_on_the_clicks():
    times = np.arange(0.1, 11.9, 0.5)
    sound = Sound(clicks(times), RATE)
    beats = sound.beats / sound.onset_rate
    assert len(beats) == pytest.approx(len(times), abs=1)
    assert max(np.abs(times - beat).min() for beat in beats) < 0.04


def test_beat_histogram_of_clicks(measure):
    values = measure("rhythm", pulse(98))
    # The bins are 4 beats a minute wide: 98 is in that from 96 to 100, its half in 48 to 52.
    assert values["beat_histogram_tempo_first"] == 98
    assert values["beat_histogram_tempo_second"] == 50
    assert values["beat_histogram_first"] > 0.9


def test_beat_spectrum_of_a_loop(measure):
    loop = np.concatenate([long_noise(0.5), np.sin(2 * np.pi * 300 * np.arange(11025) / RATE)])
    sound = Sound(np.tile(loop, 12), RATE)
    spectrum = _metre.beat_spectrum(sound.mfcc[1:], sound.frame_rate)
    second, half = (round(seconds * sound.frame_rate) - 1 for seconds in (1, 0.5))
    assert spectrum[second] > 0.9
    assert spectrum[half] < 0.4


def test_silence_has_no_rhythm(measure):
    assert not measure("rhythm", STRANGE["silence"]).any()


def test_a_constant_tone_has_no_tempo(measure):
    tone = np.sin(2 * np.pi * 440 * np.arange(6 * RATE) / RATE)
    assert measure("rhythm", tone)["event_density"] < 0.5


def test_bark_power_is_that_of_a_tone_in_its_band():
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    power = _onsets.bark_power(_onsets.brief_power(tone.astype(np.float32)), RATE).mean(axis=1)
    assert power.argmax() == 8  # from 920 to 1,080 Hz
    assert power[8] > 10 * np.delete(power, [7, 8, 9]).max()


REGISTERS = ("low", "middle", "high")


# Levels of the beat from 40 to 200 beats a minute: the fastest of equal clicks, then the next.
@pytest.mark.parametrize(
    ("bpm", "first", "octaves", "levels"),
    [
        (120, 120, -1, (120, 60, 40)),
        (80, 80, -1, (80, 40)),
        (180, 180, -1, (180, 90, 60, 45)),
    ],
)
def test_levels_of_clicks(bpm, first, octaves, levels, measure):
    values = measure("rhythm", pulse(bpm))
    assert values["tempo_first"] == pytest.approx(first, rel=0.01)
    assert values["tempo_octaves"] == pytest.approx(octaves, abs=0.01)
    # All levels repeat as well, so that their tempi count alike.
    assert values["metrical_centroid__mean"] == pytest.approx(np.mean(levels), rel=0.02)
    for part in ("first", "second", "ratio"):
        assert values[f"tempo_strength_{part}"] == pytest.approx(1, abs=0.07)  # lags between frames


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


@pytest.mark.parametrize("rate", [6, 12])
def test_fast_notes_are_events(rate, play, measure):
    pitches = np.random.default_rng(7).permutation(24) + 60
    notes = [play(pitch, 1 / rate) for pitch in np.resize(pitches, 4 * rate)]
    assert measure("rhythm", np.concatenate(notes))["event_density"] == pytest.approx(
        rate, rel=0.15
    )


def test_soft_notes_and_vibrato(play, measure):
    # Notes of a tenth of the largest amplitude count, a vibrato does not.
    wavering = play(57 + 0.3 * np.sin(2 * np.pi * 6 * np.arange(2 * RATE) / RATE), n_harmonics=4)
    notes = [play(pitch, 0.5, amplitude=0.1) for pitch in (60, 64, 67, 72)]
    values = measure("rhythm", np.concatenate([0 * wavering, *notes, wavering]))
    # 12 periods of vibrato would count twice.
    assert values["event_density"] * 6 == pytest.approx(5, abs=1.1)


def test_fast_tempo_with_accents(measure):
    # Quarters of 180 BPM with soft eighths: neither 90 nor the eighths.
    times = np.arange(0.1, 11.9, 1 / 6)
    gains = np.where(np.arange(len(times)) % 2, 0.3, 1.0)
    values = measure("rhythm", clicks(times, gains=gains))
    assert values["tempo_first"] == pytest.approx(180, rel=0.01)
    assert values["beat_histogram_tempo_first"] == pytest.approx(180, abs=2)
