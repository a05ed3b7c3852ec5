"""One answer per song."""

import os
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from tqdm.auto import tqdm

from .._blas import one_blas_thread
from .._docs import share_docs
from ..audio import AUDIO_COLUMN, AudioError, holds_audio, name_short_clips
from ._familiarity import UNFAMILIAR, tells_familiarity, unfamiliar_note
from ._hearing import check_window, short_note
from ._over_time import add_probabilities, check_song_classifier, curve_of, hear


@share_docs
def predict_songs(classifier, X, *, window=None, hop=None, n_jobs=None, verbose=0):
    """Predict songs of any length, and report those that cannot be used instead of failing.

    Parameters
    ----------
    classifier : classifier
        {song_classifier}
    X : list, 1-D array or DataFrame
        Paths of audio files, or a table with a column ``audio`` of paths.
    window : float or None, default=None
        {window}
    hop : float or None, default=None
        {hop}
    n_jobs : int or None, default=None
        Number of processes. None means 1 unless in a :obj:`joblib.parallel_backend` context; -1
        means all processors.
    verbose : int, default=0
        {verbose}

    Returns
    -------
    DataFrame
        One row per song, in the order of X, with the index of a table. Columns: ``audio``, the
        path; ``predicted``, the most probable class; one column per class with its probability, the
        mean over the windows of the song that are not silent; ``valence`` and ``arousal`` if the
        classes are Q1, Q2, Q3 and Q4: the expected side of Russell's plane, not a rating (see
        `valence_arousal`); ``seconds``, how much was heard; ``error``, the reason why the file
        cannot be used, else the empty string. The rest of such a row is missing values.
        {familiarity_column}
        That of a song is the mean over its windows.

    Raises
    ------
    TypeError
        If X has no paths, or the classifier has no ``predict_proba`` or hears no audio.
    ValueError
        If a window is longer than what the classifier hears of it, or too short.

    Warns
    -----
    UserWarning
        If more than half of the songs are unlike the training music; if some are shorter than 5 s.

    See Also
    --------
    predict_over_time : The windows of one song.

    Notes
    -----
    {windows}

    A clip of one window has the probabilities of ``predict_proba``, which hears the first window
    of a file only. Memory depends on the windows and on `n_jobs`, not on the lengths of the songs.

    Examples
    --------
    >>> import os, tempfile
    >>> import soundfile
    >>> from sklearn_mer import SVMBaseline, predict_songs
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(16, random_state=0, return_X_y=True)
    >>> classifier = SVMBaseline().fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     song = os.path.join(folder, "song.wav")
    ...     soundfile.write(song, X[0], 16000)
    ...     table = predict_songs(classifier, [song, "lost.wav"])
    >>> table.columns.tolist()
    ['audio', 'predicted', 'Q1', 'Q2', 'Q3', 'Q4', 'valence', 'arousal', 'seconds', 'error']
    >>> table["seconds"].tolist(), table["error"].tolist()
    ([3.0, nan], ['', 'no such file'])
    """
    check_song_classifier(classifier)
    if not holds_audio(X):
        raise TypeError(
            f"predict_songs takes paths of audio files, got {type(X).__name__}: give a list of "
            f"paths, or a DataFrame with a column {AUDIO_COLUMN!r}. (predict takes waveforms.)"
        )
    audio = X[AUDIO_COLUMN] if isinstance(X, pd.DataFrame) else pd.Series(X, dtype=object)
    paths = [os.fspath(path) for path in audio]
    found = iter_songs(classifier, paths, window=window, hop=hop, n_jobs=n_jobs)
    found = list(tqdm(found, total=len(paths), desc="songs", unit="song", disable=not verbose))
    table = pd.Series(paths, audio.index, dtype=object).to_frame(AUDIO_COLUMN)
    table["predicted"] = pd.Series([song.predicted for song in found], audio.index, dtype=object)
    rows = np.array([song.probabilities for song in found])
    add_probabilities(table, rows, classifier.classes_)
    if tells_familiarity(classifier):
        table["familiarity"] = [song.familiarity for song in found]
        unfamiliar = (table["familiarity"] < UNFAMILIAR).sum()
        if note := unfamiliar_note(unfamiliar, table["familiarity"].count()):
            warnings.warn(note, UserWarning, stacklevel=2)
    table["seconds"] = [song.seconds for song in found]
    shortest = check_window(classifier, window, hop).shortest
    n_short, n_heard = (table["seconds"] < shortest).sum(), table["seconds"].count()
    if note := short_note(n_short, n_heard, shortest):
        warnings.warn(note, UserWarning, stacklevel=2)
    return table.assign(error=[song.error for song in found])


@dataclass(frozen=True, eq=False)
class Song:
    """What is told of a song, or why nothing is; see `predict_songs`.

    Parameters
    ----------
    path : str
        The file.
    predicted : object
        The most probable class; None if the file cannot be used.
    probabilities : ndarray of shape (n_classes,)
        Means over the windows.
    seconds : float
        How much was heard.
    error : str, default=""
        Why the file cannot be used.
    familiarity : float, default=nan
        Mean over the windows, where the classifier tells it.
    curve : DataFrame or None, default=None
        What `predict_over_time` returns, where it is asked for.
    """

    path: str
    predicted: object
    probabilities: np.ndarray
    seconds: float
    error: str = ""
    familiarity: float = np.nan
    curve: pd.DataFrame | None = None


@share_docs
def iter_songs(classifier, paths, *, window=None, hop=None, n_jobs=None, curves=False):
    """Yield a `Song` for each path, in order, as it is predicted.

    Parameters
    ----------
    classifier : classifier
        {song_classifier}
    paths : iterable of str
        The files; they are not taken before they are needed.
    window : float or None, default=None
        {window}
    hop : float or None, default=None
        {hop}
    n_jobs : int or None, default=None
        Number of processes, as of `predict_songs`.
    curves : bool, default=False
        Whether to keep the curve of each song.

    Returns
    -------
    iterator of Song
        The answers.
    """
    windows = check_window(classifier, window, hop)
    # One song a task: none waits for others, and after Ctrl-C few are lost.
    pool = Parallel(n_jobs=n_jobs, return_as="generator", batch_size=1)
    return pool(delayed(_answer)(classifier, path, windows, curves) for path in paths)


def _answer(classifier, path, windows, curves):
    classes = np.asarray(classifier.classes_)
    try:
        with name_short_clips("never"), one_blas_thread():
            heard = hear(classifier, path, windows)
    except Exception as error:  # one song, of a million, is not the end
        is_known = isinstance(error, AudioError)
        reason = error.bad_files[0][1] if is_known else f"{type(error).__name__}: {error}"
        return Song(path, None, np.full(len(classes), np.nan), np.nan, reason)
    probabilities = np.nanmean(heard.probabilities, axis=0)  # without those of silent windows
    told = {"curve": curve_of(heard, classes)} if curves else {}
    if heard.familiarity is not None:
        told["familiarity"] = np.nanmean(heard.familiarity)
    predicted = classes[probabilities.argmax()]
    return Song(path, predicted, probabilities, _seconds(heard.times), **told)


def _seconds(times):
    """Seconds that are in a window; windows may overlap."""
    start, end = times.T
    before = np.concatenate([[0.0], end[:-1]])
    return float((end - np.maximum(start, before)).sum())
