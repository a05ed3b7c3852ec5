"""What every step that learns is given, and all that a fitted estimator carries, to the last bit.

A marker is planted in some clips and their labels are exchanged. Whatever is then given something
else than before, or comes out otherwise, has met these clips in one form or another.
"""

import functools
import io
import pickle

import joblib
import numpy as np
import torch
from imblearn.over_sampling import SMOTE
from sklearn.ensemble import RandomForestClassifier
from sklearn.kernel_ridge import KernelRidge
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from skorch.callbacks import EpochTimer

from sklearn_mer import DeepSMOTE, MelSpectrogram
from sklearn_mer.methods._scaler import ClippedScaler
from sklearn_mer.training._net import EmotionNet

# What learns in the rows' fits, or is given training clips to alter. Something new that learns is
# entered here; forgotten, its learning still shows in the fitted state.
SEAMS = [
    (StandardScaler, "fit"),
    (ClippedScaler, "fit"),
    (SVC, "fit"),
    (KernelRidge, "fit"),
    (RandomForestClassifier, "fit"),
    (EmotionNet, "partial_fit"),
    (DeepSMOTE, "fit_resample"),
    (SMOTE, "fit_resample"),
    (MelSpectrogram, "transform_copies"),
]


def spy(monkeypatch):
    """Return a list that fills with (name, digest of what was given), step by step."""
    log = []
    for owner, method in SEAMS:
        monkeypatch.setattr(owner, method, _noting(log, getattr(owner, method)))
    return log


def _noting(log, method):
    @functools.wraps(method)
    def wrapper(step, *given, **others):
        contents = [_content(value) for value in (*given, *others.values())]
        log.append((_name(step, given), joblib.hash(contents)))
        return method(step, *given, **others)

    return wrapper


def _name(step, given):
    if isinstance(step, EmotionNet):
        return step.module.__name__
    # A front end learns nothing: it makes the copies of a sampler.
    step = given[1] if isinstance(step, MelSpectrogram) else step
    return type(step).__name__


def _content(value):
    if isinstance(value, tuple):
        return [_content(part) for part in value]
    # Not the segments themselves: which ones are drawn is left to the training.
    value = getattr(value, "array", value)
    value = getattr(value, "audio", value)  # of checked clips
    return value if isinstance(value, np.ndarray) else None


def state(fitted):
    """Return the digests of all arrays, numbers and words that a fitted estimator carries."""
    walker = _Walker(io.BytesIO())
    walker.dump(fitted)
    return walker.found


class _Walker(pickle.Pickler):
    """Goes wherever pickle goes, and keeps the digests of what it finds."""

    def __init__(self, file):
        super().__init__(file)
        self.found = []

    def persistent_id(self, value):
        """Return None for what holds other values, so that pickle goes on into it."""
        if isinstance(value, EpochTimer) or (isinstance(value, dict) and "dur" in value):
            return "times differ"
        if isinstance(value, EmotionNet):
            # By itself, it would hand its tensors over packed into bytes, which differ.
            self.found += state(vars(value))
            return "walked through"
        if isinstance(value, torch.Tensor):
            value = value.detach().cpu().numpy()
        if isinstance(value, np.ndarray | np.generic | float | int | str | bytes):
            self.found.append(joblib.hash(value))
            return "noted"
        return None


class Detector:
    """Tells what a marker reaches.

    Parameters
    ----------
    log : list
        Of `spy`.
    X : ndarray of shape (n_clips, n_samples)
    y : ndarray of shape (n_clips,)
    marked : ndarray of int
        Clips to plant the marker in.
    """

    def __init__(self, log, X, y, marked):
        self.log, self.X, self.y = log, X, y
        self.marked_X, self.marked_y = X.copy(), y.copy()
        # A tone that no clip has, louder than any.
        self.marked_X[marked] = 100 * np.sin(np.arange(X.shape[1]))
        self.marked_y[marked] = np.roll(y[marked], 1)

    def reached_by(self, evaluate, *fold):
        """Return the names of all that the marker reaches, in turn; "state" for what is fitted.

        Parameters
        ----------
        evaluate : callable
            Takes X, y and the fold's training and test clips; returns what is fitted.
        *fold : ndarray of int
        """
        before, clean = self._run(evaluate, self.X, self.y, fold)
        after, marked = self._run(evaluate, self.marked_X, self.marked_y, fold)
        assert [name for name, _ in before] == [name for name, _ in after]
        pairs = zip(before, after, strict=True)
        reached = [name for (name, one), (_, other) in pairs if one != other]
        return [*reached, *(["state"] if clean != marked else [])]

    def _run(self, evaluate, X, y, fold):
        self.log.clear()
        carried = state(evaluate(X, y, *fold))
        assert self.log, "nothing was learned: there is nothing to tell"
        return self.log.copy(), carried
