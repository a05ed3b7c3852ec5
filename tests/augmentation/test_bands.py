"""TimeMask, BandStop, SevenBandEQ, Gain and Compose: effects on synthetic clips."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import sosfreqz

from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    Gain,
    PitchShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
)
from sklearn_mer.augmentation._equalizer import _CENTERS
from sklearn_mer.augmentation._filters import high_shelf, low_shelf, peak

RATE = 16000
SAMPLES = st.floats(-1, 1, width=32)
WAVEFORMS = st.integers(1, 6000).flatmap(
    lambda n: arrays(np.float32, n, elements=SAMPLES, fill=SAMPLES)
)


def compose(**params):
    steps = [("mask", TimeMask()), ("stop", BandStop())]
    return Compose(steps=steps, **{"random_state": 0, **params})


def noise(seconds=4.0):
    return np.random.default_rng(0).normal(size=round(seconds * RATE)).astype(np.float32)


def sine(frequency, seconds=4.0):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE, dtype=np.float32)


def level(waveform):
    """Root mean square of the second half, where filters have settled, in dB."""
    half = waveform[len(waveform) // 2 :].astype(np.float64)
    return 10 * np.log10(np.mean(half**2) + 1e-30)


def response(sampler, frequency):
    """Gain of a sampler's first copy at a frequency, in dB; draws must not depend on it."""
    return level(sampler.copies(sine(frequency))[0]) - level(sine(frequency))


@pytest.mark.parametrize("make", [TimeMask, BandStop, SevenBandEQ, Gain, compose])
@settings(max_examples=40, deadline=None)
@given(waveform=WAVEFORMS, seed=st.integers(0, 2**31 - 1))
def test_copies_have_the_length_of_the_clip_and_are_finite(make, waveform, seed):
    before = waveform.copy()
    copies = make(random_state=seed, n_copies=2).copies(waveform)
    assert copies.shape == (2, len(waveform))
    assert copies.dtype == np.float32
    assert np.isfinite(copies).all()
    np.testing.assert_array_equal(waveform, before)


@pytest.mark.parametrize("make", [TimeMask, BandStop, SevenBandEQ, Gain, compose])
@pytest.mark.parametrize("sample_rate", [8432, 44100])
def test_other_sample_rates(make, sample_rate):
    if make is compose:
        sampler = compose().set_params(mask__sample_rate=sample_rate, stop__sample_rate=sample_rate)
        sampler.set_params(sample_rate=sample_rate, n_copies=20)
    else:
        sampler = make(sample_rate=sample_rate, n_copies=20, random_state=0)
    copies = sampler.copies(noise(1.0))
    assert np.isfinite(copies).all()
    assert np.abs(copies).max() < 200


def silences(copies):
    """First sample and length of the one silent run of each copy of ones."""
    for copy in copies:
        (silent,) = np.nonzero(copy == 0)
        if len(silent):
            assert silent[-1] - silent[0] == len(silent) - 1
            yield silent[0], len(silent)
        else:
            yield 0, 0


def test_time_mask_silences_one_part_of_any_length_up_to_half():
    copies = TimeMask(n_copies=400, random_state=0).copies(np.ones(RATE))
    starts, lengths = np.array(list(silences(copies))).T
    assert lengths.max() <= RATE // 2
    assert lengths.max() > 0.48 * RATE
    assert lengths.min() < 0.02 * RATE
    assert lengths.mean() == pytest.approx(RATE / 4, rel=0.06)  # 4 standard errors
    assert starts.min() < 0.02 * RATE
    assert (starts + lengths).max() > 0.98 * RATE
    assert (np.count_nonzero(copies == 1, axis=1) == RATE - lengths).all()


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.0])
def test_time_mask_silences_so_many_seconds(seconds):
    part = seconds / 4
    (copy,) = TimeMask(fraction=(part, part), random_state=0).copies(noise())
    assert np.count_nonzero(copy == 0) == round(seconds * RATE)
    heard = copy != 0
    np.testing.assert_array_equal(copy[heard], noise()[heard])


