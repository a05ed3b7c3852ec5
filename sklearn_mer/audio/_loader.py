"""Clips to waveforms."""

import numbers
import os

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .._compat import N_JOBS, Interval, StrOptions, _fit_context
from .._docs import share_docs
from ._clips import Clips, as_paths, check_clips
from ._decode import UnusableAudio, check_peak, decode
from ._errors import AudioError
from ._rows import compute_first_row, compute_rows, map_clips
from ._short import note_length
from ._silent import note_silence

# Seconds in a day, the largest `offset` and `duration`.
_DAY = 86400

WAVEFORM_CONSTRAINTS = {
    "sample_rate": [Interval(numbers.Integral, 1000, 768000, closed="both")],
    "offset": [Interval(numbers.Real, 0, _DAY, closed="both")],
    "duration": [Interval(numbers.Real, 0, _DAY, closed="right"), None],
    "normalize": ["boolean"],
    "n_jobs": N_JOBS,
    "verbose": ["verbose"],
}
# Of classifiers, which choose the duration themselves by default.
HEARD_CONSTRAINTS = {
    "offset": WAVEFORM_CONSTRAINTS["offset"],
    "duration": [WAVEFORM_CONSTRAINTS["duration"][0], StrOptions({"auto"}), None],
}


# Seconds of a frame at 16 kHz, the least that can be used of a file.
FRAME = 0.128


class ClipTransformer(TransformerMixin, BaseEstimator):
    """Base class of the transformers of clips.

    A subclass passes X through `check_clips` in `fit` and `transform`. It thereby also accepts
    `Clips`: what another estimator has checked is not checked again (see `as_input_of`).
    """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def _loader(self):
        """Return the loader with the parameters of this transformer."""
        names = ("sample_rate", "offset", "duration", "normalize")
        return AudioLoader(**{name: getattr(self, name) for name in names})


def as_input_of(transformer, clips):
    """Return checked clips in the form that a transformer accepts.

    Parameters
    ----------
    transformer : transformer
        Of this library or any other.
    clips : Clips
        The clips.

    Returns
    -------
    Clips or ndarray
        For a `ClipTransformer` the clips themselves, else their paths or waveforms.
    """
    return clips if isinstance(transformer, ClipTransformer) else clips.audio


def refuse_hearing(why, offset, duration):
    """Raise an error if `offset` or `duration` of a classifier were set to no effect.

    Parameters
    ----------
    why : str
        Why they have no effect, and what to do.
    offset : float
        The parameter of the classifier.
    duration : float, "auto" or None
        The parameter of the classifier.

    Raises
    ------
    ValueError
        If one of them is not the default.
    """
    if offset != 0 or duration != "auto":
        raise ValueError(f"offset={offset} and duration={duration!r} would have no effect: {why}.")


