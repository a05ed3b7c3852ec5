"""A folder of small files: what was computed for a clip is computed once."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
import tempfile
import tokenize
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs

# Raised when the layout below changes: older entries are then simply not looked at.
_LAYOUT = "v1"
_UNFINISHED = ".tmp"


def default_cache_folder():
    """Return the folder of the caches: ``SKLEARN_MER_CACHE``, else the platform's.

    Returns
    -------
    pathlib.Path
        It need not exist yet.
    """
    named = os.environ.get("SKLEARN_MER_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("sklearn_mer"))


def digest_of(value):
    """Return a short hexadecimal digest of a JSON-able value or of bytes."""
    if not isinstance(value, bytes | memoryview):
        value = json.dumps(value, sort_keys=True, default=_plain).encode()
    return hashlib.blake2b(value, digest_size=16).hexdigest()


def _plain(value):
    # Searches over parameters hand in numpy's numbers.
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{value!r} ({type(value).__name__}) cannot be part of a key of the cache.")


# What numpy raises for a file that is missing or not one of ours (a full disk, a foreign hand):
# it is computed again, over that one.
_UNREADABLE = (OSError, ValueError, EOFError, MemoryError, tokenize.TokenError, zipfile.BadZipFile)


class ClipCache:
    """Arrays on disk, one file a clip and step.

    Entries are plain ``.npy`` files. They are written under another name and then renamed, so
    any number of processes may read and write the same folder, and a process killed while
    writing leaves no broken entry.

    Parameters
    ----------
    location : path-like or None, default=None
        The folder; None for `default_cache_folder()`.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from sklearn_mer.audio import ClipCache
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     cache = ClipCache(folder)
    ...     cache.put("mel", "0a1b", np.zeros(3, dtype=np.float32))
    ...     cache.get("mel", "0a1b"), cache.get("mel", "ffff")
    (array([0., 0., 0.], dtype=float32), None)
    """

    def __init__(self, location=None):
        self.location = location

    def __repr__(self):
        return f"ClipCache({str(self.folder)!r})"

    @property
    def folder(self):
        """The folder that holds the entries of this layout."""
        root = default_cache_folder() if self.location is None else Path(self.location)
        return root / "clips" / _LAYOUT

    def path(self, step, key):
        """Return where the entry of `key` lies for `step`, whether it exists or not."""
        return self.folder / step / key[:2] / f"{key[2:]}.npy"

    def get(self, step, key):
        """Return the array stored for `key` by `step`, or None."""
        try:
            return np.load(self.path(step, key), allow_pickle=False)
        except _UNREADABLE:
            return None

    def put(self, step, key, array):
        """Store `array` for `key`; a folder that cannot be written costs a warning only."""
        path = self.path(step, key)
        try:
            try:
                _write_whole(path, array)
            except FileNotFoundError:  # the cache was cleared meanwhile
                _write_whole(path, array)
        except OSError as error:
            warnings.warn(
                # The same words for every clip, so that it is said once.
                f"The clip cache {self.folder} cannot be written ({error.strerror or error}); "
                "results are computed anew each time. Name another folder by SKLEARN_MER_CACHE, "
                "or pass cache=False.",
                stacklevel=2,
            )

    def info(self):
        """Return the number of entries and their size.

        Returns
        -------
        pandas.DataFrame
            One row a step: ``n_entries`` and ``bytes``. The bytes include what writers that
            were killed left behind; `clear` removes that too.
        """
        rows = {step.name: _count(step) for step in self._steps()}
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=["n_entries", "bytes"], dtype=np.int64
        )

    @property
    def nbytes(self):
        """Size of all entries, in bytes."""
        return int(self.info()["bytes"].sum())

    def clear(self, step=None):
        """Remove the entries of `step`, or all.

        Parameters
        ----------
        step : str or None, default=None
            One of the names in `info`; all when None. Nothing happens where there is none.
        """
        for folder in self._steps():
            if step in (None, folder.name):
                shutil.rmtree(folder, onerror=_unless_others_are_at_work)

    def _steps(self):
        return sorted(path for path in self.folder.glob("*") if path.is_dir())


def _count(step):
    n_entries = n_bytes = 0
    for path in step.rglob("*"):
        try:
            status = path.stat()
        except FileNotFoundError:  # others write and clear meanwhile
            continue
        if stat.S_ISREG(status.st_mode):
            n_entries += path.suffix != _UNFINISHED
            n_bytes += status.st_size
    return n_entries, n_bytes


def _unless_others_are_at_work(function, path, error):
    # What they have removed already is as wanted; what they have just written stays.
    if error[1].errno not in (errno.ENOENT, errno.ENOTEMPTY):
        raise error[1]


def _write_whole(path, array):
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=_UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.save(file, array, allow_pickle=False)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):  # the first error counts
            os.unlink(temporary)
        raise


def check_cache(cache):
    """Turn the `cache` parameter of a transformer into a `ClipCache` or None.

    Parameters
    ----------
    cache : bool, path-like or ClipCache
        True for the default folder, False for none, a folder, or a cache.

    Returns
    -------
    ClipCache or None
    """
    if cache is None or cache is False:
        return None
    if cache is True:
        return ClipCache()
    if isinstance(cache, ClipCache):
        return cache
    return ClipCache(cache)
