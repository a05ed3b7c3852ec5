"""The three forms of clips, and their check.

1. a list, 1-D array or Series of paths of audio files;
2. a 2-D array of numbers, one waveform per row, at the estimator's sample rate;
3. a table with a column `audio` of paths and, optionally, numeric feature columns.
"""

import hashlib
import os
import stat
from contextlib import contextmanager

import numpy as np
import pandas as pd
from sklearn.utils.validation import validate_data

from ._cache import digest_of
from ._waveforms import as_waveforms, doubt_of_waveforms, is_numbered, warn_of

AUDIO_COLUMN = "audio"

_FORMS = (
    "Clips are one of: a list or 1-D array of paths of audio files; a 2-D array of numbers, one "
    f"waveform per row; a pandas DataFrame with a column {AUDIO_COLUMN!r} of paths and numeric "
    "feature columns."
)

_digests = {}
_never_cached = set()


class Clips:
    """Clips that were checked, whatever their form was.

    Parameters
    ----------
    audio : ndarray
        Paths of shape (n_clips,), dtype object, or waveforms of shape (n_clips, n_samples).
    features : DataFrame of shape (n_clips, n_features) or None, default=None
        The numeric columns of the table, if there were any.

    Attributes
    ----------
    short : dict of tuple to float
        Seconds heard of the clips that are shorter than a loader's `duration`, by position, offset
        and duration; the loader adds them.
    too_short : dict of int to float
        Those of which so little is heard that a warning is to name them.
    short_named : bool
        Whether it has.
    silent : set of int
        Positions of silent clips; the loader adds them.
    silent_named : bool
        Whether a warning has named them.
    """

    def __init__(self, audio, features=None):
        self.audio = audio
        self.features = features
        self.short = {}
        self.too_short = {}
        self.short_named = False
        self.silent = set()
        self.silent_named = False

    def __len__(self):
        return len(self.audio)

    @property
    def are_files(self):
        """Whether the clips are paths (True) or waveforms (False)."""
        return self.audio.ndim == 1

    def take(self, indices):
        """Return some of the clips.

        Parameters
        ----------
        indices : slice or array-like of int
            Positions of the clips.

        Returns
        -------
        Clips
            The clips at these positions.
        """
        features = None if self.features is None else self.features.iloc[indices]
        return Clips(self.audio[indices], features)

    def name(self, index):
        """Return the name of one clip in messages.

        Parameters
        ----------
        index : int
            Position of the clip.

        Returns
        -------
        str
            The path of a file, the position of a waveform.
        """
        return self.audio[index] if self.are_files else f"clip {index}"

    def content_digest(self, index):
        """Return a digest of the content of one clip.

        Parameters
        ----------
        index : int
            Position of the clip.

        Returns
        -------
        str
            Digest of the file's bytes, or of the samples.

        Raises
        ------
        OSError
            If the file cannot be read.
        """
        clip = self.audio[index]
        return file_digest(clip) if self.are_files else digest_of(memoryview(clip).cast("B"))


@contextmanager
def never_cached(folder):
    """Let files of a folder have no digest meanwhile, so that nothing of them is cached.

    Parameters
    ----------
    folder : str or path-like
        As the paths of its files name it.
    """
    folder = str(folder)
    _never_cached.add(folder)
    try:
        yield
    finally:
        _never_cached.discard(folder)


def file_digest(path):
    """Return the digest of a file's bytes; they are read once per process, unless they change.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    str
        32 hexadecimal digits.

    Raises
    ------
    OSError
        If it is not a file, cannot be read, or is a temporary one (see `never_cached`).
    """
    if os.path.dirname(path) in _never_cached:
        raise OSError(f"{path} is temporary")
    try:
        status = os.stat(path)
    except ValueError as error:  # has a zero byte, or half of a character
        raise FileNotFoundError(f"no such file: {path!a} is no name of one") from error
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{path} is not a file")  # reading a pipe might never end
    # The time of change too: copying tools set the time of modification back.
    times = (status.st_mtime_ns, status.st_ctime_ns)
    identity = (status.st_dev, status.st_ino, status.st_size, *times)
    if identity not in _digests:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
        _digests[identity] = digest.hexdigest()
    return _digests[identity]


def check_clips(estimator, X, *, reset=True):
    """Check X for an estimator of clips, and return it as `Clips`.

    With `reset=True`, sets ``n_features_in_`` and ``feature_names_in_`` for the forms that have
    columns; with `reset=False`, compares the width of waveforms. Any form may follow any other.
    Of a table, only the column of paths must be present again: estimators that use the other
    columns compare them.

    A table without paths is refused, unless its columns are numbered as samples are: its columns
    are features. An array that looks like no waveforms gives a warning, one per fit: scikit-learn's
    checks pass such arrays.

    X that is `Clips` already (a classifier passes them on to its front end) is not checked
    again; only the width of waveforms is set or compared.

    Parameters
    ----------
    estimator : estimator instance
        Gets the attributes.
    X : clips or Clips
        One of the three forms, or what this function returned.
    reset : bool, default=True
        True in ``fit``, False later.

    Returns
    -------
    Clips
        The checked clips.

    Raises
    ------
    ValueError, TypeError
        If X has none of the forms.
    """
    if isinstance(X, Clips):
        clips = X
    elif _is_audio_table(X):
        clips = _from_table(X)
    elif _is_paths(X):
        clips = Clips(as_paths(X))
    else:
        clips = Clips(_as_waveforms(estimator, X, reset))
    if not clips.are_files:
        _check_width(estimator, clips.audio if X is clips else X, reset)
    elif reset:
        _remember_columns(estimator, X)
    return clips


