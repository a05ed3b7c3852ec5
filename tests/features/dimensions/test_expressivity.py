"""Descriptors of expressive techniques of synthetic notes."""

import warnings

import numpy as np
import pytest
import scipy.signal

from sklearn_mer.features.analysis import Sound

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


def throat(pulses):
    """Pass pulses through three formants."""
    for hertz, width in ((550, 80), (1100, 90), (2500, 120)):
        radius = np.exp(-np.pi * width / RATE)
        turn = -2 * radius * np.cos(2 * np.pi * hertz / RATE)
        pulses = scipy.signal.lfilter([1 - radius], [1, turn, radius**2], pulses)
    return 0.5 * pulses / np.abs(pulses).max()


def glottal(hertz, irregular=0.0):
    """A voice whose pulses are irregular by that part of the period."""
    random = np.random.default_rng(0).uniform(-irregular, irregular, 2 * len(TIMES))
    times = np.cumsum(1 + random) / hertz
    pulses = np.zeros(len(TIMES))
    pulses[(times[times < TIMES[-1]] * RATE).astype(int)] = 1.0
    return throat(pulses)


@pytest.mark.parametrize(("hertz", "irregular"), [(30, 0.3), (40, 0.25), (40, 0.0), (50, 0.1)])
def test_low_pulses_creak(hertz, irregular, measure):
    values = measure("expressivity", glottal(hertz, irregular))
    assert values["creak_share"] > 0.9
    assert 0.85 < values["creak__mean"] <= values["creak__max"] <= 1
    assert values["aperiodicity__mean"] > 0.5


