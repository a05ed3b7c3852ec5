"""Descriptors of harmony: keys, modes, chords and intervals of synthetic clips."""

import numpy as np
import pytest

from sklearn_mer.features.analysis import Sound, _tonal

from ..signals import NOISE, RATE, STRANGE

MAJOR_SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
MINOR_SCALE = (57, 59, 60, 62, 64, 65, 68, 69)
C_CADENCE = ((60, 64, 67), (65, 69, 72), (67, 71, 74), (60, 64, 67))
A_CADENCE = ((57, 60, 64), (62, 65, 69), (64, 68, 71), (57, 60, 64))
PITCHES = ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")


@pytest.fixture(scope="module")
def play_chords(play):
    def play_all(chords, seconds=1.0, transpose=0.0):
        return np.concatenate(
            [sum(play(pitch + transpose, seconds) for pitch in chord) for chord in chords]
        )

    return play_all


def scale(play, pitches):
    return np.concatenate([play(pitch, 0.5) for pitch in (*pitches, *pitches[::-1])])


def best_key(values):
    return values.filter(regex="^key_strength").idxmax().removeprefix("key_strength_")


def test_key_and_mode_of_cadences(play_chords, measure):
    major, minor = (measure("harmony", play_chords(c)) for c in (C_CADENCE, A_CADENCE))
    assert best_key(major) == "major_c"
    assert best_key(minor) == "minor_a"
    assert major["mode"] > 0 > minor["mode"]
    assert major["parallel_mode"] > 0.2 > -0.2 > minor["parallel_mode"]
    assert major["local_mode__mean"] > 0 > minor["local_mode__mean"]
    assert major["chord_mode"] > 0.6
    assert minor["chord_mode"] < 0


def test_key_and_mode_of_scales(play, measure):
    major, minor = (measure("harmony", scale(play, s)) for s in (MAJOR_SCALE, MINOR_SCALE))
    assert best_key(major) == "major_c"
    assert best_key(minor) == "minor_a"
    assert major["mode"] > 0 > minor["mode"]


@pytest.mark.parametrize("semitones", [2, 5, 9])
def test_keys_are_named(semitones, play_chords, measure):
    values = measure("harmony", play_chords(C_CADENCE, transpose=semitones))
    assert best_key(values) == f"major_{PITCHES[semitones]}"


@pytest.mark.parametrize("semitones", [1, 3, 6])
def test_transposition(semitones, play_chords, measure):
    low = measure("harmony", play_chords(C_CADENCE))
    high = measure("harmony", play_chords(C_CADENCE, transpose=semitones))
    # Higher notes have fewer partials under 2,100 Hz, and the bins fall elsewhere.
    for pattern, at_least in [
        ("^(degree|chroma_harmonic|interval|chord_quality|chord_root).*(mean|[0-9a-z])$", 43),
        ("^(chroma_entropy|chroma_peak|tonal_centroid_distance|harmonic_change)__mean", 4),
        ("^(key_clarity_.*|mode|parallel_mode|chord_mode|local_key_clarity__mean)$", 6),
    ]:
        names = low.filter(regex=pattern).filter(regex="^((?!_std|_texture).)*$").index
        assert len(names) >= at_least
        np.testing.assert_allclose(low[names], high[names], atol=0.1, err_msg=pattern)
    names = [f"chroma_{pitch}__mean" for pitch in PITCHES]
    np.testing.assert_allclose(np.roll(low[names], semitones), high[names], atol=0.07)
    assert np.abs(low[names] - high[names]).max() > 0.1


@pytest.mark.parametrize("cents", [-30, 0, 20, 45])
def test_tuning(cents, play, measure):
    values = measure("harmony", scale(play, np.array(MAJOR_SCALE) + cents / 100))
    assert values["tuning"] == pytest.approx(cents, abs=3)
    assert values["tuning_clarity"] > 0.9
    # The keys follow the tuning.
    assert best_key(values) == "major_c"


def test_noise_has_no_tuning(measure):
    assert measure("harmony", NOISE)["tuning_clarity"] < 0.2


@pytest.mark.parametrize("pitch", [48, 57, 63, 70, 83])
def test_a_note_is_its_pitch_class(pitch, play, measure):
    values = measure("harmony", play(pitch, 2.0, n_harmonics=1))
    assert values[f"chroma_{PITCHES[pitch % 12]}__mean"] > 0.85
    assert values["chroma_peak__mean"] > 0.85
    assert values["chroma_entropy__mean"] < 0.2


@pytest.mark.parametrize(
    ("name", "semitones"),
    [("semitone", 1), ("minor_third", 3), ("major_third", 4), ("fourth", 7), ("tritone", 6)],
)
def test_intervals(name, semitones, play, measure):
    two = play(60, 2.0, n_harmonics=1) + play(60 + semitones, 2.0, n_harmonics=1)
    values = measure("harmony", two)
    assert values[f"interval_{name}__mean"] > 0.7


def test_a_triad_is_more_consonant_than_a_cluster(play_chords, measure):
    triad, cluster = (
        measure("harmony", play_chords([c] * 2)) for c in ((60, 64, 67), (60, 61, 62))
    )
    assert triad["consonance__mean"] > cluster["consonance__mean"] + 0.3


