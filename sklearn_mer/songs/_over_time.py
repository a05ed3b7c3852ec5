"""The emotion of a song over time."""

import os
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from .._docs import share_docs
from .._quadrants import QUADRANTS, valence_arousal
from ..audio import AudioError, UnusableAudio, song_windows, start_is_read, window_files
from ._familiarity import tells_familiarity
from ._hearing import check_window


@share_docs
def predict_over_time(classifier, song, *, window=None, hop=None):
    """Predict a song of any length, window by window.

    The song is decoded once, from its start to its end; one window at a time is described and
    classified, so that memory does not depend on the length of the song.

    Parameters
    ----------
    classifier : classifier
        {song_classifier}
    song : str or path-like
        The audio file.
    window : float or None, default=None
        {window}
    hop : float or None, default=None
        {hop}

    Returns
    -------
    DataFrame
        One row per window. Columns: ``start`` and ``end``, seconds from the start of the song; one
        column per class with its probability; ``valence`` and ``arousal`` if the classes are Q1,
        Q2, Q3 and Q4: the expected side of Russell's plane, not a rating (see `valence_arousal`).
        {familiarity_column}
        What is told of silent windows is missing values: nothing can be recognised in them.

    Raises
    ------
    AudioError
        If the file cannot be used, or is silent.
    TypeError
        If the classifier has no ``predict_proba`` or hears no audio.
    ValueError
        If a window is longer than what the classifier hears of it, or too short.

    See Also
    --------
    predict_songs : One answer per song.
    sklearn_mer.plotting.EmotionCurveDisplay : Draw it.

    Notes
    -----
    {windows}

    Windows are not kept in the cache. A song of one window is heard as by
    ``predict_proba([song])``, which is cached.

    Examples
    --------
    >>> import os, tempfile
    >>> import soundfile
    >>> from sklearn_mer import SVMBaseline, SummaryFeatures
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> from sklearn_mer.songs import predict_over_time
    >>> X, y = make_quadrant_clips(16, random_state=0, return_X_y=True)
    >>> classifier = SVMBaseline(features=SummaryFeatures(duration=3.0)).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     song = os.path.join(folder, "song.wav")
    ...     soundfile.write(song, X[:3].ravel(), 16000)
    ...     curve = predict_over_time(classifier, song)
    >>> curve[["start", "end"]].to_numpy().tolist()
    [[0.0, 3.0], [1.5, 4.5], [3.0, 6.0], [4.5, 7.5], [6.0, 9.0]]
    >>> curve.columns.tolist()
    ['start', 'end', 'Q1', 'Q2', 'Q3', 'Q4', 'valence', 'arousal']
    """
    check_song_classifier(classifier)
    if not isinstance(song, str | os.PathLike):
        raise TypeError(
            f"song is {song!r:.80} ({type(song).__name__}); give the path of one audio file. For "
            "several songs, use predict_songs."
        )
    heard = hear(classifier, os.fspath(song), check_window(classifier, window, hop))
    return curve_of(heard, classifier.classes_)


def check_song_classifier(classifier):
    """Raise an error unless this is a fitted classifier with probabilities.

    Parameters
    ----------
    classifier : object
        What was given.

    Raises
    ------
    NotFittedError, TypeError
        What it lacks.
    """
    check_is_fitted(classifier)
    if not hasattr(classifier, "predict_proba"):
        raise TypeError(
            f"This {type(classifier).__name__} has no predict_proba, of which the answer of a song "
            "is the mean. Use a classifier that has it, such as SVMBaseline, or wrap it in "
            "sklearn.calibration.CalibratedClassifierCV."
        )


@dataclass(frozen=True, eq=False)
class Heard:
    """What is told of the windows of a song.

    Parameters
    ----------
    times : ndarray of shape (n_windows, 2)
        Start and end in seconds.
    probabilities : ndarray of shape (n_windows, n_classes)
        NaN for silent windows.
    familiarity : ndarray of shape (n_windows,) or None
        None where the classifier does not tell it.
    """

    times: np.ndarray
    probabilities: np.ndarray
    familiarity: np.ndarray | None


def hear(classifier, song, windows):
    """Return what is told of the windows of a song, as `Heard`, for arguments that are checked."""
    times, rows = [], []
    try:
        with window_files() as write:
            for part in song_windows(song, windows.window, windows.hop):
                times.append((part.start, part.end))
                # A song of one window is heard as usual: its own name is told, and it is cached.
                is_all = part.end < windows.window
                whole = part.is_only and (windows.is_usual or is_all)
                clip = song if whole else write(part, song)
                with start_is_read(song, part.samples, part.rate, is_all=is_all):
                    rows.append(_told(classifier, part, clip))
    except AudioError as error:
        reason = error.bad_files[0][1]
        if not whole:
            reason += f" (from {part.start:g} s to {part.end:g} s)"
        raise AudioError([(song, reason)], n_files=1) from error
    except UnusableAudio as error:
        raise AudioError([(song, str(error))], n_files=1) from error
    rows = np.array(rows)
    if np.isnan(rows).all():
        reason = "is silent, or its channels cancel each other in the mix to mono"
        raise AudioError([(song, reason)], n_files=1)
    n_classes = len(classifier.classes_)
    familiarity = rows[:, n_classes] if tells_familiarity(classifier) else None
    return Heard(np.array(times), rows[:, :n_classes], familiarity)


def curve_of(heard, classes):
    """Return `Heard` as the table of `predict_over_time`."""
    curve = pd.DataFrame(heard.times, columns=["start", "end"])
    add_probabilities(curve, heard.probabilities, classes)
    if heard.familiarity is not None:
        curve["familiarity"] = heard.familiarity
    return curve


def _told(classifier, part, clip):
    """Return the probabilities of a window and, where it is told, its familiarity."""
    if part.is_silent:
        return np.full(len(classifier.classes_) + tells_familiarity(classifier), np.nan)
    if tells_familiarity(classifier):
        return np.hstack([told[0] for told in classifier.predict_proba_and_familiarity([clip])])
    return classifier.predict_proba([clip])[0]


def add_probabilities(table, rows, classes):
    """Add columns of probabilities to a table, and what follows from those of quadrants."""
    for name, column in zip(np.asarray(classes).tolist(), rows.T, strict=True):
        table[name] = column
    if set(np.asarray(classes).tolist()) <= set(QUADRANTS):
        known = ~np.isnan(rows).any(axis=1)
        sides = np.full((2, len(rows)), np.nan)
        sides[:, known] = valence_arousal(rows[known], classes)
        table["valence"], table["arousal"] = sides
    return table
