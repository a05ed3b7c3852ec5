"""Run one step (load, transform, describe, alter) over clips: cached, checked, in parallel."""

import threading

import numpy as np

from .._parallel import map_clips
from ._cache import check_cache, digest_of
from ._decode import UnusableAudio
from ._errors import AudioError


def apply_step(clips, loader, function, *, step, settings, cache, n_jobs=None, verbose=0):
    """Apply `function` to the waveform of every clip and stack the results.

    Parameters
    ----------
    clips : Clips
    loader : AudioLoader
        Prepares each waveform.
    function : callable
        Takes the waveform, returns an array of the same shape for every clip. It must depend
        on the waveform and on `settings` alone.
    step : str
        Names the folder of the cache.
    settings : JSON-able
        Everything beside the clip that the result depends on, a version number included.
    cache : bool, path-like or ClipCache
        See `check_cache`.
    n_jobs, verbose
        See `map_clips`.

    Returns
    -------
    ndarray of shape (n_clips, ...)

    Raises
    ------
    AudioError
        Naming every clip that cannot be used. What the others gave stays in the cache.
    """
    cache = check_cache(cache)
    signature = digest_of([settings, loader.signature()])

    def make_row(index):
        return _cached(clips, index, loader, function, step, signature, cache)

    return stack_rows(clips, make_row, n_jobs=n_jobs, verbose=verbose, label=step)


def stack_rows(clips, make_row, *, n_jobs=None, verbose=0, label="clips"):
    """Make a row of every clip and stack the rows: what `apply_step` does, less the cache.

    For steps that keep several entries a clip.

    Parameters
    ----------
    clips : Clips
    make_row : callable
        Takes the index of a clip, returns an array of the same shape for each, and raises
        `UnusableAudio` for a clip that cannot be used.
    n_jobs, verbose, label
        See `map_clips`.

    Returns
    -------
    ndarray of shape (n_clips, ...)

    Raises
    ------
    AudioError
        Naming every clip that cannot be used.
    """
    rows = _Rows(len(clips))

    def run(index):
        try:
            rows.put(index, make_row(index))
        except UnusableAudio as error:
            return error
        return None

    problems = map_clips(run, range(len(clips)), n_jobs=n_jobs, verbose=verbose, label=label)
    _raise_for_bad_clips(clips, problems)
    return rows.stacked()


def apply_to_first(clips, function):
    """Apply `function` to the first clip only, as `fit` does where nothing is learned.

    Where the first clip is bad, to all of them: the error then names every bad clip at once.

    Parameters
    ----------
    clips : Clips
    function : callable
        Takes `Clips` and gives what `apply_step` does.

    Returns
    -------
    ndarray of shape (n, ...)

    Raises
    ------
    AudioError
        Naming every clip that cannot be used.
    """
    try:
        return function(clips.take(slice(0, 1)))
    except AudioError:
        return function(clips)


def _cached(clips, index, loader, function, step, signature, cache):
    if cache is None:
        return function(loader.waveform(clips, index))
    try:
        key = digest_of([clips.content_digest(index), signature])
    except OSError:
        key = None  # missing or unreadable: the loader says it better
    array = None if key is None else cache.get(step, key)
    if array is None:
        array = function(loader.waveform(clips, index))
        if key is not None:
            cache.put(step, key, array)
    return array


def _raise_for_bad_clips(clips, problems):
    bad = [
        (clips.audio[i] if clips.are_files else f"clip {i}", str(problem))
        for i, problem in enumerate(problems)
        if problem is not None
    ]
    if bad:
        raise AudioError(bad, n_files=len(clips))


class _Rows:
    """The result, made when the first clip tells its shape, and filled row by row by all threads.

    Gathering the rows first and stacking them would take twice the memory.
    """

    def __init__(self, n_rows):
        self.n_rows = n_rows
        self.array = None
        self.lengths = set()
        self._lock = threading.Lock()

    def put(self, index, row):
        with self._lock:
            if self.array is None:
                self.array = np.empty((self.n_rows, *row.shape), dtype=row.dtype)
            self.lengths.add(row.shape[-1])
        if row.shape == self.array.shape[1:]:
            self.array[index] = row

    def stacked(self):
        if len(self.lengths) > 1:
            shortest, longest = min(self.lengths), max(self.lengths)
            raise ValueError(
                f"The clips differ in length ({shortest} to {longest} values); give `duration` in "
                "seconds, so that longer clips are cut and shorter ones padded with silence."
            )
        return self.array