def test_time_mask_may_fade():
    mask = TimeMask(fraction=(0.5, 0.5), fade=0.1, random_state=3)
    (copy,) = mask.copies(np.ones(RATE))
    ((start, length),) = silences([copy])
    assert length == RATE // 2 - 2 * 1600
    fade_out, fade_in = copy[start - 1600 : start], copy[start + length : start + length + 1600]
    assert (np.diff(fade_out) < 0).all()
    np.testing.assert_allclose(np.diff(fade_out), -1 / 1601, atol=1e-6)
    np.testing.assert_array_equal(fade_in, fade_out[::-1])
    (short,) = mask.set_params(fade=9.0).copies(np.ones(RATE))
    assert np.count_nonzero(short == 1) == RATE // 2


@pytest.mark.parametrize("slope", [12, 18, 24, 48])
def test_band_stop_takes_its_band_and_leaves_the_rest(slope):
    stop = BandStop(center=(1000, 1000), bandwidth=(1, 1), slope=(slope, slope), random_state=0)
    assert response(stop, 500) == pytest.approx(-3.01, abs=0.1)
    assert response(stop, 1500) == pytest.approx(-3.01, abs=0.1)
    assert response(stop, 870) < max(-2.5 * slope, -60)  # near the geometric centre
    assert response(stop, 100) == pytest.approx(0, abs=0.1)
    assert response(stop, 6000) == pytest.approx(0, abs=0.1)
    assert response(stop, 700) < -slope / 3


def test_steeper_stops_take_more():
    levels = [
        response(BandStop(center=(1e3, 1e3), bandwidth=(1, 1), slope=(s, s), random_state=0), 600)
        for s in (6, 12, 24, 48)
    ]
    assert (np.diff(levels) < -1).all()


def stopped_bands(stop, n_copies=300):
    """Lower and upper edge (-3 dB) of what is missing in each copy of an impulse, in Hz."""
    impulse = np.zeros(2 * RATE, dtype=np.float32)
    impulse[1] = 1  # the first sample is taken to have lasted for ever
    for copy in stop.set_params(n_copies=n_copies).copies(impulse):
        (missing,) = np.nonzero(np.abs(np.fft.rfft(copy)) < np.sqrt(0.5))
        yield missing[0] / 2, missing[-1] / 2


def test_band_stops_are_where_they_may_be():
    edges = np.array(list(stopped_bands(BandStop(random_state=0))))
    below = edges[:, 1] < 7990  # others reach half the sample rate
    centers, widths = edges.mean(axis=1)[below], np.diff(edges, axis=1)[below, 0]
    assert below.sum() > 200
    assert 195 < centers.min() < 300
    assert 3500 < centers.max() < 4005
    assert 0.48 < (widths / centers).min() < 0.55
    assert 1.9 < (widths / centers).max() < 2
    fixed = np.array(list(stopped_bands(BandStop(center=(500, 500), random_state=0))))
    np.testing.assert_allclose(fixed.mean(axis=1), 500, atol=1)


def test_centers_are_uniform_in_mel():
    stop = BandStop(bandwidth=(0.5, 0.5), random_state=0)
    centers = np.array([sum(edges) / 2 for edges in stopped_bands(stop)])
    mels = 2595 * np.log10(1 + centers / 700)
    low, high = 2595 * np.log10(1 + np.array([200, 4000]) / 700)
    places = (mels - low) / (high - low)
    assert places.mean() == pytest.approx(0.5, abs=0.07)  # 4 standard errors
    assert places.std() == pytest.approx(1 / np.sqrt(12), abs=0.05)


def test_a_band_that_reaches_beyond_half_the_sample_rate():
    stop = BandStop(center=(2000, 2000), bandwidth=(0.5, 0.5), sample_rate=4000, random_state=0)
    (copy,) = stop.copies(noise(0.1))
    assert 0.1 < np.std(copy) / np.std(noise(0.1)) < 0.95


@pytest.mark.parametrize("decibels", [-12.0, 3.0, 12.0])
def test_sections_of_the_equaliser_are_those_of_the_cookbook(decibels):
    half = decibels / 2
    for shape, at in [
        (low_shelf, {1: decibels, 500: half, 7900: 0}),
        (high_shelf, {1: 0, 500: half, 7999: decibels}),
        (peak, {1: 0, 500: decibels, 7999: 0}),
    ]:
        for q in (0.3, 0.7, 3.0) if shape is peak else (0.6, 0.9):
            section = shape(500, decibels, q, RATE)
            _, gains = sosfreqz(section[None], worN=list(at), fs=RATE)
            expected = list(at.values())
            np.testing.assert_allclose(20 * np.log10(np.abs(gains)), expected, atol=0.15)


