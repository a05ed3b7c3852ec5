"""Predictions of many clips, some of which cannot be used."""

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from ..audio import AUDIO_COLUMN, AudioError, holds_audio


def predict_table(classifier, X):
    """Predict audio files, and report those that cannot be used instead of failing.

    Parameters
    ----------
    classifier : classifier
        Fitted; of this library, or a pipeline that starts with one of its transformers.
    X : list, 1-D array or DataFrame
        Paths of audio files, or a table with a column ``audio`` of paths.

    Returns
    -------
    DataFrame
        One row per file, in the order of X, with the index of a table. Columns: ``audio``, the
        path; ``predicted``, the label; one column per class with its probability (if the
        classifier has ``predict_proba``); ``error``, the reason why the file cannot be used, else
        the empty string. Label and probabilities of such a file are missing values.

    Raises
    ------
    TypeError
        If X has no paths: waveforms have no files that could fail.

    Notes
    -----
    All files are read, to find those that cannot be used, and the others are then predicted.
    With a cache, what the first pass computed is read from disk.

    Examples
    --------
    >>> import os, tempfile
    >>> import soundfile
    >>> from sklearn_mer import SVMBaseline, predict_table
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(16, random_state=0, return_X_y=True)
    >>> classifier = SVMBaseline().fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     song = os.path.join(folder, "song.wav")
    ...     soundfile.write(song, X[0], 16000)
    ...     table = predict_table(classifier, [song, "lost.wav"])
    >>> table.columns.tolist()
    ['audio', 'predicted', 'Q1', 'Q2', 'Q3', 'Q4', 'error']
    >>> table["error"].tolist()
    ['', 'no such file']
    """
    check_is_fitted(classifier)
    if not holds_audio(X):
        raise TypeError(
            f"predict_table takes paths of audio files, got {type(X).__name__}: give a list of "
            f"paths, or a DataFrame with a column {AUDIO_COLUMN!r}. (predict takes waveforms.)"
        )
    clips = X if isinstance(X, pd.DataFrame) else pd.Series(X, dtype=object)
    audio = clips[AUDIO_COLUMN] if isinstance(X, pd.DataFrame) else clips
    paths = np.array([str(path) for path in audio], dtype=object)
    labels, probabilities, errors = _predict_usable(classifier, clips, paths)
    table = pd.DataFrame({AUDIO_COLUMN: paths, "predicted": labels}, index=clips.index)
    for name, column in zip(classifier.classes_, probabilities.T, strict=False):
        table[name] = column
    return table.assign(error=errors)


def _predict_usable(classifier, clips, paths):
    """Return labels, probabilities and reasons of all clips, None and NaN where there is none."""
    labels = np.full(len(paths), None, dtype=object)
    has_probabilities = hasattr(classifier, "predict_proba")
    probabilities = np.full((len(paths), len(classifier.classes_) * has_probabilities), np.nan)
    errors = np.full(len(paths), "", dtype=object)
    while (usable := np.flatnonzero(errors == "")).size:
        chosen = clips.iloc[usable]
        try:
            if has_probabilities:
                probabilities[usable] = classifier.predict_proba(chosen)
            labels[usable] = classifier.predict(chosen)
            break
        except AudioError as error:  # names all files that one step cannot use
            reasons = dict(error.bad_files)
            errors[usable] = [reasons.get(path, "") for path in paths[usable]]
    return labels, probabilities, errors
