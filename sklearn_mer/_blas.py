"""One thread of the linear algebra of numpy and scipy, while clips are processed."""

from functools import lru_cache

from threadpoolctl import ThreadpoolController


def one_blas_thread():
    """Return a context in which numpy and scipy multiply matrices in one thread.

    The matrices of one clip are small: other threads wait for work most of the time, and wait by
    computing. That doubles the CPU time, and hardly shortens the time until the result. `n_jobs`
    uses more processors.
    """
    return _libraries().limit(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def _libraries():
    # Kept, since finding them takes milliseconds: scikit-learn has loaded both by now.
    return ThreadpoolController()
