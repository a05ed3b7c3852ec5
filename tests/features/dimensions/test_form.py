"""Descriptors of form: boundaries and repetitions of synthetic clips."""

import numpy as np
import pytest

from sklearn_mer.features.analysis import Sound, _similarity, _structure

from ..signals import NOISE, RATE, STRANGE

PART = 6.0  # s
BLOCK = 11 * 512  # samples of a quarter of a second, in whole frames


@pytest.fixture(scope="module")
def parts(play):
    """Three parts that differ in timbre, harmony and level."""
    low = sum(play(pitch, PART, n_harmonics=2) for pitch in (48, 52, 55))
    high = 2 * sum(play(pitch, PART, n_harmonics=8) for pitch in (66, 70, 73))
    noise = 0.3 * np.random.default_rng(3).uniform(-1, 1, len(low))
    return {"a": low, "b": high, "c": noise}


@pytest.fixture(scope="module")
def compose(parts):
    def compose_parts(letters):
        return np.concatenate([parts[letter] for letter in letters])

    return compose_parts


@pytest.mark.parametrize("letters", ["aba", "abac", "ab"])
def test_novelty_peaks_at_the_boundaries(letters, compose, measure):
    waveform = compose(letters)
    ends = PART * np.arange(1, len(letters))
    sound = Sound(waveform, RATE)
    np.testing.assert_allclose(_structure.boundaries(sound), ends, atol=0.3)
    values = measure("form", waveform)
    minutes = len(waveform) / RATE / 60
    assert values["boundaries_per_minute"] == pytest.approx((len(letters) - 1) / minutes)
    assert values["section_length__mean"] == pytest.approx(PART, abs=0.1)
    block = _similarity.block_length(sound.frame_rate) / sound.frame_rate
    for novelty in _structure.novelties(sound)[[0, 1, 3, 4]]:  # 1 and 3 s: timbre, harmony
        assert np.abs(ends - np.nanargmax(novelty) * block).min() < 0.5


def test_one_part_has_no_boundaries(compose, measure):
    values = measure("form", compose("aa"))
    assert values["boundaries_per_minute"] == 0
    assert values["section_length__max"] == pytest.approx(2 * PART, rel=0.01)
    varied = measure("form", compose("ab"))
    for aspect in ("timbre", "harmony", "level"):
        name = f"novelty_{aspect}_3s__max"
        assert values[name] < 0.1 < 0.3 < varied[name]
        name = f"similarity_{aspect}__mean"
        assert values[name] > varied[name] + 0.2


def test_aspects_are_told_apart(parts, measure):
    louder = measure("form", np.concatenate([0.1 * parts["a"], parts["a"]]))
    assert louder["novelty_level_3s__max"] > 0.3
    assert louder["novelty_harmony_3s__max"] < 0.1
    assert louder["half_contrast_level"] == pytest.approx(20, abs=1)
    assert louder["half_contrast_chroma_entropy"] < 0.05


def test_what_comes_back_is_found(play, measure):
    rng = np.random.default_rng(4)
    phrase = np.concatenate([play(pitch, 0.5) for pitch in rng.integers(48, 72, 12)])
    other = np.concatenate([play(pitch, 0.5) for pitch in rng.integers(48, 72, 12)])
    again = measure("form", np.concatenate([phrase, phrase]))
    once = measure("form", np.concatenate([phrase, other]))
    assert again["repetition_harmony__median"] > 0.9
    assert again["repetition_harmony__median"] > once["repetition_harmony__median"] + 0.2


def test_repetition_of_a_known_matrix():
    rng = np.random.default_rng(5)
    unlike = rng.uniform(0, 0.2, (24, 24))
    similarity = (unlike + unlike.T) / 2
    i = np.arange(4)
    similarity[i, i + 16] = similarity[i + 16, i] = 1.0
    found = _similarity.repetition(similarity, n_apart=8, n_stripe=4)
    assert len(found) == 21
    assert found[0] == found[16] == 1
    assert (np.delete(found, [0, 1, 2, 3, 13, 14, 15, 16, 17, 18, 19]) < 0.3).all()
    assert len(_similarity.repetition(similarity, n_apart=30, n_stripe=4)) == 0


def test_novelty_of_a_known_matrix():
    part = np.repeat([0, 1, 0], 10)
    similarity = (part[:, None] == part).astype(float)
    novelty = _similarity.novelty(similarity, 4)
    assert np.isnan(novelty[[0, 1, 29]]).all()
    np.testing.assert_allclose(novelty[[10, 20]], 1)
    np.testing.assert_allclose(novelty[[2, 5, 15, 25]], 0, atol=1e-12)


def test_trends_of_a_crescendo(play, measure):
    tone = play(60, 10.0)
    rising = tone * 10 ** (np.linspace(-40, 0, len(tone)) / 20)
    values = measure("form", rising)
    assert values["trend_level"] == pytest.approx(40 * 60 / 10, rel=0.05)
    assert values["half_contrast_level"] == pytest.approx(20, rel=0.05)
    # Four means 10 dB apart.
    assert values["quarter_deviation_level"] == pytest.approx(np.std([0, 10, 20, 30]), rel=0.05)
    falling = measure("form", rising[::-1])
    assert falling["trend_level"] == pytest.approx(-values["trend_level"], rel=0.05)


def test_trend_of_the_mode(play, measure):
    minor, major = (
        np.concatenate([sum(play(p, 1.0) for p in chord) for chord in cadence])
        for cadence in (
            ((57, 60, 64), (62, 65, 69), (64, 68, 71), (57, 60, 64)),
            ((57, 61, 64), (62, 66, 69), (64, 68, 71), (57, 61, 64)),
        )
    )
    values = measure("form", np.concatenate([minor, minor, major, major]))
    assert values["trend_mode"] > 0
    assert measure("form", np.concatenate([major, major, minor, minor]))["trend_mode"] < 0


def test_recurrence(compose, measure):
    aa, ab = (measure("form", compose(letters)) for letters in ("aa", "ab"))
    for aspect in ("timbre", "harmony"):
        assert aa[f"recurrence_{aspect}"] > 0.95
        # Pairs across the two halves are unlike.
        assert ab[f"recurrence_{aspect}"] == pytest.approx(0.5, abs=0.1)


def test_noise_stays_as_it_is(measure):
    values = measure("form", NOISE)
    assert values["boundaries_per_minute"] == 0
    assert values["novelty_timbre_1s__max"] < 0.1


def test_silence_is_all_alike(measure):
    values = measure("form", STRANGE["silence"])
    assert values["similarity_timbre__mean"] == 1
    assert values["boundaries_per_minute"] == 0
    assert not values.filter(regex="^(trend|half_contrast|quarter_deviation|novelty)").any()


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


def test_adjacent_similarity_of_chords(play_chord, measure):
    low, high = play_chord(48, 52, 55, seconds=4.0), play_chord(54, 58, 61, seconds=4.0)
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
