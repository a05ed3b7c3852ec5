"""Descriptors of clips: columns of X, or the output of a transformer of the audio."""

import warnings

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_array, validate_data

from .._compat import HasMethods, StrOptions
from .._parts import clone_part
from .._saved import saved_as
from ..audio import (
    Clips,
    as_input_of,
    check_clips,
    check_unique,
    doubt_of_waveforms,
    heard_duration,
    holds_audio,
    is_feature,
    refuse_hearing,
)
from ..features import EmotionFeatures, SummaryFeatures
from ..spectrogram import MelSpectrogram

FEATURE_CONSTRAINT = [StrOptions({"auto", "columns"}), HasMethods(["fit", "transform"])]

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


@saved_as("FeatureSource")
class FeatureSource:
    """Reads the descriptors of clips for one fitted estimator.

    Parameters
    ----------
    features : {"auto", "columns"}, list or transformer
        "columns": the numeric columns of X. A list: these of them. A transformer: what it makes
        of the clips' audio; cloned here. "auto": the columns where X is a table that has some,
        else `EmotionFeatures` at 16 kHz.
    n_jobs : int or None, default=None
        Threads of the fall-back.
    offset, duration : float, float, "auto" or None
        What the fall-back hears, as parameters of the estimator.

    Attributes
    ----------
    names_ : list of str or None
        The columns read, None where a transformer is used.
    transformer_ : transformer or None
        Fitted.
    range_ : tuple of two ndarray of shape (n_features,)
        Least and greatest values of the training clips, or of those given to `adapt`, where a
        transformer is used.
    """

    def __init__(self, features, *, n_jobs=None, offset=0.0, duration="auto"):
        self.features = features
        self.n_jobs = n_jobs
        self.offset = offset
        self.duration = duration

    def fit_transform(self, clips):
        """Return the descriptors of the training clips, (n_clips, n_features) float64."""
        self.names_ = self.transformer_ = None
        if isinstance(self.features, list | tuple):
            self.names_ = list(self.features)
            return self.transform(clips)
        if isinstance(self.features, str):
            if clips.features is not None:
                self.names_ = list(clips.features.columns)
                return self.transform(clips)
            if self.features == "columns":
                given = "paths alone" if clips.are_files else "an array, read as waveforms"
                raise ValueError(
                    "features='columns' needs X to be a table with numeric feature columns, beside "
                    f"a column 'audio' where the audio is heard too; X is {given}. Load it with "
                    "features, or say features=EmotionFeatures(), which computes them from the "
                    "audio."
                )
            self.transformer_ = self._fall_back(clips)
        else:
            why = f"the transformer {self.features} has its own; set them there"
            refuse_hearing(why, self.offset, self.duration)
            self.transformer_ = clone_part(self.features, "features")
        self.transformer_.fit(as_input_of(self.transformer_, clips))
        return self.adapt(clips)

    def _fall_back(self, clips):
        heard = {"offset": self.offset, "sample_rate": _SAMPLE_RATE}
        duration = heard_duration(self.duration, clips, **heard)
        return EmotionFeatures(duration=duration, n_jobs=self.n_jobs, **heard)

    def adapt(self, clips):
        """Return the descriptors of clips, and take their range for that of the training clips."""
        if self.transformer_ is None:
            return self.transform(clips)
        described = self._describe(clips)
        self.range_ = described.min(axis=0), described.max(axis=0)
        return described

    def transform(self, clips):
        """Return the descriptors of clips, (n_clips, n_features) float64.

        Those of clips shorter than the `duration` of the transformer are limited to the range of
        the training clips: what is regular in 30 s, such as the slope of the level, is anything
        in 5 s, and one column far outside would outweigh all others.
        """
        if self.transformer_ is not None:
            described = self._describe(clips)
            short = sorted({index for index, *_ in clips.short})
            described[short] = np.clip(described[short], *self.range_)
            return described
        columns = clips.features if clips.features is not None else pd.DataFrame()
        missing = [name for name in self.names_ if name not in columns]
        if missing:
            raise ValueError(
                f"X lacks {len(missing)} of the {len(self.names_)} feature columns seen in fit, "
                f"such as {missing[:3]}. Give a table with these columns. To predict from the "
                "audio alone, fit on X[['audio']], or with features=EmotionFeatures(), which "
                "computes features from the audio."
            )
        # One memory layout, as sums over columns round differently in others.
        return _checked(np.ascontiguousarray(columns[self.names_].astype(np.float64)))

    def _describe(self, clips):
        X = as_input_of(self.transformer_, clips)
        return _checked(_as_rows(self.transformer_.transform(X), len(clips)))


