"""Descriptors of tone colour of signals with known values."""

import librosa
import numpy as np
import pytest
import scipy.signal

from sklearn_mer.features.analysis import Sound
from sklearn_mer.features.analysis._inharmonicity import inharmonicity

from ..signals import NOISE, RATE, TIMES, chord, describe, sine

T = "tone_colour__"
WHITE = np.random.default_rng(1).standard_normal(len(TIMES)) * 0.1


def sound(waveform, sample_rate=RATE):
    return Sound(np.asarray(waveform, dtype=np.float32), sample_rate)


@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_a_sine_is_found_at_its_frequency(hertz):
    values = describe(sine(hertz), dimensions=["tone_colour"])
    assert values[T + "spectral_power_centroid__mean"] == pytest.approx(hertz, abs=1)
    assert values[T + "spectral_centroid__mean"] == pytest.approx(hertz, abs=10)
    for part in (50, 85, 95):
        assert values[T + f"spectral_rolloff_{part}__mean"] == pytest.approx(hertz, abs=16)
    assert values[T + "zero_crossings__mean"] == pytest.approx(2 * hertz, rel=0.02)
    assert values[T + "spectral_flatness__mean"] < 1e-4
    assert values[T + "tonal_count__median"] == 1
    assert values[T + "tonal_share__median"] == pytest.approx(1, abs=0.01)
    assert values[T + "tonal_roughness__median"] == 0


def test_white_noise():
    values = describe(WHITE, dimensions=["tone_colour"])
    assert values[T + "spectral_centroid__mean"] == pytest.approx(RATE / 4, rel=0.01)
    assert values[T + "spectral_spread__mean"] == pytest.approx(RATE / 2 / np.sqrt(12), rel=0.01)
    assert values[T + "spectral_skewness__mean"] == pytest.approx(0, abs=0.02)
    assert values[T + "spectral_kurtosis__mean"] == pytest.approx(1.8, abs=0.05)
    assert values[T + "spectral_rolloff_85__mean"] == pytest.approx(0.85 * RATE / 2, rel=0.01)
    for hertz in (1000, 1500, 3000):
        expected = 1 - hertz / (RATE / 2)
        assert values[T + f"spectral_brightness_{hertz}__mean"] == pytest.approx(expected, rel=0.02)
    # The power of noise is exponentially distributed: its geometric mean is exp(-0.5772).
    assert values[T + "spectral_flatness__mean"] == pytest.approx(np.exp(-0.5772), rel=0.02)
    assert values[T + "band_flatness_20__mean"] == pytest.approx(np.exp(-0.5772), rel=0.05)
    assert values[T + "spectral_slope__mean"] == pytest.approx(0, abs=2e-3)
    assert values[T + "zero_crossings__mean"] == pytest.approx(RATE / 2, rel=0.02)
    assert values[T + "spectral_entropy__mean"] > 0.96
    assert values[T + "tonal_share__mean"] < 0.1


def test_shape_against_librosa():
    waveform = chord(262, 330, 392) + 0.1 * NOISE
    values = describe(waveform, dimensions=["tone_colour"])
    magnitude = sound(waveform).magnitude
    given = {"S": magnitude, "sr": RATE}
    for name, series in [
        ("spectral_centroid", librosa.feature.spectral_centroid(**given)),
        ("spectral_spread", librosa.feature.spectral_bandwidth(**given)),
        ("spectral_flatness", librosa.feature.spectral_flatness(S=magnitude)),
        ("spectral_rolloff_85", librosa.feature.spectral_rolloff(S=magnitude**2, sr=RATE)),
        ("contrast_02", librosa.feature.spectral_contrast(**given)[1]),
        ("contrast_07", librosa.feature.spectral_contrast(**given)[6]),
    ]:
        assert values[f"{T}{name}__mean"] == pytest.approx(series.mean(), rel=1e-3)
        assert values[f"{T}{name}__std"] == pytest.approx(series.std(), rel=1e-2)


def test_moments_against_their_definition():
    spectrum = sound(WHITE).magnitude[:, 50].astype(float)
    frequencies = sound(WHITE).frequencies.astype(float)
    weights = spectrum / spectrum.sum()
    centre = weights @ frequencies
    spread = np.sqrt(weights @ (frequencies - centre) ** 2)
    shape = sound(WHITE).shape
    assert shape.skewness[50] == pytest.approx(weights @ (frequencies - centre) ** 3 / spread**3)
    assert shape.kurtosis[50] == pytest.approx(weights @ (frequencies - centre) ** 4 / spread**4)
    assert shape.entropy[50] == pytest.approx(-(weights @ np.log(weights)) / np.log(1025))
    assert shape.slope[50] == pytest.approx(
        np.polyfit(frequencies / 1000, spectrum / spectrum.mean(), 1)[0]
    )
    rises = (spectrum[1:] - spectrum[0]) / np.arange(1, 1025)
    assert shape.decrease[50] == pytest.approx(rises.sum() / spectrum[1:].sum())


