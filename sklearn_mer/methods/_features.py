"""Descriptors of clips: columns of X, or the output of a transformer of the audio."""

import warnings

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import validate_data

from .._compat import HasMethods, StrOptions
from ..audio import Clips, as_input_of, check_clips, holds_audio
from ..features import EmotionFeatures, SummaryFeatures
from ..spectrogram import MelSpectrogram

FEATURE_CONSTRAINT = [StrOptions({"auto", "columns"}), HasMethods(["fit", "transform"])]

# An array with fewer columns is more likely a feature table than waveforms.
_FEW_SAMPLES = 1600
# The rate of waveforms given as arrays; files are resampled to it.
_SAMPLE_RATE = 16000
# Transformers of clips whose output does not depend on the sign of the waveform.
_OWN = MelSpectrogram, SummaryFeatures, EmotionFeatures


def is_sign_invariant(transformer):
    """Return whether the output of a transformer of clips ignores the sign of the waveform.

    Methods on such transformers cannot separate the blobs of scikit-learn's checks (their tag
    ``poor_score``).
    """
    return transformer is None or isinstance(transformer, _OWN)


class FeatureSource:
    """Reads the descriptors of clips for one fitted estimator.

    Parameters
    ----------
    features : {"auto", "columns"} or transformer
        "columns": the numeric columns of X. A transformer: what it makes of the clips' audio;
        cloned here. "auto": the columns where X is a table that has some, else
        `EmotionFeatures` at 16 kHz.
    n_jobs : int or None, default=None
        Threads of the fall-back.

    Attributes
    ----------
    names_ : list of str or None
        The columns read, None where a transformer is used.
    transformer_ : transformer or None
        Fitted.
    """

    def __init__(self, features, *, n_jobs=None):
        self.features = features
        self.n_jobs = n_jobs

    def fit_transform(self, clips):
        """Return the descriptors of the training clips, (n_clips, n_features) float64."""
        self.names_ = self.transformer_ = None
        if isinstance(self.features, str):
            if clips.features is not None:
                self.names_ = list(clips.features.columns)
                return self.transform(clips)
            if self.features == "columns":
                raise ValueError(
                    "features='columns' needs X to be a table with numeric feature columns; X has "
                    "none. Load it with features, or give a transformer, or 'auto'."
                )
            self.transformer_ = self._fall_back(clips)
        else:
            self.transformer_ = clone(self.features)
        self.transformer_.fit(as_input_of(self.transformer_, clips))
        return self.transform(clips)

    def _fall_back(self, clips):
        duration = 30.0
        if not clips.are_files:
            n_samples = clips.audio.shape[1]
            _warn_of_few_samples(n_samples)
            # Not None, so that files to predict are cut to the same length.
            duration = n_samples / _SAMPLE_RATE
        return EmotionFeatures(sample_rate=_SAMPLE_RATE, duration=duration, n_jobs=self.n_jobs)

    def transform(self, clips):
        """Return the descriptors of clips, (n_clips, n_features) float64."""
        if self.transformer_ is not None:
            X = as_input_of(self.transformer_, clips)
            return _checked(np.asarray(self.transformer_.transform(X), dtype=np.float64))
        columns = clips.features if clips.features is not None else pd.DataFrame()
        missing = [name for name in self.names_ if name not in columns]
        if missing:
            raise ValueError(
                f"X lacks {len(missing)} of the {len(self.names_)} feature columns seen in fit, "
                f"such as {missing[:3]}."
            )
        # One memory layout, as sums over columns round differently in others.
        return _checked(np.ascontiguousarray(columns[self.names_], dtype=np.float64))


def check_described_clips(estimator, X, *, reset):
    """Check X for an estimator of descriptors that needs no audio.

    As `check_clips`; with ``features="columns"``, X may also be a plain table or 2-D array of
    descriptors.
    """
    if estimator.features == "columns" and not holds_audio(X):
        columns = validate_data(estimator, X, reset=reset, dtype=np.float64)
        return Clips(columns, pd.DataFrame(columns))
    return check_clips(estimator, X, reset=reset)


def _warn_of_few_samples(n_samples):
    if n_samples < _FEW_SAMPLES:
        warnings.warn(
            f"X is an array of {n_samples} columns and is read as waveforms of {n_samples} "
            "samples. If the columns are descriptors, say features='columns' (SVMBaseline), or "
            "give a table with a column of audio paths.",
            UserWarning,
            stacklevel=5,
        )


def _checked(values):
    if not np.isfinite(values).all():
        rows = np.flatnonzero(~np.isfinite(values).all(axis=1))
        raise ValueError(
            f"Input contains NaN or infinity: the descriptors of {len(rows)} clips, the first in "
            f"row {rows[0]}. Impute or leave out those columns or clips."
        )
    return values
