import numpy as np

from sklearn_mer.augmentation import SevenBandEQ
from sklearn_mer.augmentation._equalizer import _CENTERS

from .sounds import noise

RATE = 16000


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
