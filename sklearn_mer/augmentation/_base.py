"""What all augmentations of waveforms share."""

import numbers
import os
import warnings
from abc import abstractmethod

import numpy as np
from imblearn.base import BaseSampler
from imblearn.utils import check_target_type
from sklearn.utils import check_array, check_consistent_length

from .._compat import Interval
from ..audio import (
    WAVEFORM_CONSTRAINTS,
    AudioLoader,
    ClipCache,
    apply_step,
    check_cache,
    check_clips,
)
from ._files import stored_copies
from ._forms import joined, plain_columns, without_sparse_columns
from ._seeds import as_json, copy_generator, seed_of

# Of shorter waveforms, a copy is made faster than a file is read.
_WORTH_CACHING = 4096

# Parameters that change how, or how many, copies are made, and not what is in them.
_NOT_IN_SETTINGS = {"duration", "n_copies", "random_state", "cache", "n_jobs", "verbose"}


class WaveformSampler(BaseSampler):
    """Base class of the samplers that add altered copies of clips.

    A subclass is one small file: an ``__init__`` with its own parameters and those below
    (keyword-only, assigning only), `_parameter_constraints` that extend this class's, and
    ``alter(waveform, rng)``.

    What a copy holds depends on the samples of its clip, the subclass's parameters, the number
    of the copy and the seed, and on nothing else: not on the fold, the neighbours in X, the
    form of X or `n_jobs`. (The samples are taken bit by bit: a decoder that rounds otherwise
    gives other random draws.)

    Parameters
    ----------
    sample_rate : int, default=16000
        Sample rate of waveforms given as an array, and to which files are resampled, in Hz.
    duration : float or None, default=30.0
        Seconds of each *file* that are altered: longer ones are cut and shorter ones padded
        with silence, as by `AudioLoader`; None takes files whole. Waveforms given as an array
        always keep their length.
    n_copies : int, default=1
        Altered copies a clip.
    random_state : int, RandomState instance or None, default=None
        Seeds the alterations. With an int, the copies of a clip are the same in every call and
        are kept in the cache; otherwise, each call draws a new seed and makes new ones.
    cache : bool, path-like or ClipCache, default=True
        Where copies are kept: True for `default_cache_folder`, a folder, or False for nowhere.
        Clips given as files need a folder.
    n_jobs : int or None, default=None
        Number of threads.
    verbose : int, default=0
        A progress bar when positive.

    Attributes
    ----------
    sample_indices_ : ndarray of int
        The row of X from which each row of the result comes.
    sampling_strategy_ : str
        Always ``"auto"``; imbalanced-learn asks for it.
    n_features_in_ : int
        Number of columns of an array or table seen.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    TimeShift, TimeStretch, PitchShift, PowerShift : The alterations of `HybridMER`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import WaveformSampler
    >>> class Reversed(WaveformSampler):
    ...     def __init__(self, *, sample_rate=16000, duration=30.0, n_copies=1,
    ...                  random_state=None, cache=True, n_jobs=None, verbose=0):
    ...         super().__init__(
    ...             sample_rate=sample_rate, duration=duration, n_copies=n_copies,
    ...             random_state=random_state, cache=cache, n_jobs=n_jobs, verbose=verbose)
    ...     def alter(self, waveform, rng):
    ...         return waveform[::-1]
    >>> Reversed(random_state=0).fit_resample(np.array([[1.0, 2.0], [3.0, 4.0]]), [0, 1])
    (array([[1., 2.], [3., 4.], [2., 1.], [4., 3.]]), [0, 1, 0, 1])
    """

    _sampling_type = "bypass"
    sampling_strategy = "auto"

    # Raised when a subclass alters otherwise than before: older cached copies are then unused.
    _version = 1
    # Whether making a copy takes longer than reading it from the cache.
    _slow = False

    _parameter_constraints = {
        "sample_rate": WAVEFORM_CONSTRAINTS["sample_rate"],
        "duration": WAVEFORM_CONSTRAINTS["duration"],
        "n_copies": [Interval(numbers.Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
        "cache": ["boolean", str, os.PathLike, ClipCache],
        "n_jobs": WAVEFORM_CONSTRAINTS["n_jobs"],
        "verbose": WAVEFORM_CONSTRAINTS["verbose"],
    }

    @abstractmethod
    def __init__(self, *, sample_rate, duration, n_copies, random_state, cache, n_jobs, verbose):
        self.sample_rate = sample_rate
        self.duration = duration
        self.n_copies = n_copies
        self.random_state = random_state
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    @abstractmethod
    def alter(self, waveform, rng):
        """Return one altered copy of a waveform.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
            Not to be written to.
        rng : numpy.random.Generator
            The only source of chance.

        Returns
        -------
        ndarray of shape (n_samples,), float32
        """

    def copies(self, waveform):
        """Return the altered copies of one waveform, as `fit_resample` makes them.

        For estimators that augment clip by clip; safe in threads if `random_state` is an int.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,)
            At `sample_rate`, prepared (cut, padded, normalised) as it shall be.

        Returns
        -------
        ndarray of shape (n_copies, n_samples), float32
        """
        self._validate_params()
        if np.ndim(waveform) != 1:
            raise ValueError(
                f"copies() takes one waveform, not an array of shape {np.shape(waveform)}."
            )
        return self._copies(waveform, seed_of(self.random_state))

    def signature(self):
        """Return what the copies of a waveform depend on (a key of caches).

        Returns
        -------
        list
            JSON-able: class, version, parameters, the number of copies and the seed.

        Raises
        ------
        ValueError
            If `random_state` is no int: such copies are new in every call, and no key is right.
        """
        if not isinstance(self.random_state, numbers.Integral):
            raise ValueError(
                f"random_state={self.random_state!r} gives other copies in every call; set an int."
            )
        return [*self._settings(), self.n_copies, int(self.random_state)]

    def fit_resample(self, X, y):
        """Return the clips, then their altered copies.

        Parameters
        ----------
        X : clips
            Paths, waveforms of shape (n_clips, n_samples), or a table; see `sklearn_mer.audio`.
        y : array-like of shape (n_clips,)
            Labels of any type, of at least two classes.

        Returns
        -------
        X_resampled : clips
            In the form of X: n_clips originals, then `n_copies` copies of the first clip, of
            the second, ... Copies of waveforms are waveforms of the same length and float
            type (integers become float32). Copies of files are float32 wav files in the cache
            folder, about 1.9 MB for 30 s at 16 kHz. In a table, the numeric columns of a copy
            are those of its original: descriptors are *not* computed anew.
        y_resampled : array-like of shape (n_clips * (1 + n_copies),)
            The labels, repeated alike.

        Raises
        ------
        AudioError
            Naming every file that cannot be used.
        ValueError
            If X is no form of clips, y does not fit, or the clips are files and `cache=False`.
        OSError
            If the cache folder cannot be written, and the clips are files.
        """
        return super().fit_resample(plain_columns(X), y)

    def _check_X_y(self, X, y):
        X = without_sparse_columns(X)
        clips = check_clips(self, X, reset=True)
        y, one_column_a_class = check_target_type(y, indicate_one_vs_all=True)
        y = check_array(y, ensure_2d=False, dtype=None, input_name="y")
        check_consistent_length(clips.audio, y)
        return (X, clips), y, one_column_a_class

    def _fit_resample(self, X, y):
        X, clips = X
        n_clips = len(clips)
        copied = np.repeat(np.arange(n_clips), self.n_copies)
        self.sample_indices_ = np.concatenate([np.arange(n_clips), copied])
        altered = self._altered_files(clips) if clips.are_files else self._altered_arrays(clips)
        return joined(X, clips, altered, self.sample_indices_), y[self.sample_indices_]

    def _altered_arrays(self, clips):
        # Without a given seed, nobody would ever ask for these copies again.
        keep = isinstance(self.random_state, numbers.Integral) and self._slow
        seed = seed_of(self.random_state)
        n_samples = clips.audio.shape[1]
        altered = apply_step(
            clips,
            AudioLoader(sample_rate=self.sample_rate, duration=None),
            lambda waveform: self._copies(waveform, seed),
            step=type(self).__name__,
            settings=[*self._settings(), self.n_copies, seed],
            cache=self.cache if keep and n_samples >= _WORTH_CACHING else False,
            n_jobs=self.n_jobs,
            verbose=self.verbose,
        )
        return altered.reshape(-1, n_samples)

    def _altered_files(self, clips):
        cache = check_cache(self.cache)
        if cache is None:
            raise ValueError(
                f"{type(self).__name__} writes the altered copies of files into the cache "
                "folder, and cache=False. Pass cache=True or a folder; or load the files first "
                "(AudioLoader), and pass waveforms."
            )
        if not isinstance(self.random_state, numbers.Integral):
            warnings.warn(
                f"{type(self).__name__}(random_state={self.random_state!r}) writes new copies of "
                f"all files to {cache.folder} in every call; an int makes them once.",
                UserWarning,
                stacklevel=7,
            )
        seed = seed_of(self.random_state)
        paths = stored_copies(
            clips,
            AudioLoader(sample_rate=self.sample_rate, duration=self.duration),
            lambda waveform, i: self._copy(waveform, seed, i),
            cache=cache,
            step=type(self).__name__,
            settings=[*self._settings(), seed],
            n_copies=self.n_copies,
            n_jobs=self.n_jobs,
            verbose=self.verbose,
        )
        return np.array(paths, dtype=object).ravel()

    def _copies(self, waveform, seed):
        return np.stack([self._copy(waveform, seed, i) for i in range(self.n_copies)])

    def _copy(self, waveform, seed, number):
        waveform = np.asarray(waveform, dtype=np.float32)
        rng = copy_generator(waveform, self._settings(), seed, number)
        altered = np.ascontiguousarray(self.alter(waveform, rng), dtype=np.float32)
        if altered.shape != waveform.shape:
            raise ValueError(
                f"{type(self).__name__}.alter() made {altered.shape} of {waveform.shape} samples; "
                "a copy must have the length of its clip."
            )
        return altered

    def _settings(self):
        params = self.get_params(deep=False)
        own = {name: as_json(params[name]) for name in params.keys() - _NOT_IN_SETTINGS}
        return [type(self).__name__, self._version, own]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        # `string` stays False: there, it means 2-D arrays of strings, not paths.
        tags.sampler_tags.sample_indices = True
        return tags
