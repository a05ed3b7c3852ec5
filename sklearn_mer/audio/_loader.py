"""Clips to waveforms."""

import numbers

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from .._compat import Interval, _fit_context
from .._parallel import map_clips
from ._clips import Clips, check_clips
from ._decode import UnusableAudio, decode
from ._steps import apply_step, apply_to_first

WAVEFORM_CONSTRAINTS = {
    "sample_rate": [Interval(numbers.Integral, 1, None, closed="left")],
    "offset": [Interval(numbers.Real, 0, None, closed="left")],
    "duration": [Interval(numbers.Real, 0, None, closed="neither"), None],
    "normalize": ["boolean"],
    "n_jobs": [numbers.Integral, None],
    "verbose": ["verbose"],
}


class AudioLoader(TransformerMixin, BaseEstimator):
    """Decode audio files to waveforms of one length and sample rate.

    Decodes wav, flac, ogg and mp3 (libsndfile; m4a and others with the extra ``audio``), mixes
    to mono, keeps `duration` seconds from `offset`, resamples (soxr), pads with silence at the
    end. Waveforms given as a 2-D array are taken to be at `sample_rate` already; they are cut,
    padded and normalised alike.

    Parameters
    ----------
    sample_rate : int, default=16000
        Sample rate of the result, in Hz.
    offset : float, default=0.0
        Seconds left out at the beginning of each clip.
    duration : float or None, default=30.0
        Seconds kept; shorter clips are padded with silence. None keeps all, and then the
        clips must have one length.
    normalize : bool, default=False
        Whether each waveform is divided by its largest absolute value. Silence stays silence.
    n_jobs : int or None, default=None
        Number of threads.
    verbose : int, default=0
        A progress bar when positive.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.
    n_samples_ : int
        Length of the waveforms given out.

    See Also
    --------
    sklearn_mer.spectrogram.MelSpectrogram : From clips to mel-spectrograms at once.

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
    def fit(self, X, y=None):
        """Look at the first clip only: nothing is learned.

        Parameters
        ----------
        X : clips
            Paths, waveforms of shape (n_clips, n_samples), or a table; see `sklearn_mer.audio`.
        y : ignored

        Returns
        -------
        self
        """
        clips = check_clips(self, X, reset=True)
        self.n_samples_ = apply_to_first(clips, self._load).shape[1]
        return self

    def transform(self, X):
        """Load the clips.

        Parameters
        ----------
        X : clips

        Returns
        -------
        ndarray of shape (n_clips, n_samples), float32

        Raises
        ------
        AudioError
            Naming every file that cannot be used, with the reason. What lies beyond
            `duration` is not looked at.
        ValueError
            When the clips differ in length, among themselves or from those of `fit`.
        """
        check_is_fitted(self)
        waveforms = self._load(check_clips(self, X, reset=False))
        if waveforms.shape[1] != self.n_samples_:
            raise ValueError(
                f"The clips have {waveforms.shape[1]} samples, those seen in fit had "
                f"{self.n_samples_}; give `duration` in seconds, so that all clips get one length."
            )
        return waveforms

    def check(self, paths):
        """Decode files without keeping them, and report those that cannot be used.

        Parameters
        ----------
        paths : sequence of path-like

        Returns
        -------
        list of (str, str)
            Path and reason of each bad file, in the order given.
        """
        clips = Clips(np.array([str(path) for path in paths], dtype=object))

        def problem(index):
            try:
                self.waveform(clips, index)
            except UnusableAudio as error:
                return str(error)
            return None

        problems = map_clips(
            problem, range(len(clips)), n_jobs=self.n_jobs, verbose=self.verbose, label="check"
        )
        return [(path, why) for path, why in zip(clips.audio, problems, strict=True) if why]

    def waveform(self, clips, index):
        """Return one clip of `clips` as a float32 waveform, prepared.

        Raises
        ------
        UnusableAudio
            Saying why this clip cannot be used.
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
        samples = self._fit_length(samples)
        return _peak_normalized(samples) if self.normalize else samples

    def signature(self):
        """Return what a prepared waveform depends on beside its clip (a key of caches)."""
        # 30 and 30.0 seconds are the same.
        duration = None if self.duration is None else float(self.duration)
        return ["AudioLoader", 1, self.sample_rate, float(self.offset), duration, self.normalize]

    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns given out: ``sample_0``, ``sample_1``, ...

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        ndarray of shape (n_samples,), dtype object
        """
        check_is_fitted(self)
        return np.array([f"sample_{i}" for i in range(self.n_samples_)], dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def _load(self, clips):
        return apply_step(
            clips,
            self,
            lambda waveform: waveform,
            step="waveform",
            settings=None,
            cache=False,
            n_jobs=self.n_jobs,
            verbose=self.verbose,
        )

    def _fit_length(self, samples):
        if self.duration is None:
            return samples
        wanted = max(1, round(self.duration * self.sample_rate))
        if len(samples) >= wanted:
            return samples[:wanted]
        return np.pad(samples, (0, wanted - len(samples)))


def _peak_normalized(samples):
    peak = np.abs(samples).max()
    return samples / peak if peak > 0 else samples