def _check_width(estimator, waveforms, reset):
    # An estimator fitted on paths has no width to compare with, and learns none in `transform`.
    if reset or getattr(estimator, "_clips_have_columns", True):
        _compare_width(estimator, waveforms, reset)
    if reset:
        estimator._clips_have_columns = True


def _compare_width(estimator, waveforms, reset):
    try:
        validate_data(estimator, waveforms, reset=reset, skip_check_array=True)
    except ValueError as error:
        raise ValueError(
            f"{str(error).strip()}\nWaveforms given as arrays have the length of those in fit: cut "
            "or pad them, or give files."
        ) from None


def _remember_columns(estimator, X):
    for name in ("feature_names_in_", "n_features_in_"):
        if hasattr(estimator, name):
            delattr(estimator, name)
    if _is_audio_table(X):
        estimator.n_features_in_ = X.shape[1]
        estimator.feature_names_in_ = np.asarray(X.columns, dtype=object)
    estimator._clips_have_columns = False


def holds_audio(X):
    """Return whether X has audio files.

    Parameters
    ----------
    X : object
        Clips in any form, or anything else.

    Returns
    -------
    bool
        True for paths and for a table with a column `audio`.
    """
    return _is_audio_table(X) or _is_paths(X)


def _is_audio_table(X):
    return isinstance(X, pd.DataFrame) and AUDIO_COLUMN in X.columns


def _is_paths(X):
    if isinstance(X, str | os.PathLike):
        raise ValueError(f"X is one path ({os.fspath(X)!r}); put it into a list. {_FORMS}")
    if isinstance(X, np.ndarray) and X.dtype.kind not in "OUT":
        return False
    is_row = isinstance(X, list | tuple) or getattr(X, "ndim", None) == 1
    return is_row and any(isinstance(value, str | os.PathLike) for value in X)


def _as_waveforms(estimator, X, reset):
    # The names of the columns that fit saw are compared by scikit-learn.
    compared = not reset and hasattr(estimator, "feature_names_in_")
    compared = compared and getattr(estimator, "_clips_have_columns", True)
    if isinstance(X, pd.DataFrame) and not (compared or is_numbered(X.columns)):
        raise ValueError(_table_without_audio(estimator, X))
    waveforms = as_waveforms(estimator, X, _FORMS)
    reason = doubt_of_waveforms(X, waveforms)
    if reason and (reset or not getattr(estimator, "_clips_doubted", False)):
        warn_of(reason, waveforms.shape)
    if reset:
        estimator._clips_doubted = reason is not None
    return waveforms


def _table_without_audio(estimator, table):
    texts = [name for name, dtype in table.dtypes.items() if not is_feature(dtype)]
    start = f"X has no column {AUDIO_COLUMN!r} of paths, and {type(estimator).__name__} hears audio"
    if texts:
        return (
            f"{start}; its columns {texts[:3]} are not numeric. If one holds the paths, rename it: "
            f"X.rename(columns={{{texts[0]!r}: {AUDIO_COLUMN!r}}}). {_FORMS}"
        )
    names = ", ".join(map(str, table.columns[:3]))
    return (
        f"{start}. Its {table.shape[1]} columns ({names}, ...) are "
        f"features: add the paths with X.assign({AUDIO_COLUMN}=paths), or fit "
        "SVMBaseline(features='columns') on features alone. If the rows are waveforms, pass "
        "X.to_numpy()."
    )


def as_paths(values):
    """Return paths as an array.

    Parameters
    ----------
    values : sequence of path-like
        The paths.

    Returns
    -------
    ndarray of shape (n_clips,), dtype object
        The paths as texts.

    Raises
    ------
    ValueError
        If one of them is no path.
    """
    paths = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        if not isinstance(value, str | os.PathLike):
            raise ValueError(
                f"Clip {i} is {value!r:.80} ({type(value).__name__}), where a path was expected. "
                + _FORMS
            )
        paths[i] = str(os.fspath(value))
    return paths


def _from_table(table):
    check_unique(table.columns)
    columns = table.drop(columns=AUDIO_COLUMN)
    wrong = [name for name, dtype in columns.dtypes.items() if not is_feature(dtype)]
    if wrong:
        raise ValueError(
            f"The columns {wrong} of X are not numeric. Besides {AUDIO_COLUMN!r}, a table of clips "
            "has numeric feature columns only: drop or encode the others."
        )
    if not len(table):
        raise ValueError("Found array with 0 sample(s): the table of clips has no rows.")
    features = columns if columns.shape[1] else None
    return Clips(as_paths(table[AUDIO_COLUMN]), features)


def is_feature(dtype):
    """Return whether columns of a dtype can be features.

    Parameters
    ----------
    dtype : dtype
        Of numpy or pandas.

    Returns
    -------
    bool
        True for real numbers and booleans.
    """
    types = pd.api.types
    return types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype)


def check_unique(columns):
    """Raise an error if columns of a table have the same name.

    Parameters
    ----------
    columns : pandas.Index
        Names of the columns.

    Raises
    ------
    ValueError
        If a name occurs twice.
    """
    twice = columns[columns.duplicated()].unique().tolist()
    if twice:
        raise ValueError(
            f"X has several columns with the names {twice[:5]}; drop or rename all but one of each "
            "(X.loc[:, ~X.columns.duplicated()] keeps the first)."
        )
