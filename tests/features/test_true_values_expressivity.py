"""Expressive techniques: shares and durations of notes of known length."""

import numpy as np
import pytest

RATE = 22050
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