def test_flux_of_steady_and_of_changing_tones():
    steady = describe(sine(1000), dimensions=["tone_colour"])
    melody = np.concatenate([sine(h)[: RATE // 4] for h in range(300, 1500, 75)])
    changing = describe(melody, dimensions=["tone_colour"])
    assert steady[T + "normalized_flux__median"] < 0.01
    assert 0.5 < changing[T + "normalized_flux__max"] <= np.sqrt(2)
    assert changing[T + "spectral_flux__mean"] > 10 * steady[T + "spectral_flux__mean"]
    louder = describe(2 * melody, dimensions=["tone_colour"])
    name = T + "spectral_flux__mean"
    assert louder[name] == pytest.approx(2 * changing[name], rel=1e-3)


def test_mfcc_of_a_louder_signal():
    soft, loud = (describe(gain * WHITE, [T + "mfcc"]) for gain in (0.1, 1))
    assert loud[T + "mfcc_01__mean"] - soft[T + "mfcc_01__mean"] == pytest.approx(
        20 * np.sqrt(40), rel=1e-3
    )
    rest = [name for name in loud.index if "mfcc_01" not in name]
    np.testing.assert_allclose(loud[rest], soft[rest], rtol=1e-3, atol=1e-3)


def test_mfcc_against_librosa():
    ours = sound(WHITE).mfcc
    theirs = librosa.feature.mfcc(
        S=librosa.power_to_db(
            librosa.feature.melspectrogram(
                S=sound(WHITE).power, sr=RATE, n_mels=40, fmin=400 / 3, fmax=6854
            ),
            amin=1e-30,
        )
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-3)


def resonator(hertz, radius=0.97):
    """White noise through poles at some frequencies."""
    angles = 2 * np.pi * np.asarray(hertz) / RATE
    poles = radius * np.exp(1j * np.r_[angles, -angles])
    return scipy.signal.lfilter([1], np.real(np.poly(poles)), WHITE)


def test_line_spectral_pairs_close_in_on_a_resonance():
    pairs = sound(resonator([2000])).line_spectral_pairs
    assert np.isfinite(pairs).mean() > 0.99
    assert (np.diff(pairs[:, np.isfinite(pairs[0])], axis=0) > 0).all()
    assert (pairs[np.isfinite(pairs)] > 0).all()
    assert (pairs[np.isfinite(pairs)] < np.pi).all()
    median = np.nanmedian(pairs, axis=1)
    gaps = np.diff(median)
    closest = gaps.argmin()
    angle = 2 * np.pi * 2000 / RATE
    assert median[closest] - 0.05 < angle < median[closest + 1] + 0.05


def test_line_spectral_pairs_are_the_roots_of_both_polynomials():
    waveform = resonator([500, 1500, 4000])
    pairs = sound(waveform).line_spectral_pairs
    emphasised = np.append(waveform[:1], waveform[1:] - 0.97 * waveform[:-1])
    centre = 80 * 512
    frame = emphasised[centre - 256 : centre + 256] * np.hamming(512)
    correlation = np.correlate(frame, frame, "full")[511 : 511 + 19]
    correlation[0] *= 1 + 1e-9
    a = np.append(1, -scipy.linalg.solve_toeplitz(correlation[:18], correlation[1:]))
    roots = [np.roots(np.append(a, 0) + sign * np.append(0, a[::-1])) for sign in (1, -1)]
    angles = np.sort(np.angle(np.concatenate(roots)))
    angles = angles[(angles > 1e-6) & (angles < np.pi - 1e-6)]
    np.testing.assert_allclose(pairs[:, 80], angles, atol=2e-4)


def test_band_flatness_and_crest_see_a_tone_in_its_band_only():
    hertz = 250 * 2 ** (18.5 / 4)
    values = describe(sine(hertz) + 0.02 * WHITE, dimensions=["tone_colour"])
    flatness = values.filter(regex="band_flatness_.*__mean").to_numpy()
    crest = values.filter(regex="band_crest_.*__mean").to_numpy()
    assert flatness.argmin() == crest.argmax() == 18
    n_bins = 40  # of the band, with its 5 % on either side
    assert n_bins / 3 < crest[18] < n_bins


def test_bands_above_half_the_sample_rate_are_undefined():
    values = describe(NOISE, [T + "band_flatness"], sample_rate=8000)
    assert values[T + "band_flatness_15__mean"] > 0.3
    assert (values.filter(regex="band_flatness_(17|21)") == 0).all()


def test_roughness_is_greatest_a_quarter_of_a_critical_band_apart():
    band = 1.72 * 1000**0.65
    rough = {}
    for part in (0, 0.25, 1.0, 3.0):
        values = describe(chord(1000, 1000 + part * band), dimensions=["tone_colour"])
        rough[part] = values[T + "roughness__mean"]
    assert max(rough, key=rough.get) == 0.25
    assert rough[0.25] > 2 * max(rough[0], rough[1.0], rough[3.0])


def test_tonal_roughness_against_its_formula():
    low, high = 1000, 1060
    values = describe(chord(low, high), dimensions=["tone_colour"])
    apart = (high - low) / (1.72 * 1030**0.65)
    kernel = (4 * apart * np.exp(1 - 4 * apart)) ** 2
    # Two equal amplitudes: their product over twice their square.
    assert values[T + "tonal_roughness__median"] == pytest.approx(kernel / 2, rel=0.03)
    assert values[T + "tonal_count__median"] == 2
    consonant = describe(chord(1000, 1500), dimensions=["tone_colour"])
    assert consonant[T + "tonal_roughness__median"] == 0
    assert consonant[T + "tonal_rough_pairs__median"] == 0


def test_a_semitone_is_rougher_than_a_fifth():
    semitone, fifth = (
        describe(chord(*(k * f for f in pair for k in (1, 2, 3))), dimensions=["tone_colour"])
        for pair in ((440, 466), (440, 660))
    )
    for name in ("roughness", "level_roughness", "tonal_roughness", "tonal_rough_pairs"):
        assert semitone[f"{T}{name}__mean"] > 1.5 * fifth[f"{T}{name}__mean"]


def test_inharmonicity():
    frequencies = np.arange(0.0, 3000, 10)

    def of_partials(*hertz):
        magnitude = np.isin(frequencies, hertz).astype(np.float32)[:, None]
        return inharmonicity(magnitude, frequencies, np.array([200.0]))[0]

    assert of_partials(200, 400, 1000) == pytest.approx(0, abs=1e-6)
    assert of_partials(300, 500, 1100) == pytest.approx(1)
    # Of each partial, twice the distance to the nearest multiple.
    assert of_partials(210, 460) == pytest.approx((2 * 0.05 + 2 * 0.3) / 2)
    assert np.isnan(inharmonicity(np.ones((300, 1)), frequencies, np.array([np.nan]))[0])


def test_inharmonicity_of_the_strongest_voice():
    name = T + "inharmonicity__median"
    harmonic = describe(sum(sine(220 * k, 0.1) for k in range(1, 6)), [name])[name]
    stretched = describe(sum(sine(220 * k**1.1, 0.1) for k in range(1, 6)), [name])[name]
    assert 0 < harmonic < 0.1
    assert stretched > 1.5 * harmonic
    assert describe(np.zeros(RATE), [name])[name] == 0


def test_irregularity():
    smooth = describe(WHITE, dimensions=["tone_colour"])[T + "irregularity__mean"]
    single = describe(sine(2000), dimensions=["tone_colour"])[T + "irregularity__mean"]
    assert smooth < 0.5
    assert single == pytest.approx(2, abs=0.2)  # one component between two that are empty


def test_silent_frames_are_left_out():
    music = chord(262, 330, 392)
    whole = describe(music, dimensions=["tone_colour"])
    padded = describe(np.r_[music, np.zeros(4 * RATE)], dimensions=["tone_colour"])
    for name in ("spectral_centroid__mean", "band_flatness_05__mean", "tonal_count__mean"):
        assert padded[T + name] == pytest.approx(whole[T + name], rel=0.05)


def test_long_term_spectrum():
    values = describe(sine(1000), dimensions=["tone_colour"])
    quieter = describe(sine(1000, 0.05), dimensions=["tone_colour"])
    name = T + "long_term_spectrum__max"
    assert values[name] - quieter[name] == pytest.approx(20, abs=0.01)
    assert values[name] > values[T + "long_term_spectrum__median"] + 60


LONG_WHITE = np.random.default_rng(7).standard_normal(4 * RATE) * 0.1


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
    values = measure("tone_colour", LONG_WHITE)
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
    values = measure("tone_colour", scipy.signal.lfilter([1], [1, -0.97], LONG_WHITE))
    pairs = [f"lsp_{i:02d}__median" for i in range(1, 19)]
    np.testing.assert_allclose(values[pairs], np.pi * np.arange(1, 19) / 19, atol=0.03)


@pytest.mark.parametrize("hertz", [1500, 3000, 6000])
def test_lsp_close_in_on_a_resonance(hertz, measure):
    angle = 2 * np.pi * hertz / RATE
    denominator = np.poly(0.97 * np.exp([1j * angle, -1j * angle])).real
    values = measure("tone_colour", scipy.signal.lfilter([1], denominator, LONG_WHITE))
    median = values[[f"lsp_{i:02d}__median" for i in range(1, 19)]].to_numpy()
    closest = np.diff(median).argmin()
    assert median[[closest, closest + 1]].mean() == pytest.approx(angle, abs=0.05)
    assert np.diff(median)[closest] < 0.5 * np.pi / 19
