"""Samplers on clips of 4QAED."""

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioLoader
from sklearn_mer.audio._decode import decode
from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    Gain,
    PitchShift,
    PowerShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
)
from sklearn_mer.spectrogram import MelSpectrogram

pytestmark = pytest.mark.data


@pytest.fixture
def real_paths(real_data_home):
    folder = real_data_home / "datasets" / "4QAED"
    return [str(min((folder / quadrant).glob("*.mp3"))) for quadrant in ("Q1", "Q2", "Q3", "Q4")]


@pytest.mark.parametrize("sampler_class", [TimeShift, PowerShift, TimeStretch, PitchShift])
def test_copies_of_real_clips(sampler_class, real_paths):
    sampler = sampler_class(random_state=0)
    X, _ = sampler.fit_resample(real_paths, ["Q1", "Q2", "Q3", "Q4"])
    for original, copy in zip(X[:4], X[4:], strict=True):
        before = decode(original, sample_rate=16000, duration=30.0)
        assert soundfile.info(copy).frames == len(before)
        after = decode(copy, sample_rate=16000)
        assert np.isfinite(after).all()
        change = 10 * np.log10(np.mean(after**2) / np.mean(before**2))
        correlation = abs(np.corrcoef(before, after)[0, 1])
        if sampler_class is PowerShift:
            assert abs(change) == pytest.approx(10, abs=0.001)
            assert correlation == pytest.approx(1, abs=1e-6)
        else:
            assert abs(change) < 6  # other parts of the clip may be cut, or silent
            assert correlation < 0.9


def spectrum_change(before, after):
    """Change of each third octave's power from 50 to 7000 Hz, in dB."""
    edges = 50 * 2 ** (np.arange(22) / 3)
    frequencies = np.fft.rfftfreq(len(before), 1 / 16000)
    powers = [np.abs(np.fft.rfft(x.astype(np.float64))) ** 2 for x in (before, after)]
    bands = np.digitize(frequencies, edges)
    sums = [np.bincount(bands, weights=power)[1:22] for power in powers]
    return 10 * np.log10(sums[1] / sums[0])


def test_filters_on_real_clips(real_paths):
    for before in AudioLoader(normalize=True).fit_transform(real_paths):
        sampler = BandStop(center=(800, 800), bandwidth=(1.5, 1.5), slope=(24, 24), random_state=0)
        change = spectrum_change(before, sampler.copies(before)[0])
        assert change[9:13].max() < -20  # 400 to 1000 Hz
        assert np.abs(change[[0, 1, 18, 19, 20]]).max() < 0.5  # under 80 Hz, above 3200 Hz
        (louder,) = SevenBandEQ(random_state=0).copies(before)
        change = spectrum_change(before, louder)
        assert np.ptp(change) > 3
        assert np.abs(change).max() < 30
        (gained,) = Gain(random_state=0).copies(before)
        change = spectrum_change(before, gained)
        assert np.ptp(change) < 1e-3
        assert 0.01 < abs(change.mean()) <= 12


def test_masks_and_stops_in_the_spectrogram_of_real_clips(real_paths):
    compose = Compose(
        steps=[("mask", TimeMask(fraction=(0.3, 0.3))), ("stop", BandStop(center=(800, 800)))],
        random_state=0,
    )
    mel = MelSpectrogram(duration=30.0, normalize=True).fit(real_paths)
    before = mel.transform(real_paths)
    after = mel.transform_copies(real_paths, compose)[:, 0]
    floor = after.min(axis=(1, 2))
    silent = (after == floor[:, None, None]).all(axis=1).mean(axis=1)
    assert np.abs(silent - 0.3).max() < 0.03
    assert (after.mean(axis=(1, 2)) < before.mean(axis=(1, 2)) - 5).all()
