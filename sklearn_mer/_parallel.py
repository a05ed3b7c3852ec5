"""Apply a function to every clip: in threads, with a progress bar when asked for."""

from joblib import Parallel, delayed
from tqdm.auto import tqdm


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
    # Required, not preferred: under `parallel_config` with another backend, functions that hold
    # buffers or locks would have to be pickled.
    results = Parallel(n_jobs=n_jobs, require="sharedmem", return_as="generator")(
        delayed(function)(item) for item in items
    )
    return list(tqdm(results, total=len(items), desc=label, unit="clip", disable=not verbose))
