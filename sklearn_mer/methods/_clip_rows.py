"""Rows of clips that are too large together for memory: read from the cache when indexed."""

import numbers

import numpy as np

from ..audio import AudioError, UnusableAudio, apply_step, check_cache, stack_rows


def cached_rows(clips, loader, function, *, step, settings, cache, n_jobs=None, verbose=0):
    """Apply `function` to the waveform of every clip, and leave the results in the cache.

    Parameters
    ----------
    clips, loader, function, step, settings, cache, n_jobs, verbose
        See `sklearn_mer.audio.apply_step`, which this is where there is no cache.

    Returns
    -------
    CachedRows or ndarray of shape (n_clips, ...)

    Raises
    ------
    AudioError
        Naming every clip that cannot be used. What the others gave stays in the cache.
    """
    options = {"step": step, "settings": settings, "cache": cache}
    if check_cache(cache) is None:
        return apply_step(clips, loader, function, n_jobs=n_jobs, verbose=verbose, **options)

    def make_row(index):
        return apply_step(clips.take(slice(index, index + 1)), loader, function, **options)[0]

    def shape_of(index):
        try:
            return np.array(make_row(index).shape)
        except AudioError as error:
            raise UnusableAudio(error.bad_files[0][1]) from error

    # Computes them all, so that every bad clip is known before anything is begun.
    shapes = stack_rows(clips, shape_of, n_jobs=n_jobs, verbose=verbose, label=step)
    different = np.unique(shapes, axis=0)
    if len(different) > 1:
        raise ValueError(
            f"The clips differ in length ({different[0, -1]} to {different[-1, -1]} values); give "
            "`duration` in seconds, so that longer clips are cut and shorter ones padded."
        )
    return CachedRows(make_row, (len(clips), *map(int, different[0])))


class CachedRows:
    """Stands for an array, float32, of which only what is indexed is read.

    Parameters
    ----------
    make_row : callable
        Takes the index of a row, returns it.
    shape : tuple of int
        Of the whole.
    """

    dtype = np.dtype(np.float32)

    def __init__(self, make_row, shape):
        self.make_row = make_row
        self.shape = shape

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, key):
        """Return rows at a slice or at indices, or, by an index and more, a part of one row."""
        first, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(first, numbers.Integral):
            return self.make_row(int(first))[tuple(rest)]
        indices = np.arange(len(self))[first]
        result = np.empty((len(indices), *self.shape[1:]), self.dtype)
        for target, index in zip(result, indices, strict=True):
            target[...] = self.make_row(int(index))
        return result[(slice(None), *rest)]
