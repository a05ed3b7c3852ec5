import threading

import joblib
import pytest

from sklearn_mer._parallel import map_clips


@pytest.mark.parametrize("n_jobs", [None, 1, 2, 5, -1])
def test_results_are_in_order(n_jobs):
    assert map_clips(lambda i: i * i, range(50), n_jobs=n_jobs) == [i * i for i in range(50)]
    assert map_clips(str, [], n_jobs=n_jobs) == []


def test_an_error_ends_the_call():
    def fail_at_seven(i):
        if i == 7:
            raise KeyError(i)
        return i

    for n_jobs in (1, 3):
        with pytest.raises(KeyError):
            map_clips(fail_at_seven, range(50), n_jobs=n_jobs)


@pytest.mark.parametrize("backend", ["loky", "threading", "sequential"])
def test_threads_whatever_backend_is_configured(backend):
    lock = threading.Lock()  # cannot be pickled

    def locked(i):
        with lock:
            return i

    with joblib.parallel_config(backend, n_jobs=2):
        assert map_clips(locked, range(9)) == list(range(9))
        assert map_clips(locked, range(9), n_jobs=2) == list(range(9))


def test_the_bar(capsys):
    map_clips(str, range(3), label="songs")
    assert capsys.readouterr().err == ""
    map_clips(str, range(3), label="songs", verbose=1)
    assert "songs: 100%" in capsys.readouterr().err
