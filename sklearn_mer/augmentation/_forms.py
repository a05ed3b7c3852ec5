"""From X to what can be altered, and from altered copies back to the form of X."""

import numpy as np
import pandas as pd
from sklearn.utils import check_array

from ..audio import AUDIO_COLUMN


def plain_columns(X):
    """Return a table whose columns can take altered values; anything else as it is.

    The result of a sampler gets the column types of its input: integers would cut off the
    altered samples, and categories would refuse new paths.
    """
    if not isinstance(X, pd.DataFrame):
        return X
    if AUDIO_COLUMN not in X.columns:
        integers = [name for name in X.columns if pd.api.types.is_integer_dtype(X[name].dtype)]
        return X.astype(dict.fromkeys(integers, np.float32)) if integers else X
    if isinstance(X[AUDIO_COLUMN].dtype, pd.CategoricalDtype):
        return X.astype({AUDIO_COLUMN: object})
    return X


def without_sparse_columns(X):
    """Return a table with its sparse columns made dense; anything else as it is."""
    if not isinstance(X, pd.DataFrame):
        return X
    sparse = {
        name: dtype.subtype for name, dtype in X.dtypes.items() if isinstance(dtype, pd.SparseDtype)
    }
    return X.astype(sparse) if sparse else X


def joined(X, clips, altered, rows):
    """Return the originals and the altered copies as an array, or a table with `audio`.

    Parameters
    ----------
    X : clips
    clips : Clips
        X, checked.
    altered : ndarray
        Paths of shape (n_altered,), or waveforms of shape (n_altered, n_samples).
    rows : ndarray of int
        The row of X from which each row of the result comes.

    Returns
    -------
    ndarray or DataFrame
    """
    if clips.are_files:
        audio = np.concatenate([clips.audio, altered])
        if not isinstance(X, pd.DataFrame):
            return audio
        return X.iloc[rows].reset_index(drop=True).assign(**{AUDIO_COLUMN: audio})
    # The originals come out as they came in, not rounded to float32.
    originals = check_array(X, dtype="numeric")
    if originals.dtype.kind != "f":
        originals = clips.audio
    return np.concatenate([originals, altered], dtype=originals.dtype)
