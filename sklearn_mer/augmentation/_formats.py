"""Formats of X: tables, paths and waveforms."""

import numpy as np
import pandas as pd
from sklearn.utils import check_array

from ..audio import AUDIO_COLUMN


def plain_columns(X):
    """Return tables with columns that can hold altered values; anything else unchanged.

    imbalanced-learn gives the result the column types of the input: integers would truncate
    altered samples, and categories would reject new paths.
    """
    if not isinstance(X, pd.DataFrame) or not X.columns.is_unique:  # that is refused later
        return X
    if AUDIO_COLUMN not in X.columns:
        integers = [name for name in X.columns if pd.api.types.is_integer_dtype(X[name].dtype)]
        return X.astype(dict.fromkeys(integers, np.float32)) if integers else X
    if isinstance(X[AUDIO_COLUMN].dtype, pd.CategoricalDtype):
        return X.astype({AUDIO_COLUMN: object})
    return X


def without_sparse_columns(X):
    """Return tables with their sparse columns made dense; anything else unchanged."""
    if not isinstance(X, pd.DataFrame) or not X.columns.is_unique:
        return X
    sparse = {
        name: dtype.subtype for name, dtype in X.dtypes.items() if isinstance(dtype, pd.SparseDtype)
    }
    return X.astype(sparse) if sparse else X


def joined(X, clips, altered, rows):
    """Return the clips and the altered copies in the format of X.

    Parameters
    ----------
    X : clips
        The clips as given by the user.
    clips : Clips
        X, checked.
    altered : ndarray
        Paths of shape (n_altered,), or waveforms of shape (n_altered, n_samples).
    rows : ndarray of int
        Row of X from which each row of the result was made.

    Returns
    -------
    ndarray or DataFrame
        The clips, followed by the copies.
    """
    if clips.are_files:
        audio = np.concatenate([clips.audio, altered])
        if not isinstance(X, pd.DataFrame):
            return audio
        return X.iloc[rows].reset_index(drop=True).assign(**{AUDIO_COLUMN: audio})
    # The originals are not rounded to float32.
    originals = check_array(X, dtype="numeric")
    if originals.dtype.kind != "f":
        originals = clips.audio
    return np.concatenate([originals, altered], dtype=originals.dtype)
