"""One thread of the linear algebra of numpy and scipy, while clips are processed."""

import threading
from functools import lru_cache

from threadpoolctl import ThreadpoolController


class one_blas_thread:
    """Context in which numpy and scipy multiply matrices in one thread.

    Those of one clip are small: more threads wait for work most of the time, and do so by
    computing. That doubles the time of two processors and hardly shortens the waiting for it; and
    the last digits depend on the number of threads. Clips are processed at once by `n_jobs`.

    Contexts may overlap in any threads, which all have the same number: when the last one ends, it
    is what it was.
    """

    _lock = threading.Lock()
    _n_inside = 0
    _limit = None

    def __enter__(self):
        cls = type(self)
        with cls._lock:
            if cls._n_inside == 0:
                cls._limit = _libraries().limit(limits=1, user_api="blas")
            cls._n_inside += 1

    def __exit__(self, *_):
        cls = type(self)
        with cls._lock:
            cls._n_inside -= 1
            if cls._n_inside == 0:
                cls._limit.restore_original_limits()


@lru_cache(maxsize=1)
def _libraries():
    # Kept, since finding what is loaded takes milliseconds; numpy and scipy are by now.
    return ThreadpoolController()
