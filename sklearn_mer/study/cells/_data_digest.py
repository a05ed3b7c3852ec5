"""The digest of a data set: what a method sees of it."""

from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from ._digest import array_digest, digest, file_part


def data_digest(X, y):
    """Return the digest of what a method sees: the clips' content, features and labels.

    Audio counts by its bytes, not by its path, so a data set may move. Files are read once
    a process, and again only when their size or time changed.

    Parameters
    ----------
    X : table, array of waveforms, or list of paths
        Clips in any of the library's forms.
    y : array-like of shape (n_clips,)
        Labels.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If audio files are missing; the message names the first few and counts them.
    """
    return digest("data", _clips_digest(X), array_digest(np.asarray(y)))


def _clips_digest(X):
    if hasattr(X, "columns"):
        parts = [(str(name), _column_digest(name, X[name])) for name in X.columns]
        return digest("table", *(part for pair in parts for part in pair))
    X = np.asarray(X)
    return _files_digest(X) if X.dtype.kind in "OUT" else array_digest(X)


def _column_digest(name, column):
    values = column.to_numpy()
    if name == "audio":
        return _files_digest(values)
    return array_digest(values if values.dtype.kind in "bif" else values.astype(object))


def _files_digest(paths):
    paths = [Path(str(path)) for path in np.ravel(paths)]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        named = ", ".join(str(path) for path in missing[:3])
        raise FileNotFoundError(
            f"{len(missing)} of {len(paths)} audio files are missing: {named}"
            f"{', ...' if len(missing) > 3 else ''}. Restore them, or load the data set again."
        )
    # Threads: reading and hashing both release the interpreter lock.
    return digest(
        "audio", *Parallel(n_jobs=4, prefer="threads")(delayed(file_part)(p) for p in paths)
    )