def test_narrower_peaks_have_higher_quality():
    edges = [460, 540]
    gains = [
        np.abs(sosfreqz(peak(500, 12, q, RATE)[None], worN=edges, fs=RATE)[1]).mean()
        for q in (0.5, 2, 5)
    ]
    assert gains[0] > gains[1] > gains[2] > 1


def spectrum(copy, clip):
    return 20 * np.log10(np.abs(np.fft.rfft(copy)) / np.abs(np.fft.rfft(clip)))


def impulse(seconds=1):
    wave = np.zeros(seconds * RATE, dtype=np.float32)
    wave[1] = 1
    return wave


def test_equaliser_boosts_where_it_says():
    boost = SevenBandEQ(decibels=(12, 12), n_copies=30, random_state=0)
    gains = np.array([spectrum(copy, impulse()) for copy in boost.copies(impulse())])
    for low, high in _CENTERS[1:-1]:
        assert gains[:, int(low) : int(high)].max(axis=1).min() > 11.5, (low, high)
    # At its centre a shelf has half of its gain.
    assert gains[:, 42:95].max(axis=1).min() > 6
    assert gains[:, 1].min() > 8
    assert gains[:, 8000].max() > 11
    cut = SevenBandEQ(decibels=(-12, -12), n_copies=30, random_state=0)
    losses = np.array([spectrum(copy, impulse()) for copy in cut.copies(impulse())])
    for low, high in _CENTERS[1:-1]:
        assert losses[:, int(low) : int(high)].min(axis=1).max() < -11.5, (low, high)
    assert losses[:, 1].max() < -8


def test_equaliser_moves_each_band_by_its_own_amount():
    copies = SevenBandEQ(n_copies=200, random_state=0).copies(impulse())
    gains = np.array([spectrum(copy, impulse()) for copy in copies])
    bands = np.array([gains[:, int(a) : int(b)].mean(axis=1) for a, b in _CENTERS[:-1]])
    assert (bands.std(axis=1) > 3).all()
    assert np.abs(bands.mean(axis=1)).max() < 1.6  # as often up as down
    assert np.corrcoef(bands)[0, 5] < 0.3
    assert np.abs(gains).max() < 40


def test_equaliser_of_nothing_changes_nothing():
    (copy,) = SevenBandEQ(decibels=(0, 0), random_state=0).copies(noise())
    np.testing.assert_allclose(copy, noise(), atol=1e-5)


def test_gain_is_any_within_its_range_and_does_not_clip():
    copies = Gain(n_copies=300, random_state=0).copies(sine(440))
    gains = np.array([level(copy) for copy in copies]) - level(sine(440))
    assert -12 <= gains.min() < -11.5
    assert 11.5 < gains.max() <= 12
    assert gains.mean() == pytest.approx(0, abs=1.6)  # 4 standard errors
    assert len(np.unique(gains.round(3))) > 280
    assert np.abs(copies).max() > 3


def test_compose_applies_its_steps_in_order():
    stop = {"center": (1000, 1000), "bandwidth": (1, 1), "slope": (24, 24)}
    steps = [("mask", TimeMask(fraction=(0.25, 0.25))), ("stop", BandStop(**stop))]
    (copy,) = Compose(steps=steps, random_state=0).copies(noise())
    # Silence rings for a moment after the filter.
    quiet = np.abs(copy) < 1e-6
    assert np.count_nonzero(quiet) == pytest.approx(RATE, rel=0.05)
    both = np.abs(np.fft.rfft(copy))
    frequencies = np.fft.rfftfreq(len(copy), 1 / RATE)
    inside = both[(frequencies > 700) & (frequencies < 1100)].mean()
    assert 20 * np.log10(inside / both[frequencies > 3000].mean()) < -25
    (other,) = Compose(steps=steps[::-1], random_state=0).copies(noise())
    assert np.count_nonzero(other == 0) == RATE  # masked last, nothing rings


def test_compose_adds_one_copy_for_all_steps():
    waveforms = np.stack([noise(0.5)] * 4)
    resampled, _ = compose().fit_resample(waveforms, list("abab"))
    assert resampled.shape == (8, 8000)


