"""What is heard in synthetic clips."""

import librosa
import numpy as np
import pytest
from scipy.stats import spearmanr

from sklearn_mer.datasets import make_quadrant_clips
from sklearn_mer.datasets._composition import TONICS, Note, Score, compose
from sklearn_mer.datasets._synthesis import Timbre, draw_timbre, synthesise, wave_tables

from .parameters import MIDDLE

RATE = 16000
PLAIN = Timbre(slope=0.0, even=1.0, formant=3.0, attack=1.0, floor=-60.0)


@pytest.fixture(scope="module")
def clips():
    return make_quadrant_clips(80, duration=3.0, sample_rate=RATE, random_state=0)


def play(**changes):
    """Play the same music with changed parameters."""
    parameters = MIDDLE | changes
    rng = np.random.default_rng(0)
    score = compose(parameters, 3.0, rng)
    return synthesise(score, parameters, PLAIN, 3 * RATE, RATE, rng)


def normalise(waveforms):
    return waveforms / np.abs(waveforms).max(axis=-1, keepdims=True)


def centroid(waveform):
    return librosa.feature.spectral_centroid(y=waveform, sr=RATE).mean()


def count_onsets(waveform):
    return len(librosa.onset.onset_detect(y=waveform, sr=RATE))


def rms(waveform):
    return np.sqrt(np.mean(waveform.astype(float) ** 2))


# The cues, as heard


def test_excited_clips_are_busier_and_brighter(clips):
    waveforms = normalise(clips.data)
    excited = np.isin(clips.target, ["Q1", "Q2"])
    onsets = np.array([count_onsets(waveform) for waveform in waveforms])
    centroids = np.array([centroid(waveform) for waveform in waveforms])
    assert onsets[excited].mean() > 1.3 * onsets[~excited].mean()
    assert centroids[excited].mean() > 1.3 * centroids[~excited].mean()
    assert spearmanr(onsets, clips.parameters["tempo"]).statistic > 0.5


def test_the_mode_is_heard_in_the_third(clips):
    thirds = []
    for waveform, key in zip(normalise(clips.data), clips.parameters["key"], strict=True):
        chroma = librosa.feature.chroma_stft(y=waveform, sr=RATE, tuning=0).mean(axis=1)
        thirds.append(chroma[(TONICS[key] + 4) % 12] - chroma[(TONICS[key] + 3) % 12])
    major = clips.parameters["mode"] == "major"
    right = (np.array(thirds) > 0) == major
    assert right.mean() > 0.9


def test_the_peak_is_the_loudness(clips):
    peaks = 20 * np.log10(np.abs(clips.data).max(axis=1))
    np.testing.assert_allclose(peaks, clips.parameters["loudness"], atol=0.01)


def test_loud_clips_are_denser_once_normalised():
    assert rms(normalise(play(loudness=-1.0))) > 1.1 * rms(normalise(play(loudness=-20.0)))


def test_rough_clips_have_more_partials():
    clean, rough = (normalise(play(roughness=roughness)) for roughness in (0.0, 0.9))
    assert centroid(rough) > 1.3 * centroid(clean)


def test_staccato_clips_rest_more():
    levels = [
        librosa.feature.rms(y=normalise(play(articulation=articulation)))[0]
        for articulation in (0.2, 1.0)
    ]
    rests = [np.mean(level < 0.1) for level in levels]
    assert rests[0] > rests[1] + 0.1


def test_brightness_and_percussion_raise_the_centroid():
    assert centroid(play(brightness=0.9)) > centroid(play(brightness=0.1))
    assert centroid(play(percussion=0.9)) > centroid(play(percussion=0.1))


# Sound quality


def test_no_clipping_no_offset_no_clicks(clips):
    waveforms = normalise(clips.data.astype(float))
    assert np.abs(waveforms.mean(axis=1)).max() < 0.002
    # Clipped waves dwell at their peak.
    assert (np.abs(waveforms) > 0.999).mean(axis=1).max() < 0.001
    assert (clips.data[:, [0, -1]] == 0).all()
    # A click is one bend of the wave that stands out of all others of its clip.
    bends = np.abs(np.diff(waveforms, 2, axis=1))
    assert (bends.max(axis=1) / np.quantile(bends, 0.999, axis=1)).max() < 5


def test_little_below_the_lowest_note(clips):
    power = np.abs(np.fft.rfft(clips.data, axis=1)) ** 2
    frequencies = np.fft.rfftfreq(clips.data.shape[1], 1 / RATE)
    assert (power[:, frequencies < 30].sum(axis=1) / power.sum(axis=1)).max() < 0.01


def test_notes_have_no_aliases():
    # C7 at 8 kHz: one harmonic fits, and all others would fold back.
    score = Score([], [Note(0.0, 0.5, 96, 1.0)], [], [])
    quiet = MIDDLE | {"roughness": 0.0, "brightness": 1.0, "loudness": -24.0}
    wave = synthesise(score, quiet, PLAIN, 4000, 8000, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(wave)) ** 2
    frequencies = np.fft.rfftfreq(4000, 1 / 8000)
    near = np.abs(frequencies - 2093) < 60
    assert power[near].sum() / power.sum() > 0.99


def test_wave_tables_have_unit_power_and_close():
    tables = wave_tables(PLAIN, brightness=0.7)
    np.testing.assert_allclose((tables[:, :-1] ** 2).mean(axis=1), 1)
    np.testing.assert_allclose(tables[:, 0], tables[:, -1], atol=1e-9)


def test_the_artist_is_heard():
    # The level of the second harmonic of one note, relative to the first.
    score = Score([], [Note(0.0, 0.4, 69, 1.0)], [], [])
    levels = []
    for artist in range(8):
        timbre = draw_timbre(np.random.default_rng(artist))
        wave = synthesise(score, MIDDLE, timbre, RATE // 2, RATE, np.random.default_rng(0))
        spectrum = np.abs(np.fft.rfft(wave))
        levels.append(20 * np.log10(spectrum[440] / spectrum[220]))
    assert np.ptp(levels) > 6