def test_fourier_coefficients_of_known_sets(play_chords, measure):
    def strongest(pitches):
        values = measure("harmony", play_chords([pitches], 2.0))
        return values.filter(regex="^chroma_harmonic_[2-6]__mean").idxmax()

    assert strongest((60, 64, 68)) == "chroma_harmonic_3__mean"
    assert strongest((60, 63, 66, 69)) == "chroma_harmonic_4__mean"
    assert strongest((60, 62, 64, 66, 68, 70)) == "chroma_harmonic_6__mean"


@pytest.mark.parametrize(
    ("quality", "pitches"),
    [
        ("major", (60, 64, 67)),
        ("minor", (62, 65, 69)),
        ("diminished", (59, 62, 65)),
        ("augmented", (60, 64, 68)),
        ("dominant_seventh", (55, 59, 62, 65)),
    ],
)
def test_chord_qualities(quality, pitches, play_chords, measure):
    chords = play_chords([pitches], 2.0)
    values = measure("harmony", chords)
    assert values[f"chord_quality_{quality}"] > 0.9
    assert values["chord_entropy"] < 0.5
    root = Sound(chords, RATE).chords.root
    assert np.median(root) == pitches[0] % 12 or quality == "augmented"


def test_chords_are_counted(play_chords, measure):
    values = measure("harmony", play_chords(C_CADENCE, seconds=2.0))
    assert values["chord_changes"] == pytest.approx(3 / 8)
    assert values["chord_root_1"] == pytest.approx(1 / 2, abs=0.1)
    assert values["chord_root_4"] == pytest.approx(1 / 4, abs=0.1)
    assert values["chord_root_5"] == pytest.approx(1 / 4, abs=0.1)
    assert values["chord_entropy"] == pytest.approx(1.5, abs=0.1)


def test_change_is_found_where_chords_change(play_chords, measure):
    still = measure("harmony", play_chords([C_CADENCE[0]], 4.0))
    moving = measure("harmony", play_chords(C_CADENCE))
    for name in ("harmonic_change__mean", "chroma_flux__mean", "chord_change_likelihood__mean"):
        assert moving[name] > 5 * still[name]
    assert moving["tonal_centroid_distance__mean"] > 3 * still["tonal_centroid_distance__mean"]


def test_key_change(play_chords, measure):
    home = play_chords(C_CADENCE)
    away = play_chords(C_CADENCE, transpose=6)
    stays = measure("harmony", np.concatenate([home, home]))
    leaves = measure("harmony", np.concatenate([home, home, away]))
    assert stays["key_stability"] > leaves["key_stability"] + 0.2
    assert leaves["key_changes"] > stays["key_changes"]


def test_tonal_centroid_of_opposite_keys(play, measure):
    low, high = (measure("harmony", play(pitch, 2.0, n_harmonics=1)) for pitch in (60, 66))
    fifths = [f"tonal_centroid_{i}__mean" for i in (1, 2)]
    # C and F sharp are opposite on the circle of fifths.
    np.testing.assert_allclose(low[fifths], -high[fifths], atol=0.1)
    assert np.hypot(*low[fifths]) == pytest.approx(1, abs=0.1)


def test_key_profiles_have_their_own_keys():
    strength = _tonal.correlate(_tonal.key_profiles(), _tonal.key_profiles().T)
    np.testing.assert_array_equal(strength.argmax(axis=0), np.arange(24))
    np.testing.assert_allclose(np.diag(strength), 1)


def test_silence_has_no_harmony(measure):
    assert not measure("harmony", STRANGE["silence"]).any()


def test_pauses_count_for_nothing(play_chords, measure):
    cadence = play_chords(C_CADENCE)
    with_pause = measure("harmony", np.concatenate([cadence, np.zeros(4 * RATE)]))
    without = measure("harmony", cadence)
    for name in ("mode", "key_clarity_best", "chroma_entropy__mean", "chord_quality_major"):
        assert with_pause[name] == pytest.approx(without[name], abs=0.06)


@pytest.mark.parametrize("root", [0, 5, 10])
def test_a_triad_is_strongest_in_its_key(root, play_chord, measure):
    major = measure("harmony", play_chord(60 + root, 64 + root, 67 + root))
    minor = measure("harmony", play_chord(60 + root, 63 + root, 67 + root))
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


def test_key_strength_of_all_twelve_notes(play_chord, measure):
    values = measure("harmony", play_chord(*range(60, 72)))
    assert values.filter(regex="^key_strength_(major|minor)").abs().max() < 0.7


@pytest.mark.parametrize("third", [3, 4])
def test_chord_clarity(third, play_chord, measure):
    triad = measure("harmony", play_chord(60, 60 + third, 67))
    cluster = measure("harmony", play_chord(*range(60, 67)))
    assert 0.9 < triad["chord_clarity__min"] <= triad["chord_clarity__max"] <= 1
    assert triad["chord_clarity__std"] < 0.02
    assert cluster["chord_clarity__mean"] < 0.65
    assert measure("harmony", np.zeros(RATE))["chord_clarity__mean"] == 0
