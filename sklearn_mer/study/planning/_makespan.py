"""When work ends that several workers do."""

from heapq import heapify, heapreplace


def makespan(seconds, n_workers, *, start=0.0):
    """Return when the last of some pieces of work ends.

    Each goes, in the order given, to the worker that is free first, as in ``run_cells``.

    Parameters
    ----------
    seconds : iterable of float
        How long each takes.
    n_workers : int
    start : float, default=0.0
        When the workers are ready.

    Returns
    -------
    float

    Examples
    --------
    >>> from sklearn_mer.study.planning._makespan import makespan
    >>> makespan([1, 1, 4], 2)  # and not (1 + 1 + 4) / 2
    5.0
    """
    free_at = [float(start)] * n_workers
    heapify(free_at)
    for length in seconds:
        heapreplace(free_at, free_at[0] + length)
    return max(free_at)
