"""Tone colour: spectra with known moments, cepstra and line spectra."""

import numpy as np
import pytest
import scipy.signal

from .signals import RATE, sine

WHITE = np.random.default_rng(7).standard_normal(4 * RATE) * 0.1


@pytest.mark.parametrize("amplitudes", [(1, 1), (1, 0.5), (0.25, 1)])
@pytest.mark.parametrize("hertz", [(1000, 2000), (500, 4000)])
def test_moments_of_two_tones(hertz, amplitudes, measure):
    waveform = sum(sine(h, 0.4 * a) for h, a in zip(hertz, amplitudes, strict=True))
    values = measure("tone_colour", waveform)
    weights = np.square(amplitudes) / np.sum(np.square(amplitudes))
    centre = weights @ hertz
    away = np.array(hertz) - centre
    spread = np.sqrt(weights @ away**2)
    skewness, kurtosis = (weights @ away**k / spread**k for k in (3, 4))
    assert values["spectral_power_spread__median"] == pytest.approx(spread, rel=2e-3)
    assert values["spectral_power_skewness__median"] == pytest.approx(skewness, abs=0.02)
    assert values["spectral_power_kurtosis__median"] == pytest.approx(kurtosis, rel=0.02)
    # Rises from the first bin, each by its distance in bins, over the sum of the amplitudes.
    bins = np.array(hertz) * 2048 / RATE
    decrease = np.sum(amplitudes / bins) / np.sum(amplitudes)
    assert values["spectral_decrease__median"] == pytest.approx(decrease, rel=0.02)


def test_moments_of_white_noise(measure):
    values = measure("tone_colour", WHITE)
    assert values["spectral_power_spread__mean"] == pytest.approx(RATE / 2 / np.sqrt(12), rel=0.01)
    assert values["spectral_power_skewness__mean"] == pytest.approx(0, abs=0.03)
    assert values["spectral_power_kurtosis__mean"] == pytest.approx(1.8, abs=0.03)
    # As flat as it is, it neither rises nor falls from its first bin on.
    assert abs(values["spectral_decrease__mean"]) < 0.002


def pulses(n_frames):
    """Pulses that fall alike into every frame, those mirrored at both ends as well."""
    return (np.arange(512 * n_frames + 1) % 128 == 0).astype(float)


def test_mfcc_delta_of_a_steady_tone_is_zero(measure):
    deltas = measure("tone_colour", pulses(100)).filter(regex="^mfcc_delta_.*__std$")
    assert len(deltas) == 20
    np.testing.assert_allclose(deltas, 0, atol=1e-3)


def test_mfcc_delta_of_a_crescendo(measure):
    n_frames, decibels = 200, 40.0
    tone = pulses(n_frames)
    # Louder by as much from frame to frame in the first half; steady in the second.
    course = np.minimum(np.linspace(-decibels, decibels, len(tone)), 0)
    values = measure("tone_colour", tone * 10 ** (course / 20))
    # The first coefficient is the sum of 40 levels over the root of 40.
    step = decibels / (n_frames / 2) * np.sqrt(40)
    # Frames around the bend, whose spectra it widens, add a little.
    assert values["mfcc_delta_01__std"] == pytest.approx(step / 2, rel=0.1)
    rest = values.filter(regex="^mfcc_delta_.*__std$").drop("mfcc_delta_01__std")
    assert rest.max() < step / 4


def test_mfcc_delta_of_changing_tones(measure):
    part = RATE // 4
    changing = np.tile(np.append(sine(440)[:part], sine(2000)[:part]), 8)
    steady = np.tile(sine(440)[: 2 * part], 8)
    changes, steadies = (
        measure("tone_colour", w).filter(regex="^mfcc_delta_.*__std$").mean()
        for w in (changing, steady)
    )
    assert changes > 2 * steadies


def test_lsp_of_a_flat_spectrum_are_equally_far_apart(measure):
    # What the descriptor raises is lowered beforehand.
    values = measure("tone_colour", scipy.signal.lfilter([1], [1, -0.97], WHITE))
    pairs = [f"lsp_{i:02d}__median" for i in range(1, 19)]
    np.testing.assert_allclose(values[pairs], np.pi * np.arange(1, 19) / 19, atol=0.03)


@pytest.mark.parametrize("hertz", [1500, 3000, 6000])
def test_lsp_close_in_on_a_resonance(hertz, measure):
    angle = 2 * np.pi * hertz / RATE
    denominator = np.poly(0.97 * np.exp([1j * angle, -1j * angle])).real
    values = measure("tone_colour", scipy.signal.lfilter([1], denominator, WHITE))
    median = values[[f"lsp_{i:02d}__median" for i in range(1, 19)]].to_numpy()
    closest = np.diff(median).argmin()
    assert median[[closest, closest + 1]].mean() == pytest.approx(angle, abs=0.05)
    assert np.diff(median)[closest] < 0.5 * np.pi / 19