def test_compose_of_one_step_has_its_effect():
    (copy,) = Compose(steps=[("gain", Gain(decibels=(6, 6)))], random_state=0).copies(noise())
    np.testing.assert_allclose(copy, noise() * 10**0.3, rtol=1e-6)


def test_signature_of_compose_depends_on_its_steps():
    def text(**params):
        return repr(compose().set_params(**params).signature())

    same = {"mask__random_state": 5, "stop__n_copies": 3, "stop__cache": False, "n_jobs": 2}
    assert text(**same) == text()
    renamed = compose().set_params(steps=[("a", TimeMask()), ("b", BandStop())])
    assert repr(renamed.signature()) == text()
    turned = compose().set_params(steps=compose().steps[::-1])
    others = [text(mask__fraction=(0, 0.1)), text(stop__slope=(6, 6)), text(n_copies=2)]
    others += [text(random_state=1), repr(turned.signature())]
    assert len({text(), *others}) == 6


def test_steps_of_compose_are_set_by_name():
    sampler = compose().set_params(mask__fade=0.25, stop=TimeShift())
    assert sampler.get_params()["mask__fade"] == 0.25
    assert isinstance(sampler.steps[1][1], TimeShift)
    assert "stop__max_shift" in sampler.get_params()


def test_compose_is_as_slow_as_its_slowest_step():
    assert not Compose(steps=[("gain", Gain())])._slow
    assert Compose(steps=[("gain", Gain()), ("pitch", PitchShift())])._slow


@pytest.mark.parametrize(
    ("sampler", "match"),
    [
        (TimeMask(fraction=(0.5, 0.1)), "fraction=.* in ascending order, from 0 to 1"),
        (TimeMask(fraction=(0, 1.5)), "fraction=.* from 0 to 1"),
        (TimeMask(fraction=0.5), "fraction"),
        (TimeMask(fraction=[0.1]), "fraction=.* two finite numbers"),
        (TimeMask(fade=-1), "fade"),
        (Gain(decibels=(0, np.inf)), "decibels=.* two finite numbers"),
        (Gain(decibels=(0, 121)), "decibels=.* from -120 to 120"),
        (Gain(decibels=[[0], [1, 2]]), "decibels=.* two finite numbers"),
        (Gain(decibels=("a", "b")), "decibels=.* two finite numbers"),
        (BandStop(center=(0, 100)), "center=.* in ascending order"),
        (BandStop(center=(200, 9000)), r"center=.* to 8000.0 \(Hz; half the sample rate\)"),
        (BandStop(sample_rate=4000), r"center=\(200.0, 4000.0\) .* to 2000.0 \(Hz; half"),
        (BandStop(bandwidth=(0.5, 2)), "bandwidth=.* from 0.001 to 1.999"),
        (BandStop(slope=(10, 24)), "slope=.* multiples of 6"),
        (BandStop(slope=(0, 24)), "slope=.* from 6 to 96"),
        (SevenBandEQ(peak_q=(0, 1)), "peak_q=.* from 0.001 to 1000"),
        (SevenBandEQ(decibels=(-999, 0)), "decibels=.* from -120 to 120"),
        (SevenBandEQ(sample_rate=8000), "sample_rate=8000 .* high shelf.* at least 8432"),
        (SevenBandEQ(shelf_q=(1, 0.5)), "shelf_q"),
        (Compose(steps=[]), "steps=.. is empty"),
        (Compose(steps=[TimeMask()]), "pairs of a name and a sampler"),
        (Compose(steps=[("mask", 3)]), "pairs of a name and a sampler"),
        (Compose(steps=[("a", Gain()), ("a", Gain())]), "not unique"),
        (Compose(steps=[("a", Gain(n_copies=0))]), "n_copies"),
        (Compose(steps=[("a", Gain(sample_rate=8000))]), "sample_rate=8000, but Compose has 16000"),
    ],
)
def test_unusable_parameters_are_named(sampler, match):
    with pytest.raises(ValueError, match=match):
        sampler.fit_resample(np.ones((4, 100)), [0, 0, 1, 1])
    with pytest.raises(ValueError, match=match):
        sampler.copies(np.ones(100))
