"""Rows that stay on disk until they are asked for, in the place of arrays too large for memory."""

import numbers

import numpy as np

from ._cache import check_cache, digest_of
from ._decode import UnusableAudio
from ._errors import AudioError
from ._steps import apply_step, cached_row, map_rows, name_of


class LazyRows:
    """Stands for an array of which only the rows that are indexed are ever in memory.

    Parameters
    ----------
    make_row : callable
        Takes the position of a row, returns an array of shape ``shape[1:]``.
    shape : tuple of int
        Of the whole.
    dtype : dtype, default=float32

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.audio import LazyRows
    >>> rows = LazyRows(lambda i: np.full(2, i), (1000, 2))
    >>> rows[[3, 999]]
    array([[  3.,   3.],
           [999., 999.]], dtype=float32)
    """

    def __init__(self, make_row, shape, dtype=np.float32):
        self.make_row = make_row
        self.shape = tuple(shape)
        self.dtype = np.dtype(dtype)

    @property
    def ndim(self):
        """Number of axes."""
        return len(self.shape)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, rows):
        """Return the row at an integer, or the rows at a slice or at indices, as an array."""
        if isinstance(rows, numbers.Integral):
            return self.make_row(range(len(self))[rows])
        positions = np.arange(len(self))[rows]
        result = np.empty((len(positions), *self.shape[1:]), self.dtype)
        for target, position in zip(result, positions, strict=True):
            target[...] = self.make_row(int(position))
        return result


def apply_lazily(clips, loader, function, *, step, settings, cache, n_jobs=None, verbose=0):
    """Do what `apply_step` does, but leave the results in the cache.

    Each clip is computed, or found in the cache, once now, so that bad clips are named before
    anything is begun; it is read again whenever its row is indexed.

    Parameters
    ----------
    clips, loader, function, step, settings, cache, n_jobs, verbose
        See `apply_step`, which this is where there is no cache.

    Returns
    -------
    LazyRows or ndarray of shape (n_clips, ...)

    Raises
    ------
    AudioError
        Naming every clip that cannot be used; also later, when a clip has to be computed again
        and its file is gone.
    ValueError
        When the rows differ in shape.
    """
    cache = check_cache(cache)
    if cache is None:
        given = {"step": step, "settings": settings, "cache": False}
        return apply_step(clips, loader, function, n_jobs=n_jobs, verbose=verbose, **given)
    signature = digest_of([settings, loader.signature()])
    shapes = set()

    def make_row(index):
        return cached_row(clips, index, loader, function, step, signature, cache)

    def look_at_row(index):
        row = make_row(index)
        shapes.add((row.shape, row.dtype))

    map_rows(clips, look_at_row, n_jobs=n_jobs, verbose=verbose, label=step)
    if len(shapes) > 1:
        raise ValueError(
            f"The clips differ in length ({sorted(shape for shape, _ in shapes)}); give `duration` "
            "in seconds, so that longer clips are cut and shorter ones padded with silence."
        )
    ((shape, dtype),) = shapes

    def make_row_again(index):
        try:
            return make_row(index)
        except UnusableAudio as error:
            raise AudioError([(name_of(clips, index), str(error))], n_files=len(clips)) from error

    return LazyRows(make_row_again, (len(clips), *shape), dtype)