def fill(samples, n_samples):
    """Return `n_samples` samples: the first ones, or all again and again.

    Parameters
    ----------
    samples : ndarray of shape (n,)
        At least one.
    n_samples : int
        Number of samples to return.

    Returns
    -------
    ndarray of shape (n_samples,)
        The samples.
    """
    if len(samples) >= n_samples:
        return samples[:n_samples]
    # numpy.resize takes milliseconds for few samples: it makes a list of all repetitions.
    return np.tile(samples, -(-n_samples // len(samples)))[:n_samples]


def heard_duration(duration, clips, *, offset, sample_rate, of_files=30.0, shortest=0.0):
    """Return the `duration` of the transformer that a classifier makes by default.

    Parameters
    ----------
    duration : float, "auto" or None
        The parameter of the classifier.
    clips : Clips
        The training clips.
    offset : float
        The parameter of the classifier.
    sample_rate : int
        Sample rate of the transformer in Hz.
    of_files : float, default=30.0
        Seconds that "auto" means for files. For arrays it means their whole length.
    shortest : float, default=0.0
        Seconds to which shorter arrays are repeated.

    Returns
    -------
    float or None
        Seconds, or None for whole clips.
    """
    if not isinstance(duration, str):
        return duration
    if clips.are_files:
        return of_files
    # Not None, so that files to predict are cut to the same length.
    rest = clips.audio.shape[1] / sample_rate - offset
    return max(shortest, rest, 1 / sample_rate)


@share_docs
class AudioLoader(ClipTransformer):
    """Decode audio files to waveforms of one length and sample rate.

    Decodes wav, flac, ogg and mp3 (with libsndfile; m4a and others with the extra ``audio``),
    mixes to mono, keeps `duration` seconds from `offset`, resamples (with soxr), and repeats
    shorter clips up to that length. Waveforms given as a 2-D array are cut, repeated and
    normalised too, but not resampled.

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
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    n_samples_ : int
        Number of samples of each waveform.
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    sklearn_mer.spectrogram.MelSpectrogram : Clips to mel-spectrograms.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.audio import AudioLoader
    >>> half_a_second = np.ones((2, 8000))
    >>> AudioLoader(duration=1.0).fit_transform(half_a_second).shape
    (2, 16000)
    """

    _parameter_constraints = WAVEFORM_CONSTRAINTS

    def __init__(
        self,
        *,
        sample_rate=16000,
        offset=0.0,
        duration=30.0,
        normalize=False,
        n_jobs=None,
        verbose=0,
    ):
        self.sample_rate = sample_rate
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.n_jobs = n_jobs
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    @share_docs
    def fit(self, X, y=None):
        """Read the first clip for the length of the waveforms; nothing is learned.

        Parameters
        ----------
        X : clips
            {clips}
        y : None
            {ignored}

        Returns
        -------
        AudioLoader
            The fitted transformer.
        """
        clips = check_clips(self, X, reset=True)
        self.n_samples_ = len(compute_first_row(clips, self.waveform))
        return self

    @share_docs
    def transform(self, X):
        """Load the clips.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, n_samples), float32
            The waveforms.

        Raises
        ------
        AudioError
            Names every file that cannot be used, with the reason. Damage beyond `duration` is
            not noticed.
        ValueError
            If the clips differ in length, from each other or from those of `fit`.
        """
        check_is_fitted(self)
        clips = check_clips(self, X, reset=False)
        waveforms = compute_rows(
            clips, self.waveform, n_jobs=self.n_jobs, verbose=self.verbose, label="waveform"
        )
        if waveforms.shape[1] != self.n_samples_:
            raise ValueError(
                f"The clips have {waveforms.shape[1]} samples, those seen in fit had "
                f"{self.n_samples_}; set `duration` (in seconds), so that all clips have the same "
                "length."
            )
        return waveforms

    def check(self, paths):
        """Decode files without keeping them, and report those that cannot be used.

        Parameters
        ----------
        paths : sequence of path-like
            The files.

        Returns
        -------
        list of (str, str)
            Path and reason of each bad file, in the order given.
        """
        if isinstance(paths, str | os.PathLike) or not hasattr(paths, "__iter__"):
            raise TypeError(f"paths={paths!r} is no list; give a list of paths.")
        clips = Clips(as_paths(list(paths)))

        def decode_only(index):
            self.waveform(clips, index)

        try:
            map_clips(decode_only, clips, n_jobs=self.n_jobs, verbose=self.verbose, label="check")
        except AudioError as error:
            return error.bad_files
        return []

    def waveform(self, clips, index):
        """Return one clip as a waveform of `duration` seconds: what is heard, repeated if shorter.

        Repeated and not followed by silence, which a model would take for a part of the music.

        Parameters
        ----------
        clips : Clips
            The clips.
        index : int
            Position of the clip.

        Returns
        -------
        ndarray of shape (n_samples,), float32
            The waveform.

        Raises
        ------
        UnusableAudio
            Gives the reason why this clip cannot be used.
        """
        samples = self.heard(clips, index)
        return samples if self.duration is None else fill(samples, self._n_samples())

    def heard(self, clips, index):
        """Return what is heard of one clip: cut and normalised, of at most `duration` seconds.

        Parameters
        ----------
        clips : Clips
            The clips.
        index : int
            Position of the clip.

        Returns
        -------
        ndarray of shape (n_samples,), float32
            The samples.

        Raises
        ------
        UnusableAudio
            Gives the reason why this clip cannot be used.
        """
        if clips.are_files:
            samples = decode(
                clips.audio[index],
                sample_rate=self.sample_rate,
                offset=self.offset,
                duration=self.duration,
            )
        else:
            samples = clips.audio[index][round(self.offset * self.sample_rate) :]
            if not len(samples):
                raise UnusableAudio(f"no samples after offset={self.offset} s")
            check_peak(samples)
        if self.duration is not None:
            samples = samples[: self._n_samples()]
        self._note_length(clips, index, len(samples))
        note_silence(clips, index, samples)
        return _peak_normalized(samples) if self.normalize else samples

    def signature(self):
        """Return the parameters that a waveform depends on, as part of a key of the cache.

        Returns
        -------
        list
            JSON-able.
        """
        # 30 and 30.0 seconds are the same.
        duration = None if self.duration is None else float(self.duration)
        # The number is raised when waveforms change: entries of 1 may be of clips followed by
        # silence, which only decoding would tell.
        version = 1 if duration is None else 2
        parameters = [self.sample_rate, float(self.offset), duration, self.normalize]
        return ["AudioLoader", version, *parameters]

    @share_docs
    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns: ``sample_0``, ``sample_1``, ...

        Parameters
        ----------
        input_features : None
            {ignored}

        Returns
        -------
        ndarray of shape (n_samples,), dtype object
            The names.
        """
        check_is_fitted(self)
        return np.array([f"sample_{i}" for i in range(self.n_samples_)], dtype=object)

    def _n_samples(self):
        return max(1, round(self.duration * self.sample_rate))

    def _note_length(self, clips, index, n_samples):
        seconds = n_samples / self.sample_rate
        is_short = self.duration is not None and n_samples < self._n_samples()
        # Arrays are not refused: scikit-learn's checks give two numbers as a waveform.
        if clips.are_files and seconds < FRAME and (is_short or self.duration is None):
            after = f" after offset={self.offset} s" if self.offset else ""
            raise UnusableAudio(
                f"holds {seconds:.3f} s of sound{after}; at least {FRAME} s are needed"
            )
        if is_short:
            note_length(self, clips, index, seconds)


def _peak_normalized(samples):
    peak = np.abs(samples).max()
    return samples / peak if peak > 0 else samples
