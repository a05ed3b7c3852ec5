"""SummaryFeatures: finite values, and the value of each name."""

import warnings

import librosa
import numpy as np
import pandas as pd
import pytest

from sklearn_mer.audio import ClipCache
from sklearn_mer.features import SummaryFeatures, _summary

RATE = 16000
TIMES = np.arange(4 * RATE) / RATE
NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, len(TIMES))


def sine(hertz, amplitude=0.5):
    return amplitude * np.sin(2 * np.pi * hertz * TIMES)


def describe(waveform, **parameters):
    """Return the descriptors of a waveform by name."""
    features = SummaryFeatures(**{"duration": None, "cache": False, **parameters})
    values = features.fit_transform(np.asarray(waveform)[None, :])[0]
    return pd.Series(values, features.get_feature_names_out())


STRANGE = {
    "silence": np.zeros(RATE),
    "noise": NOISE,
    "one sample": np.ones(1),
    "two samples": np.array([1.0, -1]),
    "less than a frame": NOISE[:100],
    "a frame": NOISE[:2048],
    "constant": np.full(RATE, 0.5),
    "clipped": np.clip(20 * sine(440), -1, 1),
    "very loud": 1e4 * NOISE,
    "very faint": 1e-12 * NOISE,
    "one click": (TIMES == 1).astype(float),
    "padded": np.r_[NOISE[:RATE], np.zeros(3 * RATE)],
}


@pytest.mark.parametrize("sample_rate", [8000, 22050])
@pytest.mark.parametrize("waveform", STRANGE.values(), ids=STRANGE)
def test_finite_and_without_warnings(waveform, sample_rate):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "X is an array of .* read as waveforms")
        warnings.filterwarnings("ignore", "1 of 1 clips are silent")
        values = describe(waveform, sample_rate=sample_rate)
    assert values.shape == (81,)
    assert np.isfinite(values).all()


def test_silence_has_no_tempo_and_no_energy():
    values = describe(np.zeros(RATE))
    assert values["tempo"] == 0
    assert values["rms__mean"] == 0
    assert values["zero_crossings__mean"] == 0


@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_a_sine_is_found_at_its_frequency(hertz):
    values = describe(sine(hertz))
    assert values["centroid__mean"] == pytest.approx(hertz, abs=15)
    assert values["rolloff__mean"] == pytest.approx(hertz, abs=40)
    assert values["zero_crossings__mean"] == pytest.approx(2 * hertz / RATE, rel=0.03)
    noise = describe(NOISE)
    assert values["bandwidth__mean"] < 100 < 1000 < noise["bandwidth__mean"]
    assert values["flatness__mean"] < 1e-3 < 0.1 < noise["flatness__mean"]


def test_rms_follows_the_level():
    soft, loud = describe(sine(440, 0.1)), describe(sine(440, 0.3))
    assert loud["rms__mean"] == pytest.approx(3 * soft["rms__mean"], rel=1e-3)
    fading = describe(sine(440) * np.linspace(0, 1, len(TIMES)))
    assert fading["rms__std"] > 5 * loud["rms__std"]


@pytest.mark.parametrize(
    ("pitch", "midi"), [("c", 60), ("dis", 63), ("fis", 66), ("a", 69), ("ais", 70), ("b", 71)]
)
def test_chroma_names(pitch, midi):
    chroma = describe(sine(librosa.midi_to_hz(midi))).filter(like="chroma")
    assert len(chroma) == 12
    assert chroma.idxmax() == f"chroma_{pitch}__mean"


@pytest.mark.parametrize("bpm", [60, 90, 120, 150])
def test_tempo_of_clicks(bpm):
    clicks = np.zeros(10 * RATE)
    burst = np.hanning(400) * NOISE[:400]
    for start in range(0, len(clicks) - 400, round(60 / bpm * RATE)):
        clicks[start : start + 400] = burst
    octaves = np.log2(describe(clicks)["tempo"] / bpm)
    assert octaves == pytest.approx(round(octaves), abs=0.05)
    assert abs(octaves) < 1.5


def test_onsets_of_clicks():
    clicks = np.zeros_like(NOISE)
    clicks[RATE // 2 :: RATE // 2] = 1
    assert describe(clicks)["onset_strength__std"] > 2 * describe(sine(440))["onset_strength__std"]


def test_values_against_librosa():
    values = describe(NOISE)
    given = {"y": NOISE.astype(np.float32), "sr": RATE}
    mfcc = librosa.feature.mfcc(**given)
    contrast = librosa.feature.spectral_contrast(**given, fmin=0.45 * RATE / 2**7 * 2)
    for prefix, series in [
        ("mfcc_01", mfcc[0]),
        ("mfcc_20", mfcc[19]),
        ("contrast_1", contrast[0]),
        ("contrast_7", contrast[6]),
        ("centroid", librosa.feature.spectral_centroid(**given)),
        ("onset_strength", librosa.onset.onset_strength(**given)),
    ]:
        assert values[f"{prefix}__mean"] == pytest.approx(series.mean(), rel=1e-3, abs=1e-3)
        assert values[f"{prefix}__std"] == pytest.approx(series.std(), rel=1e-3, abs=1e-3)


def test_normalising_takes_the_level_away():
    loud = describe(NOISE)
    soft = describe(NOISE / 10)
    assert soft["rms__mean"] == pytest.approx(loud["rms__mean"] / 10, rel=1e-4)
    soft, loud = (describe(level * NOISE, normalize=True) for level in (0.1, 1))
    pd.testing.assert_series_equal(soft, loud, rtol=1e-3, atol=1e-3)


def test_clips_are_described_once(short_clips, short_files, tmp_path, monkeypatch):
    calls = []

    def counted(waveform, sample_rate):
        calls.append(sample_rate)
        return summarize(waveform, sample_rate)

    summarize = _summary.summarize
    monkeypatch.setattr(_summary, "summarize", counted)
    features = SummaryFeatures(duration=None, cache=tmp_path / "cache")
    for X in (short_files, short_clips):
        first = features.fit_transform(X)
        np.testing.assert_array_equal(features.set_params(n_jobs=2).fit_transform(X), first)
    assert len(calls) == 10
    assert ClipCache(tmp_path / "cache").info().loc["summary", "n_entries"] == 10
    features.set_params(sample_rate=8000).fit_transform(short_files)
    assert calls[10:] == [8000] * 5


def test_threads_leave_the_warning_filters_alone(short_clips):
    before = list(warnings.filters)
    SummaryFeatures(duration=None, cache=False, n_jobs=4).fit_transform(
        np.tile(short_clips, (8, 1))
    )
    assert warnings.filters == before
