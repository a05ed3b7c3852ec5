"""The cache: a folder with one small file per clip and step."""

import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import stat
import tempfile
import warnings
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs

# Raised when the layout below changes: older entries are then ignored.
_LAYOUT = "v2"
_UNFINISHED = ".tmp"
_N_CHECK = 4  # bytes of the checksum


def default_cache_folder():
    """Return the default cache folder: ``SKLEARN_MER_CACHE``, else the platform's.

    Returns
    -------
    pathlib.Path
        It may not exist yet.

    See Also
    --------
    ClipCache : What is kept there.
    sklearn_mer.datasets.get_data_home : Where data sets lie.
    """
    named = os.environ.get("SKLEARN_MER_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("sklearn_mer"))


def digest_of(value):
    """Return a short digest of a value, for keys of the cache.

    Parameters
    ----------
    value : JSON-able, bytes or memoryview
        What to digest.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    if not isinstance(value, bytes | memoryview):
        value = json.dumps(value, sort_keys=True, default=_plain).encode()
    return hashlib.blake2b(value, digest_size=16).hexdigest()


def _plain(value):
    # Parameter searches set numpy numbers.
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{value!r} ({type(value).__name__}) cannot be part of a key of the cache.")


class ClipCache:
    """Arrays on disk, one file per clip and step.

    Entries are ``.npy`` files with a checksum (CRC-32) behind the array. A file that does not match
    its checksum, or is under the name of another entry, is as good as none: the entry is computed
    again. Checking takes 0.2 ms for a spectrogram of 30 s (480 kB), where reading takes 0.15 ms and
    computing 50 ms.

    Entries are written under a temporary name and then renamed. So any number of processes may read
    and write the same folder, and a process that is killed while writing leaves no broken entry.

    Parameters
    ----------
    location : path-like or None, default=None
        The folder. None for the one that `default_cache_folder` returns.

    See Also
    --------
    default_cache_folder : Where it is, unless a folder is given.

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
        """Folder of the entries."""
        if self.location is not None and not isinstance(self.location, str | os.PathLike):
            raise TypeError(f"location={self.location!r} is no path; give one, or None.")
        root = default_cache_folder() if self.location is None else _as_folder(self.location)
        return root / "clips" / _LAYOUT

    def path(self, step, key):
        """Return the path of an entry, whether it exists or not.

        Parameters
        ----------
        step : str
            Name of the step.
        key : str
            Digest of everything that the entry depends on.

        Returns
        -------
        pathlib.Path
            The path of the ``.npy`` file.
        """
        return self.folder / step / key[:2] / f"{key[2:]}.npy"

    def get(self, step, key):
        """Return a stored array.

        Parameters
        ----------
        step : str
            Name of the step.
        key : str
            Digest of everything that the array depends on.

        Returns
        -------
        ndarray or None
            None if there is no entry, or it cannot be read, or does not match its checksum.
        """
        try:
            content = self.path(step, key).read_bytes()
        except OSError:
            return None
        if content[-_N_CHECK:] != _checksum(step, key, memoryview(content)[:-_N_CHECK]):
            return None
        return np.load(io.BytesIO(content), allow_pickle=False)

    def put(self, step, key, array):
        """Store an array; warn if the folder cannot be written.

        Parameters
        ----------
        step : str
            Name of the step.
        key : str
            Digest of everything that the array depends on.
        array : ndarray
            The array.
        """
        path = self.path(step, key)
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        buffer.write(_checksum(step, key, buffer.getbuffer()))
        try:
            try:
                _write_whole(path, buffer.getbuffer())
            except FileNotFoundError:  # the cache was cleared meanwhile
                _write_whole(path, buffer.getbuffer())
        except OSError as error:
            warnings.warn(
                # The same text for every clip, so that the warning is shown once.
                f"The clip cache {self.folder} cannot be written ({error.strerror or error}); "
                "results are computed again each time. Set SKLEARN_MER_CACHE to another folder, "
                "or pass cache=False.",
                stacklevel=2,
            )

    def info(self):
        """Return the number of entries and their size.

        Returns
        -------
        pandas.DataFrame
            One row per step: ``n_entries`` and ``bytes``. The bytes include unfinished files of
            killed processes; `clear` removes these too.
        """
        rows = {step.name: _count(step) for step in self._steps()}
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=["n_entries", "bytes"], dtype=np.int64
        )

    @property
    def nbytes(self):
        """Size of all entries in bytes."""
        return int(self.info()["bytes"].sum())

    def clear(self, step=None):
        """Remove the entries of `step`, or all.

        Parameters
        ----------
        step : str or None, default=None
            One of the names in `info`; None for all. A step without entries is no error.
        """
        for folder in self._steps():
            if step in (None, folder.name):
                shutil.rmtree(folder, onerror=_ignore_concurrent_changes)

    def _steps(self):
        return sorted(path for path in self.folder.glob("*") if path.is_dir())


def _as_folder(location):
    text = os.fspath(location)
    try:
        is_name = text != "" and b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise ValueError(
            f"{text!a} is no name of a folder for the cache; give one, or True for the default."
        )
    return Path(text)


def _count(step):
    n_entries = n_bytes = 0
    for path in step.rglob("*"):
        try:
            status = path.stat()
        except FileNotFoundError:  # other processes write and clear meanwhile
            continue
        if stat.S_ISREG(status.st_mode):
            n_entries += path.suffix != _UNFINISHED
            n_bytes += status.st_size
    return n_entries, n_bytes


def _ignore_concurrent_changes(function, path, error):
    # Other processes may have removed an entry already, or written a new one.
    if error[1].errno not in (errno.ENOENT, errno.ENOTEMPTY):
        raise error[1]


def _checksum(step, key, content):
    # With the name of the entry: a copy of another one has another shape or other values.
    crc = zlib.crc32(content, zlib.crc32(f"{step}/{key}".encode()))
    return crc.to_bytes(_N_CHECK, "little")


def _write_whole(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, suffix=_UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
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
        True for the default folder, False for no cache, a folder, or a cache.

    Returns
    -------
    ClipCache or None
        None for no cache.
    """
    if isinstance(cache, ClipCache):
        return cache
    if cache is None or isinstance(cache, bool | np.bool_):
        return ClipCache() if cache else None
    return ClipCache(cache)
