"""Rows of clips that are too large together for memory: read from the cache when indexed."""

import numbers

import numpy as np

from ._cache import check_cache, digest_of
from ._decode import UnusableAudio
from ._errors import AudioError
from ._steps import apply_step, cached_row, stack_rows


def cached_rows(clips, loader, function, *, step, settings, cache, n_jobs=None, verbose=0):
    """Apply `function` to the waveform of every clip, and keep the results on disk.

    For training on sets whose spectrograms do not fit into memory together: `apply_step` stacks
    them, this leaves them in the cache. Without a cache it is `apply_step`.

    Parameters
    ----------
    clips, loader, function, step, settings, cache, n_jobs, verbose
        See `apply_step`.

    Returns
    -------
    CachedRows or ndarray of shape (n_clips, ...)

    Raises
    ------
    AudioError
        Naming every clip that cannot be used. What the others gave stays in the cache.
    """
    cache = check_cache(cache)
    if cache is None:
        return apply_step(
            clips,
            loader,
            function,
            step=step,
            settings=settings,
            cache=False,
            n_jobs=n_jobs,
            verbose=verbose,
        )
    signature = digest_of([settings, loader.signature()])

    def make_row(index):
        return cached_row(clips, index, loader, function, step, signature, cache)

    def make_shape(index):
        return np.array(make_row(index).shape)

    shapes = stack_rows(clips, make_shape, n_jobs=n_jobs, verbose=verbose, label=step)
    different = np.unique(shapes, axis=0)
    if len(different) > 1:
        raise ValueError(
            f"The clips differ in length ({different[0, -1]} to {different[-1, -1]} values); give "
            "`duration` in seconds, so that longer clips are cut and shorter ones padded."
        )
    return CachedRows(clips, make_row, shape=tuple(map(int, different[0])))


class CachedRows:
    """Stands for an array of shape (n_clips, ...), float32; only what is indexed is read.

    Parameters
    ----------
    clips : Clips
    make_row : callable
        Takes the index of a clip, returns its row.
    shape : tuple of int
        Of a row.
    """

    dtype = np.dtype(np.float32)

    def __init__(self, clips, make_row, *, shape):
        self.clips = clips
        self.make_row = make_row
        self.shape = (len(clips), *shape)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, key):
        """Return rows at a slice or at indices, or, by an index and more, a part of one row."""
        first, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(first, numbers.Integral):
            return self._row(first)[tuple(rest)]
        indices = np.arange(len(self))[first]
        result = np.empty((len(indices), *self.shape[1:]), self.dtype)
        for place, index in enumerate(indices):
            result[place] = self._row(index)
        return result[(slice(None), *rest)]

    def _row(self, index):
        try:
            return self.make_row(index)
        except UnusableAudio as error:  # it was all right before: removed or overwritten since
            clip = self.clips.audio[index] if self.clips.are_files else f"clip {index}"
            raise AudioError([(clip, str(error))], n_files=len(self)) from error
