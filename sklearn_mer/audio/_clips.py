"""What X may be: the one place that knows the three forms of clips.

1. a list, 1-D array or Series of paths of audio files;
2. a 2-D array of numbers, one waveform a row, at the estimator's sample rate;
3. a table with a column `audio` of paths and, if wanted, numeric feature columns.
"""

import os

import numpy as np
import pandas as pd
from sklearn.utils.validation import validate_data

from ._cache import digest_of

AUDIO_COLUMN = "audio"

_FORMS = (
    "Clips are one of: a list or 1-D array of paths of audio files; a 2-D array of numbers, one "
    f"waveform a row; a pandas DataFrame with a column {AUDIO_COLUMN!r} of paths and numeric "
    "feature columns."
)

_digests = {}


class Clips:
    """Checked clips, whatever form they came in.

    Parameters
    ----------
    audio : ndarray
        Paths of shape (n_clips,), dtype object, or waveforms of shape (n_clips, n_samples).
    features : DataFrame of shape (n_clips, n_features) or None, default=None
        The numeric columns that came along.
    """

    def __init__(self, audio, features=None):
        self.audio = audio
        self.features = features

    def __len__(self):
        return len(self.audio)

    @property
    def are_files(self):
        """Whether the clips are paths (True) or waveforms (False)."""
        return self.audio.ndim == 1

    def take(self, indices):
        """Return the clips at `indices`."""
        features = None if self.features is None else self.features.iloc[indices]
        return Clips(self.audio[indices], features)

    def content_digest(self, index):
        """Return a digest of the content of one clip: of the file's bytes or of the samples."""
        clip = self.audio[index]
        return _file_digest(clip) if self.are_files else digest_of(memoryview(clip).cast("B"))


def _file_digest(path):
    # The bytes are read once a process, unless the file changes under our hands.
    status = os.stat(path)
    identity = (path, status.st_size, status.st_mtime_ns)
    if identity not in _digests:
        with open(path, "rb") as file:
            _digests[identity] = digest_of(file.read())
    return _digests[identity]


def check_clips(estimator, X, *, reset=True):
    """Check X for an estimator that hears audio, and return it as `Clips`.

    Sets (`reset=True`) or compares ``n_features_in_`` and ``feature_names_in_`` for the forms
    that have columns; paths may follow waveforms and the other way round.

    Parameters
    ----------
    estimator : estimator instance
    X : clips
        One of the three forms.
    reset : bool, default=True
        True in ``fit``, False later.

    Returns
    -------
    Clips

    Raises
    ------
    ValueError, TypeError
        When X is none of the forms.
    """
    if _is_audio_table(X):
        clips = _from_table(X)
        if reset:
            _remember_columns(estimator, X)
        return clips
    if _is_paths(X):
        if reset:
            _forget_columns(estimator)
        return Clips(_as_paths(X))
    known_width = getattr(estimator, "_clips_have_columns", True)
    waveforms = validate_data(
        estimator, X, reset=reset or not known_width, dtype=np.float32, order="C"
    )
    if reset:
        estimator._clips_have_columns = True
    return Clips(waveforms)


def _remember_columns(estimator, table):
    estimator.n_features_in_ = table.shape[1]
    estimator.feature_names_in_ = np.asarray(table.columns, dtype=object)
    estimator._clips_have_columns = False


def _forget_columns(estimator):
    for name in ("feature_names_in_", "n_features_in_"):
        if hasattr(estimator, name):
            delattr(estimator, name)
    estimator._clips_have_columns = False


def _is_audio_table(X):
    return isinstance(X, pd.DataFrame) and AUDIO_COLUMN in X.columns


def _is_paths(X):
    if isinstance(X, str | os.PathLike):
        raise ValueError(f"X is one path ({os.fspath(X)!r}); put it into a list. {_FORMS}")
    if isinstance(X, pd.DataFrame) or not hasattr(X, "__len__") or not len(X):
        return False
    if getattr(X, "ndim", 1) != 1:
        return False
    first = X.iloc[0] if isinstance(X, pd.Series) else X[0]
    return isinstance(first, str | os.PathLike)


def _as_paths(values):
    paths = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        if not isinstance(value, str | os.PathLike):
            raise ValueError(
                f"Clip {i} is {value!r} ({type(value).__name__}), where a path was expected. "
                + _FORMS
            )
        paths[i] = os.fspath(value)
    return paths


def _from_table(table):
    columns = table.drop(columns=AUDIO_COLUMN)
    wrong = [name for name in columns if not pd.api.types.is_numeric_dtype(columns[name])]
    if wrong:
        raise ValueError(
            f"The columns {wrong} of X are not numeric. Beside {AUDIO_COLUMN!r}, a table of clips "
            "has numeric feature columns only: drop or encode the others."
        )
    if not len(table):
        raise ValueError("Found array with 0 sample(s): the table of clips has no rows.")
    features = columns if columns.shape[1] else None
    return Clips(_as_paths(table[AUDIO_COLUMN]), features)
