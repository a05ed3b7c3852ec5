"""Harmony and form: triads in known keys, and blocks of known similarity."""

import numpy as np
import pytest

from .signals import RATE

PITCHES = ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")
BLOCK = 11 * 512  # samples of a quarter of a second, in whole frames


@pytest.fixture(scope="module")
def chord(play):
    def play_chord(*pitches, seconds=2.0):
        return sum(play(pitch, seconds) for pitch in pitches)

    return play_chord


@pytest.mark.parametrize("root", [0, 5, 10])
def test_a_triad_is_strongest_in_its_key(root, chord, measure):
    major = measure("harmony", chord(60 + root, 64 + root, 67 + root))
    minor = measure("harmony", chord(60 + root, 63 + root, 67 + root))
    in_major, in_minor = (
        f"key_strength_major_{PITCHES[root]}",
        f"key_strength_minor_{PITCHES[root]}",
    )
    assert major.filter(regex="^key_strength").idxmax() == in_major
    assert minor.filter(regex="^key_strength").idxmax() == in_minor
    for own, other, mode in ((major, minor, in_major), (minor, major, in_minor)):
        assert 0.8 < own[mode] <= 1
        assert own[mode] > other[mode] + 0.2
    # The key a tritone away shares the fewest notes with it.
    assert major[f"key_strength_major_{PITCHES[(root + 6) % 12]}"] < -0.4


def test_key_strength_of_all_twelve_notes(chord, measure):
    values = measure("harmony", chord(*range(60, 72)))
    assert values.filter(regex="^key_strength_(major|minor)").abs().max() < 0.7


@pytest.mark.parametrize("third", [3, 4])
def test_chord_clarity(third, chord, measure):
    triad = measure("harmony", chord(60, 60 + third, 67))
    cluster = measure("harmony", chord(*range(60, 67)))
    assert 0.9 < triad["chord_clarity__min"] <= triad["chord_clarity__max"] <= 1
    assert triad["chord_clarity__std"] < 0.02
    assert cluster["chord_clarity__mean"] < 0.65
    assert measure("harmony", np.zeros(RATE))["chord_clarity__mean"] == 0


def test_adjacent_similarity_of_levels(measure):
    # A change of 5 dB between two blocks: exp(-1).
    noise = np.random.default_rng(8).uniform(-0.5, 0.5, 20 * BLOCK)
    step = np.where(np.arange(len(noise)) < 10 * BLOCK - 256, 10 ** (-5 / 20), 1.0)
    steady, louder = (measure("form", w) for w in (noise, noise * step))
    assert steady["adjacent_similarity_level__min"] > 0.85
    assert louder["adjacent_similarity_level__min"] == pytest.approx(np.exp(-1), abs=0.06)
    mean = steady["adjacent_similarity_level__mean"] - (1 - np.exp(-1)) / 19
    assert louder["adjacent_similarity_level__mean"] == pytest.approx(mean, abs=0.01)
    for aspect in ("timbre", "harmony"):
        name = f"adjacent_similarity_{aspect}__mean"
        assert louder[name] == pytest.approx(steady[name], abs=0.02)


def test_adjacent_similarity_of_chords(chord, measure):
    low, high = chord(48, 52, 55, seconds=4.0), chord(54, 58, 61, seconds=4.0)
    held, changed = (measure("form", np.concatenate(w)) for w in ((low, low), (low, high)))
    assert held["adjacent_similarity_harmony__min"] > 0.95
    assert changed["adjacent_similarity_harmony__min"] < 0.4
    # One pair of blocks, or two, is unlike; all others are alike.
    assert changed["adjacent_similarity_harmony__median"] > 0.99


def test_adjacent_similarity_of_timbres(play, measure):
    part = round(0.5 * RATE)
    bright, dull = play(60, 4.0, n_harmonics=8), play(60, 4.0, n_harmonics=1)
    changing = np.where((np.arange(len(dull)) // part) % 2, bright, dull)
    values = {name: measure("form", w) for name, w in (("still", dull), ("changing", changing))}
    name = "adjacent_similarity_timbre__mean"
    assert values["still"][name] > 0.9
    assert values["still"][name] > 1.5 * values["changing"][name]
