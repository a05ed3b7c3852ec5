"""How methods fit and apply their front end."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin

from sklearn_mer.audio import AudioLoader, Clips, check_clips
from sklearn_mer.spectrogram import (
    MelSpectrogram,
    check_shape,
    fit_frontend,
    mean_and_deviation,
    transform_clips,
)


class Recorded(TransformerMixin, BaseEstimator):
    """A front end that is no ClipTransformer; remembers what it was given."""

    given = []

    def fit(self, X, y=None):
        self.given.append(X)
        return self

    def transform(self, X):
        self.given.append(X)
        return np.zeros((len(X), 3, 4))


@pytest.fixture
def checked(short_clips):
    return check_clips(AudioLoader(), short_clips)


@pytest.fixture
def checked_files(short_files):
    return check_clips(AudioLoader(), short_files)


def test_the_default_for_files_is_mel_spectrogram_as_it_is(checked_files):
    fitted = fit_frontend(None, checked_files, n_jobs=2)
    assert fitted.get_params() == MelSpectrogram(n_jobs=2).get_params()
    assert fitted.n_frames_ == 938


@pytest.mark.parametrize(("shortest", "seconds"), [(0.1, 0.25), (2.5, 2.5)])
def test_the_default_takes_arrays_at_their_own_length(shortest, seconds, checked):
    fitted = fit_frontend(None, checked, shortest=shortest)
    assert fitted.get_params() == MelSpectrogram(duration=seconds).get_params()
    rows = transform_clips(fitted, checked)
    assert rows.shape == (5, 128, 1 + round(seconds * 16000) // 512)


def test_another_default(checked):
    default = AudioLoader(normalize=True)
    fitted = fit_frontend(None, checked, default=default, shortest=0.1)
    assert transform_clips(fitted, checked, ndim=2).shape == (5, 4000)
    assert default.duration == 30.0
    assert not hasattr(default, "n_samples_")


def test_a_given_front_end_is_cloned(checked):
    given = MelSpectrogram(duration=0.1, n_mels=8)
    fitted = fit_frontend(given, checked, n_jobs=2, default=AudioLoader())
    assert fitted is not given
    assert fitted.get_params() == given.get_params()
    assert not hasattr(given, "n_frames_")


def test_front_ends_of_others_get_paths_or_waveforms(checked, checked_files):
    for clips in (checked, checked_files):
        Recorded.given.clear()
        assert transform_clips(fit_frontend(Recorded(), clips), clips).dtype == np.float32
        assert len(Recorded.given) == 2
        assert all(X is clips.audio for X in Recorded.given)


def test_own_front_ends_get_the_checked_clips(checked, monkeypatch):
    given = []
    transform = MelSpectrogram.transform
    monkeypatch.setattr(
        MelSpectrogram, "transform", lambda self, X: given.append(X) or transform(self, X)
    )
    transform_clips(fit_frontend(None, checked), checked)
    assert given == [checked]
    assert isinstance(given[0], Clips)


def test_arrays_of_the_wrong_dimension(checked):
    with pytest.raises(ValueError, match=r"shape \(5, 4000\); spectrograms of shape"):
        transform_clips(AudioLoader(duration=None).fit(checked), checked)
    with pytest.raises(ValueError, match=r"waveforms of shape \(n_clips, n_samples\) are needed"):
        transform_clips(fit_frontend(None, checked), checked, ndim=2)


def test_spectrograms_of_another_shape_than_in_fit():
    check_shape(np.zeros((2, 3, 4)), (3, 4))
    check_shape(np.zeros((2, 3, 4)), None)
    with pytest.raises(ValueError, match=r"have shape \(3, 4\), those seen in fit had \(3, 5\)"):
        check_shape(np.zeros((2, 3, 4)), (3, 5))


def test_mean_and_deviation():
    values = np.random.default_rng(0).normal(-30, 12, (4, 5, 6)).astype(np.float32)
    mean, deviation = mean_and_deviation(values)
    np.testing.assert_allclose([mean, deviation], [values.mean(), values.std()], rtol=1e-5)
    assert mean_and_deviation(np.full((2, 3, 3), 7.0)) == (7.0, 1.0)
