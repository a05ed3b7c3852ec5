"""TimeShift, PowerShift, PitchShift and TimeStretch: effects on synthetic clips."""

import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sklearn_mer.augmentation import PitchShift, PowerShift, TimeShift, TimeStretch
from sklearn_mer.augmentation._vocoder import stretched

RATE = 16000
SAMPLES = st.floats(-1, 1, width=32)
WAVEFORMS = st.integers(1, 6000).flatmap(
    # Long ones are mostly one value: hypothesis draws the places that differ.
    lambda n: arrays(np.float32, n, elements=SAMPLES, fill=SAMPLES)
)


def sine(frequency, seconds=4.0):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE, dtype=np.float32)


def rms(waveform):
    return np.sqrt(np.mean(np.square(waveform, dtype=np.float64)))


def peak_frequency(waveform):
    spectrum = np.abs(np.fft.rfft(waveform * np.hanning(len(waveform))))
    return spectrum.argmax() * RATE / len(waveform)


@pytest.mark.parametrize("cls", [TimeShift, PowerShift, TimeStretch, PitchShift])
@settings(max_examples=40, deadline=None)
@given(waveform=WAVEFORMS, seed=st.integers(0, 2**31 - 1))
def test_copies_have_the_length_of_the_clip_and_are_finite(cls, waveform, seed):
    before = waveform.copy()
    copies = cls(random_state=seed, n_copies=2).copies(waveform)
    assert copies.shape == (2, len(waveform))
    assert copies.dtype == np.float32
    assert np.isfinite(copies).all()
    np.testing.assert_array_equal(waveform, before)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**31 - 1), place=st.integers(0, RATE - 1))
def test_time_shift_moves_an_impulse_and_fills_in_silence(seed, place):
    impulse = np.zeros(RATE, dtype=np.float32)
    impulse[place] = 0.5
    (copy,) = TimeShift(max_shift=0.25, random_state=seed).copies(impulse)
    (found,) = np.nonzero(copy) if copy.any() else ([None],)
    largest = RATE // 4
    if found[0] is None:  # pushed over an edge, which is near
        assert place < largest or place >= RATE - largest
    else:
        assert len(found) == 1
        assert abs(found[0] - place) <= largest
        assert copy[found[0]] == np.float32(0.5)


