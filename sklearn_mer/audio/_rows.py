"""From clips to an array with one row per clip: in threads, cached, in memory or on disk.

`compute_rows` calls ``make_row(clips, index)`` for every clip; a `CachedStep` is such a function.
"""

import functools
import numbers
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from joblib import effective_n_jobs
from tqdm.auto import tqdm

from .._blas import one_blas_thread
from .._docs import share_docs
from .._memory import kept_memory
from ._cache import check_cache, digest_of
from ._decode import UnusableAudio
from ._errors import AudioError
from ._short import remember_length, warn_of_short_clips
from ._silent import warn_of_silent_clips


class CachedStep:
    """One step from a waveform to an array, stored on disk with one entry per clip.

    Parameters
    ----------
    loader : AudioLoader
        Prepares each waveform.
    function : callable
        Takes the waveform and returns an array. It must depend on the waveform and on `settings`
        alone.
    name : str
        Name of the step, and of its folder in the cache.
    settings : JSON-able
        Everything that the array depends on besides the waveform, including a version number.
    cache : bool, path-like or ClipCache
        See `check_cache`.
    fill : bool, default=True
        Whether shorter clips are repeated up to the loader's `duration`.
    """

    def __init__(self, loader, function, *, name, settings, cache, fill=True):
        self.loader = loader
        self.load = loader.waveform if fill else loader.heard
        self.function = function
        self.name = name
        self.cache = check_cache(cache)
        self._signature = digest_of([settings, loader.signature()])

    def __call__(self, clips, index):
        """Return the array of one clip, from the cache if it is there."""
        key = None if self.cache is None else self._key(clips, index)
        row = None if key is None else self.cache.get(self.name, key)
        if row is None:
            row = self.function(self.load(clips, index))
            if key is not None and index not in clips.silent:
                self.cache.put(self.name, key, row)
        if key is not None:
            remember_length(self.cache, self.loader, clips, index)
        return row

    def _key(self, clips, index):
        try:
            return digest_of([clips.content_digest(index), self._signature])
        except OSError:
            return None  # missing or unreadable: the loader gives the better reason


@share_docs
def compute_rows(clips, make_row, *, lazy=False, n_jobs=None, verbose=0, label="clips"):
    """Compute one row per clip.

    Parameters
    ----------
    clips : Clips
        The clips.
    make_row : callable
        Takes `clips` and the index of a clip; returns an array of the same shape for every clip.
        Raises `UnusableAudio` for a clip that cannot be used.
    lazy : bool, default=False
        Whether to drop each row once it is computed, and compute it again when it is indexed.
        This saves memory where `make_row` is a `CachedStep` with a cache: the rows are then read
        from disk.
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}
    label : str, default="clips"
        Title of the progress bar.

    Returns
    -------
    ndarray or LazyRows of shape (n_clips, ...)
        `LazyRows` if `lazy`.

    Raises
    ------
    AudioError
        Names every clip that cannot be used. Rows of the other clips stay in the cache.
    ValueError
        If the rows differ in shape.
    """
    rows = _Rows(len(clips), keep=not lazy)
    map_clips(
        lambda index: rows.put(index, make_row(clips, index)),
        clips,
        n_jobs=n_jobs,
        verbose=verbose,
        label=label,
    )
    warn_of_short_clips(clips)
    warn_of_silent_clips(clips)
    rows.check_shapes()
    if not lazy:
        return rows.array
    return LazyRows(functools.partial(_row_again, clips, make_row), rows.shape, rows.dtype)


def compute_first_row(clips, make_row):
    """Compute the row of the first clip, as `fit` does where nothing is learned.

    Parameters
    ----------
    clips : Clips
        The clips.
    make_row : callable
        See `compute_rows`.

    Returns
    -------
    ndarray
        The row.

    Raises
    ------
    AudioError
        If the first clip cannot be used. All clips are then read, and the error names every clip
        that cannot be used.
    """
    try:
        return make_row(clips, 0)
    except UnusableAudio:
        return compute_rows(clips, make_row)[0]


@share_docs
def map_clips(function, clips, *, n_jobs=None, verbose=0, label="clips"):
    """Apply a function to the index of every clip, in threads.

    Threads, not processes: decoding, resampling, transforms and file access release the
    interpreter lock, and results need no copying.

    Parameters
    ----------
    function : callable
        Takes the index of a clip. Raises `UnusableAudio` for a clip that cannot be used; any
        other error ends the whole call.
    clips : Clips
        The clips.
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}
    label : str, default="clips"
        Title of the progress bar.

    Returns
    -------
    list
        What the function returned for each clip, in order.

    Raises
    ------
    AudioError
        Names every clip that cannot be used.
    """
    bad = {}

    def call(index):
        try:
            return function(index)
        except UnusableAudio as error:
            bad[index] = str(error)

    n_clips, n_threads = len(clips), effective_n_jobs(n_jobs)
    memory = kept_memory(gives_back=n_clips > 1)
    with memory, one_blas_thread(), ThreadPoolExecutor(n_threads) as pool:
        results = pool.map(call, range(n_clips)) if n_threads > 1 else map(call, range(n_clips))
        bar = tqdm(results, total=n_clips, desc=label, unit="clip", disable=not verbose)
        results = list(bar)
    if bad:
        raise AudioError([(clips.name(i), bad[i]) for i in sorted(bad)], n_files=n_clips)
    return results


class LazyRows:
    """Stands for an array whose rows are computed or read from disk when they are indexed.

    Parameters
    ----------
    make_row : callable
        Takes the position of a row, returns an array of shape ``shape[1:]``.
    shape : tuple of int
        Shape of the whole array.
    dtype : dtype, default=float32
        Type of the values.

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


class _Rows:
    """The result of `compute_rows`, filled by all threads.

    The array is made when the first row tells its shape: gathering all rows and stacking them
    would take twice the memory.
    """

    def __init__(self, n_rows, *, keep):
        self.n_rows = n_rows
        self.keep = keep
        self.array = self.shape = self.dtype = None
        self._shapes = set()
        self._lock = threading.Lock()

    def put(self, index, row):
        with self._lock:
            self._shapes.add(row.shape)
            if self.shape is None:
                self.shape, self.dtype = (self.n_rows, *row.shape), row.dtype
                self.array = np.empty(self.shape, self.dtype) if self.keep else None
        if self.keep and row.shape == self.shape[1:]:
            self.array[index] = row

    def check_shapes(self):
        if len(self._shapes) > 1:
            lengths = [shape[-1] for shape in self._shapes]
            raise ValueError(
                f"The clips differ in length ({min(lengths)} to {max(lengths)} values); set "
                "`duration` (in seconds): longer clips are then cut, and shorter ones repeated."
            )


def _row_again(clips, make_row, index):
    try:
        return make_row(clips, index)
    except UnusableAudio as error:
        raise AudioError([(clips.name(index), str(error))], n_files=len(clips)) from error