def check_described_clips(estimator, X, *, reset):
    """Check X for an estimator of descriptors that needs no audio.

    As `check_clips`, but X may also hold descriptors alone: a table without a column of paths,
    unless a transformer is to hear the audio, or, with ``features="columns"``, an array.
    """
    if not _are_columns(estimator, X, reset):
        return check_clips(estimator, X, reset=reset)
    if isinstance(X, pd.DataFrame):
        _check_columns(X)
    if reset:
        estimator._clips_have_columns = True
    values = _as_columns(estimator, X, reset)
    # An array may follow a table of as many columns. Where fit saw a table with paths,
    # `FeatureSource` finds the columns by their names.
    of_fit = getattr(estimator, "feature_names_in_", None)
    names = of_fit if estimator._clips_have_columns else X.columns
    if reset and isinstance(X, pd.DataFrame) and names is None:
        _warn_of_waveforms(X, values)
    return Clips(values, pd.DataFrame(values, columns=names))


def _are_columns(estimator, X, reset):
    """Whether X holds descriptors alone."""
    if holds_audio(X) or not isinstance(estimator.features, str):
        return False
    is_table = isinstance(X, pd.DataFrame)
    if reset:
        return estimator.features == "columns" or (is_table and not _are_samples(X))
    if estimator.feature_source_.transformer_ is not None:
        return False
    return is_table or estimator._clips_have_columns


def _as_columns(estimator, X, reset):
    try:
        if estimator._clips_have_columns:
            return validate_data(estimator, X, reset=reset, dtype=np.float64)
        return check_array(X, dtype=np.float64, input_name="X", estimator=estimator)
    except ValueError as error:
        raise ValueError(
            f"{str(error).strip()}\nFeatures are finite numbers: an array of shape (n_clips, "
            "n_features) or a table, with the same columns in fit and predict, in the same order."
        ) from None


def _are_samples(table):
    """Whether a table is what `AudioLoader` returns with ``set_output(transform="pandas")``."""
    return "sample_0" in table.columns


def _check_columns(table):
    if not table.shape[1]:
        raise ValueError(f"X is a table of {len(table)} rows without columns; give features.")
    check_unique(table.columns)
    texts = [name for name, dtype in table.dtypes.items() if not is_feature(dtype)]
    if texts:
        raise ValueError(
            f"The columns {texts[:5]} of X are not numeric. If one holds paths of audio files, "
            f"rename it: X.rename(columns={{{texts[0]!r}: 'audio'}}). Drop or encode the others."
        )


def _warn_of_waveforms(table, values):
    if doubt_of_waveforms(table, values) is None:
        warnings.warn(
            f"X is a table of {table.shape[1]} columns without names. They are read as features; "
            "if the rows are waveforms, pass X.to_numpy().",
            UserWarning,
            stacklevel=5,
        )


def _as_rows(values, n_clips):
    values = np.asarray(values)
    if values.ndim != 2 or len(values) != n_clips or values.dtype.kind not in "biufO":
        raise ValueError(
            f"The transformer given as features returned {values.dtype} of shape {values.shape}; "
            f"numbers of shape ({n_clips}, n_features) are needed, one row per clip."
        )
    return values.astype(np.float64)


def _checked(values):
    if not np.isfinite(values).all():
        rows = np.flatnonzero(~np.isfinite(values).all(axis=1))
        raise ValueError(
            f"Input contains NaN or infinity: the descriptors of {len(rows)} clips, the first in "
            f"row {rows[0]}. Impute or leave out those columns or clips."
        )
    return values
