"""Summary of a clip by standard descriptors."""

import os

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .._compat import _fit_context
from .._docs import share_docs
from ..audio import (
    WAVEFORM_CONSTRAINTS,
    CachedStep,
    ClipCache,
    ClipTransformer,
    check_clips,
    compute_rows,
)

_N_FFT = 2048
_HOP = 512
_N_MFCC = 20
_SERIES = (
    [f"mfcc_{i:02d}" for i in range(1, _N_MFCC + 1)]
    + [f"contrast_{i}" for i in range(1, 8)]
    + ["centroid", "bandwidth", "rolloff", "flatness", "zero_crossings", "rms", "onset_strength"]
)
_PITCHES = ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")
_NAMES = (
    *(f"{name}__{statistic}" for name in _SERIES for statistic in ("mean", "std")),
    *(f"chroma_{pitch}__mean" for pitch in _PITCHES),
    "tempo",
)


@share_docs
class SummaryFeatures(ClipTransformer):
    """Means and standard deviations of standard descriptors of librosa.

    81 values per clip: mean and standard deviation over frames of 20 MFCCs, spectral contrast in
    7 bands, spectral centroid, bandwidth and roll-off (Hz), flatness, zero-crossing rate, RMS
    energy and onset strength; the mean of 12 chroma; the tempo in beats per minute. They are fast
    to compute; `EmotionFeatures` has many more.

    Parameters
    ----------
    sample_rate : int, default=16000
        {sample_rate}
    offset : float, default=0.0
        {offset}
    duration : float or None, default=30.0
        {duration}
    normalize : bool, default=False
        {normalize}
    cache : bool, path-like or ClipCache, default=True
        {cache}
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        {feature_names_in_}

    See Also
    --------
    EmotionFeatures : 2,179 descriptors in place of 81.
    sklearn_mer.methods.SVMBaseline : Takes it as ``features``.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.features import SummaryFeatures
    >>> noise = np.random.default_rng(0).uniform(-1, 1, (2, 16000))
    >>> features = SummaryFeatures(duration=None).set_output(transform="pandas")
    >>> features.fit_transform(noise).filter(like="centroid").round(-1)
       centroid__mean  centroid__std
    0          4030.0           50.0
    1          4010.0           60.0
    """

    _parameter_constraints = {
        **WAVEFORM_CONSTRAINTS,
        "cache": ["boolean", str, os.PathLike, ClipCache],
    }

    def __init__(
        self,
        *,
        sample_rate=16000,
        offset=0.0,
        duration=30.0,
        normalize=False,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.sample_rate = sample_rate
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    @share_docs
    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Check the clips and the parameters; nothing is learned.

        Parameters
        ----------
        X : clips
            {clips}
        y : None
            {ignored}

        Returns
        -------
        self : object
            This transformer.
        """
        check_clips(self, X, reset=True)
        return self

    @share_docs
    def transform(self, X):
        """Compute the descriptors of clips.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        X_new : ndarray of shape (n_clips, 81), float32
            Descriptors of the clips.

        Raises
        ------
        AudioError
            If files cannot be used; the message names each of them with the reason.
        """
        check_is_fitted(self)
        clips = check_clips(self, X, reset=False)
        step = CachedStep(
            self._loader(),
            lambda waveform: summarize(waveform, self.sample_rate),
            name="summary",
            settings=["SummaryFeatures", 1],
            cache=self.cache,
            fill=False,
        )
        return compute_rows(clips, step, n_jobs=self.n_jobs, verbose=self.verbose, label=step.name)

    @share_docs
    def get_feature_names_out(self, input_features=None):
        """Get the names of the descriptors.

        Parameters
        ----------
        input_features : None
            {ignored}

        Returns
        -------
        feature_names_out : ndarray of shape (81,), dtype object
            Names of the descriptors.
        """
        check_is_fitted(self)
        return np.array(_NAMES, dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        return tags

    def __sklearn_is_fitted__(self):
        return hasattr(self, "_clips_have_columns")


def summarize(waveform, sample_rate):
    """Return the values of `SummaryFeatures` of a waveform, in the order of their names."""
    import librosa  # compiles, where it is new

    magnitude = np.abs(librosa.stft(_pad_to_frame(waveform), n_fft=_N_FFT, hop_length=_HOP))
    mel = librosa.feature.melspectrogram(S=magnitude**2, sr=sample_rate)
    decibels = librosa.power_to_db(mel)
    onset = librosa.onset.onset_strength(S=decibels, sr=sample_rate)
    series = np.vstack(
        [
            librosa.feature.mfcc(S=decibels, n_mfcc=_N_MFCC),
            *_spectral_series(magnitude, sample_rate),
            _pad_frames(librosa.feature.zero_crossing_rate(waveform), magnitude),
            librosa.feature.rms(S=magnitude, frame_length=_N_FFT),
            onset[None, :],
        ]
    )
    moments = np.column_stack([series.mean(axis=1), series.std(axis=1)]).ravel()
    chroma = librosa.feature.chroma_stft(S=magnitude**2, sr=sample_rate, tuning=0.0)
    values = np.concatenate([moments, chroma.mean(axis=1), [_tempo(onset, sample_rate)]])
    return np.nan_to_num(values).astype(np.float32)


def _spectral_series(magnitude, sample_rate):
    import librosa

    given = {"S": magnitude, "sr": sample_rate}
    # The bands, six octaves from fmin, must end below half the sample rate.
    lowest = min(200.0, 0.45 * sample_rate / 2**6)
    return (
        librosa.feature.spectral_contrast(**given, fmin=lowest),
        librosa.feature.spectral_centroid(**given),
        librosa.feature.spectral_bandwidth(**given),
        librosa.feature.spectral_rolloff(**given),
        librosa.feature.spectral_flatness(S=magnitude),
    )


def _tempo(onset, sample_rate):
    if not onset.any():
        return 0.0
    import librosa

    tempo = librosa.feature.tempo(onset_envelope=onset, sr=sample_rate, hop_length=_HOP)
    return float(tempo[0])


def _pad_to_frame(waveform):
    return np.pad(waveform, (0, max(0, _N_FFT - len(waveform))))


def _pad_frames(series, magnitude):
    missing = magnitude.shape[1] - series.shape[1]
    return np.pad(series, ((0, 0), (0, max(0, missing))))[:, : magnitude.shape[1]]
