"""One thread of the linear algebra while clips are processed."""

import numpy as np
import pytest
import soundfile
from threadpoolctl import threadpool_info, threadpool_limits

from sklearn_mer import SummaryFeatures, SVMBaseline
from sklearn_mer._blas import one_blas_thread
from sklearn_mer.audio import Clips
from sklearn_mer.audio._rows import map_clips
from sklearn_mer.songs import iter_songs


def n_threads():
    """Return the numbers of threads of the libraries of numpy and scipy."""
    return {found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads():
    with threadpool_limits(2, user_api="blas"):
        if n_threads() != {2}:
            pytest.skip("the number of threads cannot be set here")
        yield


def test_one_thread_inside_and_the_former_number_afterwards():
    with one_blas_thread():
        assert n_threads() == {1}
        with pytest.raises(ZeroDivisionError), one_blas_thread():
            raise ZeroDivisionError
        assert n_threads() == {1}
    assert n_threads() == {2}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_clips_are_processed_so(n_jobs):
    clips = Clips(np.zeros((3, 100), dtype=np.float32))
    assert map_clips(lambda _: n_threads(), clips, n_jobs=n_jobs) == [{1}] * 3
    assert n_threads() == {2}


def test_songs_are_predicted_so(clips, tmp_path, monkeypatch):
    X, y = clips
    song = tmp_path / "song.wav"
    soundfile.write(song, X[0], 16000)
    classifier, seen = SVMBaseline(features=SummaryFeatures(duration=2.0)).fit(X, y), []

    def predict_proba(self, X):
        seen.append(n_threads())
        return np.full((1, 4), 0.25)

    monkeypatch.setattr(SVMBaseline, "predict_proba", predict_proba)
    found = list(iter_songs(classifier, [str(song), "lost.wav"]))
    assert [song.error for song in found] == ["", "no such file"]
    assert {1} in seen
    assert {2} not in seen
    assert n_threads() == {2}