def _not_creaky():
    clicks = np.zeros(len(TIMES))
    clicks[:: RATE // 2] = 1.0
    return {
        "voice at 120 Hz": glottal(120, 0.02),
        "voice at 200 Hz": glottal(200),
        "white noise": np.random.default_rng(0).uniform(-0.5, 0.5, len(TIMES)),
        "silence": np.zeros(len(TIMES)),
        "clicks at 120 bpm": clicks,
        "drum at 120 bpm": throat(clicks),
        "beats at 40 Hz": sum(np.sin(2 * np.pi * hertz * TIMES) for hertz in (440, 480)),
        "sine at 60 Hz": np.sin(2 * np.pi * 60 * TIMES),
    }


@pytest.mark.parametrize("waveform", _not_creaky().values(), ids=_not_creaky())
def test_what_does_not_creak(waveform, measure):
    values = measure("expressivity", waveform)
    assert values["creak_share"] == values["creak__mean"] == values["creak__max"] == 0


def test_creak_at_the_end_of_a_phrase(measure):
    voice = np.where(TIMES < 2, glottal(200), glottal(40, 0.25))
    values = measure("expressivity", voice)
    assert values["creak_share"] == pytest.approx(1 / 3, abs=0.05)
    assert values["creak__std"] > 0.3
    # Silence is neither.
    longer = measure("expressivity", np.append(voice, np.zeros(3 * RATE)))
    assert longer["creak_share"] == pytest.approx(values["creak_share"], abs=0.03)


def test_a_clear_pitch_is_periodic(measure):
    assert measure("expressivity", glottal(200))["aperiodicity__mean"] < 0.05
    assert measure("expressivity", _not_creaky()["white noise"])["aperiodicity__mean"] > 0.7


def test_finite_for_anything(strange, measure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(measure("expressivity", strange)).all()


@pytest.mark.parametrize("sample_rate", [500, 4000, 48000])
def test_creak_of_any_sample_rate(sample_rate):
    noise = np.random.default_rng(0).normal(size=5000).astype(np.float32)
    creak = Sound(noise, sample_rate).creak
    assert np.isfinite(creak.strength).all()
    assert ((creak.periodicity >= 0) & (creak.periodicity <= 1)).all()


@pytest.mark.parametrize("gain", [0.1, 0.5])
def test_gain_changes_no_creak(gain, measure):
    voice = glottal(40, 0.25) + np.random.default_rng(0).normal(0, 0.01, len(TIMES))
    expected = measure("expressivity", voice)
    assert expected["creak__mean"] > 0.5
    values = measure("expressivity", gain * voice)
    np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("gain", [0.1, 0.5])
def test_gain_changes_nothing(gain, play, measure):
    noise = np.random.default_rng(0).normal(0, 0.01, len(TIMES))
    music = play(vibrato(60, 6, 50)) + play(48 + 4 * np.clip(TIMES - 1, 0, 1)) + noise
    expected = measure("expressivity", music)
    np.testing.assert_allclose(
        measure("expressivity", gain * music), expected, rtol=1e-4, atol=1e-4
    )


# Sounding seconds of notes that begin every half second, in turn.
STACCATO, LEGATO, OTHER = 0.12, 0.5, 0.35


def seconds(duration):
    return np.arange(round(duration * RATE)) / RATE


@pytest.fixture(scope="module")
def wavering(play):
    """Notes of 2 s: plain, with a vibrato or with a tremolo."""

    def play_wavering(pitch, kind):
        wave = np.sin(2 * np.pi * 5.5 * seconds(2))
        if kind == "vibrato":
            return play(pitch + 0.5 * wave)
        return play(np.full(len(wave), float(pitch)), amplitude=1 + 0.3 * wave)

    return play_wavering


@pytest.mark.parametrize(("kind", "other"), [("vibrato", "tremolo"), ("tremolo", "vibrato")])
def test_one_of_three_notes_wavers(kind, other, wavering, play, measure):
    notes = [wavering(67, kind), play(48, 2.0), play(71, 2.0)]
    values = measure("expressivity", np.concatenate(notes))
    assert values[f"{kind}_ratio"] == pytest.approx(1 / 2)
    assert values[f"{kind}_length__max"] == pytest.approx(2, abs=0.15)
    assert values[f"{kind}_high"] == 1
    # Of 4 s from C4 on, 2 s; of the melody's three notes, one.
    assert values[f"{kind}_high_coverage"] == pytest.approx(1 / 2, abs=0.04)
    assert values[f"{kind}_melody"] == pytest.approx(1 / 3, abs=0.04)
    assert values[f"{other}_ratio"] == values[f"{other}_high_coverage"] == 0
    assert values[f"{other}_length__max"] == values[f"{other}_melody"] == 0


def test_low_notes_that_waver_are_not_high(wavering, measure):
    for kind, ratio, high, coverage in (
        ("vibrato", "vibrato_ratio", "vibrato_high", "vibrato_high_coverage"),
        ("tremolo", "tremolo_ratio", "tremolo_high", "tremolo_high_coverage"),
    ):
        both = measure("expressivity", np.concatenate([wavering(52, kind), wavering(64, kind)]))
        low = measure("expressivity", wavering(52, kind))
        assert both[high] == pytest.approx(1 / 2, abs=0.03)
        assert both[coverage] > 0.9
        assert both[ratio] == 2
        assert low[high] == low[coverage] == 0
        assert low[ratio] == 1


def test_time_and_melody_of_tremolo(wavering, play, measure):
    values = measure("expressivity", np.concatenate([wavering(60, "tremolo"), play(55, 1.0)]))
    assert values["tremolo_length__mean"] == pytest.approx(2, abs=0.15)
    assert values["tremolo_melody"] == pytest.approx(2 / 3, abs=0.04)


def test_glissandi_among_notes(play, measure):
    slide = play(60 + 12 * np.clip(seconds(3) - 1, 0, 1))
    steady = np.concatenate([play(pitch, 0.3) for pitch in (52, 56, 52, 56, 52, 56, 52, 56)])
    few, more, none = (
        measure("expressivity", w) for w in (slide, np.append(slide, steady), steady)
    )
    # Its one second of three, and of 5.4.
    assert few["glissando_coverage"] == pytest.approx(1 / 3, abs=0.04)
    assert more["glissando_coverage"] == pytest.approx(1 / 5.4, abs=0.03)
    # Eight notes more to the same glissando.
    assert 1 / more["glissando_ratio"] - 1 / few["glissando_ratio"] == pytest.approx(8, abs=1e-3)
    assert none["glissando_ratio"] == none["glissando_coverage"] == 0


def test_durations_and_time_of_articulations(play, measure):
    notes = []
    for place, pitch in enumerate((60, 62, 64, 65, 67, 69, 71, 72, 74, 76)):
        sounding = (STACCATO, LEGATO, OTHER)[place % 3]
        notes += [play(pitch, sounding), np.zeros(round((0.5 - sounding) * RATE))]
    values = measure("expressivity", np.concatenate(notes))
    # The analysis window makes notes up to 0.08 s longer. The last note is not counted.
    for kind, expected in zip(("staccato", "legato", "other"), (0.12, 0.5, 0.35), strict=True):
        assert values[f"articulation_{kind}"] == pytest.approx(1 / 3)
        assert values[f"{kind}_duration__mean"] == pytest.approx(expected + 0.04, abs=0.04)
        share = expected / (STACCATO + LEGATO + OTHER)
        assert values[f"articulation_time_{kind}"] == pytest.approx(share, abs=0.05)
    assert values["staccato_duration__max"] < 0.25 < values["other_duration__min"]
    assert values["other_duration__max"] < values["legato_duration__min"]
    times = [f"articulation_time_{kind}" for kind in ("staccato", "legato", "other")]
    assert values[times].sum() == pytest.approx(1)


def test_what_is_not_there_has_no_duration(play, measure):
    values = measure("expressivity", np.concatenate([play(p, 0.5) for p in (60, 62, 64, 65)]))
    assert values["articulation_time_legato"] == 1
    assert values["staccato_duration__max"] == values["other_duration__max"] == 0
