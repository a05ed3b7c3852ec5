"""Gain and PowerShift on synthetic clips."""

import numpy as np
import pytest

from sklearn_mer.augmentation import Gain, PowerShift

from .sounds import level, rms, sine


def test_power_shift_is_one_of_the_gains_and_does_not_clip():
    copies = PowerShift(n_copies=60, random_state=0).copies(sine(440))
    gains = 20 * np.log10([rms(copy) / rms(sine(440)) for copy in copies])
    np.testing.assert_allclose(np.abs(gains), 10, atol=1e-4)
    assert 15 <= np.count_nonzero(gains > 0) <= 45
    assert np.abs(copies).max() > 3


def test_gain_is_any_within_its_range_and_does_not_clip():
    copies = Gain(n_copies=300, random_state=0).copies(sine(440))
    gains = np.array([level(copy) for copy in copies]) - level(sine(440))
    assert -12 <= gains.min() < -11.5
    assert 11.5 < gains.max() <= 12
    assert gains.mean() == pytest.approx(0, abs=1.6)  # 4 standard errors
    assert len(np.unique(gains.round(3))) > 280
    assert np.abs(copies).max() > 3
