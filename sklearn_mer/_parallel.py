"""Apply a function to every clip: in threads, with a progress bar when asked for."""

from concurrent.futures import ThreadPoolExecutor

from joblib import effective_n_jobs
from tqdm.auto import tqdm

from ._memory import kept_memory


def map_clips(function, items, *, n_jobs=None, verbose=0, label="clips"):
    """Return ``[function(item) for item in items]``, in order.

    Threads, not processes: decoding, resampling, transforms and file access release the
    interpreter lock, and results need no copying.

    Parameters
    ----------
    function : callable
        Takes one item. What it raises ends the whole call.
    items : sequence
    n_jobs : int or None, default=None
        Number of threads, as in joblib.
    verbose : int, default=0
        Shows a progress bar when positive.
    label : str, default="clips"
        The bar's title.

    Returns
    -------
    list
    """
    n_threads = effective_n_jobs(n_jobs)
    with kept_memory(), ThreadPoolExecutor(n_threads) as pool:
        results = pool.map(function, items) if n_threads > 1 else map(function, items)
        return list(tqdm(results, total=len(items), desc=label, unit="clip", disable=not verbose))
