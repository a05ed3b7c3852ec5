import numpy as np
import pytest
from scipy.signal import sosfreqz

from sklearn_mer.augmentation._filters import high_shelf, low_shelf, peak

RATE = 16000


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