def test_time_shift_goes_both_ways_and_nearly_as_far_as_allowed():
    impulse = np.zeros(RATE, dtype=np.float32)
    impulse[RATE // 2] = 1
    copies = TimeShift(max_shift=0.25, n_copies=400, random_state=0).copies(impulse)
    shifts = copies.argmax(axis=1) - RATE // 2
    assert -4000 <= shifts.min() < -3800
    assert 3800 < shifts.max() <= 4000
    assert abs(shifts.mean()) < 400  # 3.5 standard errors of a uniform draw


def test_time_shift_keeps_half_of_a_short_clip():
    copies = TimeShift(max_shift=5.0, n_copies=100, random_state=0).copies(np.ones(1000))
    assert np.count_nonzero(copies, axis=1).min() >= 500


def test_time_shift_by_nothing_changes_nothing():
    (copy,) = TimeShift(max_shift=0, random_state=0).copies(sine(440))
    np.testing.assert_array_equal(copy, sine(440))


def test_power_shift_is_one_of_the_gains_and_does_not_clip():
    copies = PowerShift(n_copies=60, random_state=0).copies(sine(440))
    gains = 20 * np.log10([rms(copy) / rms(sine(440)) for copy in copies])
    np.testing.assert_allclose(np.abs(gains), 10, atol=1e-4)
    assert 15 <= np.count_nonzero(gains > 0) <= 45
    assert np.abs(copies).max() > 3


@pytest.mark.parametrize(("semitones", "expected"), [(2, 493.883), (-2, 391.995), (12, 880.0)])
def test_pitch_shift_moves_a_tone_and_keeps_its_power(semitones, expected):
    (copy,) = PitchShift(semitones=[semitones], random_state=0).copies(sine(440))
    assert peak_frequency(copy) == pytest.approx(expected, rel=0.002)
    inner = slice(RATE // 2, -RATE // 2)
    assert 20 * np.log10(rms(copy[inner]) / rms(sine(440)[inner])) == pytest.approx(0, abs=0.1)


def test_pitch_shift_keeps_the_tempo():
    clicks = click_track(seconds=8)
    for steps in (-2, 2):
        (copy,) = PitchShift(semitones=[steps], random_state=0).copies(clicks)
        assert click_interval(copy) == pytest.approx(0.5, abs=0.01)


def click_track(seconds):
    """Clicks at 120 beats a minute."""
    return librosa.clicks(
        times=np.arange(0.25, seconds, 0.5), sr=RATE, length=round(seconds * RATE)
    ).astype(np.float32)


def click_interval(waveform):
    """Median time between onsets, in seconds."""
    onsets = librosa.onset.onset_detect(y=waveform, sr=RATE, hop_length=64, units="time")
    assert len(onsets) > 4
    return np.median(np.diff(onsets))


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


def busy_clip(seconds=4):
    """A chord with vibrato, clicks and some noise."""
    time = np.arange(seconds * RATE) / RATE
    chord = sum(
        np.sin(2 * np.pi * f * (time + 0.0005 * np.sin(2 * np.pi * 5 * time)))
        for f in (196.0, 247.0, 294.0, 1180.0)
    )
    noise = np.random.default_rng(0).normal(size=len(time))
    return (0.1 * chord + 0.3 * click_track(seconds) + 0.01 * noise).astype(np.float32)


def spectral_error(result, clip, rate):
    """Distance of a stretched clip's spectrogram from the moved frames of the clip, in dB."""
    fine, got = (np.abs(librosa.stft(y, hop_length=h)) for y, h in [(clip, 64), (result, 512)])
    places = np.round(np.arange(got.shape[1]) * 512 * rate / 64).astype(int)
    inside = (np.arange(len(places)) > 4) & (places < fine.shape[1] - 16)
    wanted, got = fine[:, places[inside]], got[:, inside]
    return 20 * np.log10(np.linalg.norm(got - wanted) / np.linalg.norm(wanted))


@pytest.mark.parametrize("rate", [0.5, 2 ** (-1 / 6), 2 ** (1 / 6), 1.5])
def test_vocoder_is_nearer_to_the_clip_than_a_plain_one(rate):
    clip = busy_clip()
    n_samples = int(len(clip) / rate)
    ours = spectral_error(stretched(clip, rate, n_samples), clip, rate)
    plain = spectral_error(librosa.effects.time_stretch(clip, rate=rate), clip, rate)
    assert ours < -8
    assert ours < plain - 2


@pytest.mark.parametrize("rate", [0.5, 1.5])
def test_vocoder_computes_no_more_than_is_asked_for(rate):
    clip = busy_clip()
    whole = stretched(clip, rate, len(clip))
    np.testing.assert_allclose(stretched(clip, rate, 20_000), whole[:20_000], atol=1e-5)


def test_silence_stays_silence(sampler_class):
    assert not sampler_class(random_state=0, n_copies=3).copies(np.zeros(5000)).any()


@pytest.mark.parametrize(
    ("sampler", "match"),
    [
        (PowerShift(decibels=[]), "decibels=.* non-empty"),
        (PowerShift(decibels=["a"]), "decibels=.* numbers"),
        (PitchShift(semitones=[1.0, np.inf]), "semitones=.* numbers from -48 to 48"),
        (PowerShift(decibels=[[1], [2, 3]]), "decibels=.* non-empty"),
        (PowerShift(decibels=[1e6]), "decibels=.* from -120 to 120"),
        (PitchShift(semitones=[np.nan]), "semitones=.* numbers from -48 to 48"),
        (PitchShift(semitones=[50]), "semitones=.* numbers from -48 to 48"),
        (TimeStretch(rates=[0.5, 0.0]), "rates=.* numbers from 0.05 to 20"),
        (TimeStretch(rates=[1e-9]), "rates=.* numbers from 0.05 to 20"),
        (TimeShift(max_shift=-1.0), "max_shift"),
        (TimeShift(n_copies=0), "n_copies"),
    ],
)
def test_unusable_parameters_are_named(sampler, match):
    with pytest.raises(ValueError, match=match):
        sampler.fit_resample(np.ones((4, 100)), [0, 0, 1, 1])
    with pytest.raises(ValueError, match=match):
        sampler.copies(np.ones(100))
