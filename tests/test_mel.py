"""Mel filters and frequencies: the values of librosa's."""

import librosa
import numpy as np
import pytest

from sklearn_mer._mel import mel_filters, mel_frequencies


@pytest.mark.parametrize("htk", [False, True])
@pytest.mark.parametrize(("rate", "n_fft", "n_mels"), [(16000, 512, 40), (22050, 2048, 128)])
def test_equal_to_librosa(rate, n_fft, n_mels, htk):
    for fmin, fmax in [(0.0, None), (400 / 3, 6854.0), (1500.0, 4000.0)]:
        given = {"n_fft": n_fft, "n_mels": n_mels, "fmin": fmin, "fmax": fmax, "htk": htk}
        theirs = librosa.filters.mel(sr=rate, **given)
        ours = mel_filters(sample_rate=rate, **given)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    theirs = librosa.mel_frequencies(n_mels, fmax=rate / 2, htk=htk)
    np.testing.assert_array_equal(mel_frequencies(n_mels, 0.0, rate / 2, htk=htk), theirs)


def test_filters_of_equal_height():
    theirs = librosa.filters.mel(sr=16000, n_fft=512, n_mels=96, htk=True, norm=None)
    ours = mel_filters(sample_rate=16000, n_fft=512, n_mels=96, htk=True, equal_area=False)
    np.testing.assert_array_equal(ours, theirs)
