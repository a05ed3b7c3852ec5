"""Base class of the samplers of waveforms."""

import numbers
import os
import warnings
from abc import abstractmethod

import numpy as np
from imblearn.base import BaseSampler
from imblearn.utils import check_target_type
from sklearn.utils import check_array
from sklearn.utils.multiclass import type_of_target

from .._compat import Interval
from .._docs import share_docs
from ..audio import (
    WAVEFORM_CONSTRAINTS,
    AudioLoader,
    CachedStep,
    ClipCache,
    check_cache,
    check_clips,
    compute_rows,
)
from ._files import stored_copies
from ._formats import joined, plain_columns, without_sparse_columns
from ._random import as_json, copy_generator, seed_of

# Altering a shorter waveform is faster than reading its copy from a file.
_WORTH_CACHING = 4096

# Parameters that do not change the content of a copy.
_NOT_IN_SETTINGS = {"duration", "n_copies", "random_state", "cache", "n_jobs", "verbose"}


@share_docs
class WaveformSampler(BaseSampler):
    """Base class of the samplers that add altered copies of clips.

    A subclass defines an ``__init__`` with its own parameters and those below (keyword-only; it
    only assigns), `_parameter_constraints` that extend those of this class, and
    ``alter(waveform, rng)``.

    A copy depends only on the samples of its clip, the parameters of the subclass, the number of
    the copy and the seed. It does not depend on the fold, the other clips, the format of X or
    `n_jobs`. Samples are compared bit by bit: a decoder that rounds differently leads to different
    random draws.

    Parameters
    ----------
    sample_rate : int, default=16000
        {sample_rate}
    duration : float or None, default=30.0
        {augmented_duration}
    n_copies : int, default=1
        {n_copies}
    random_state : int, RandomState instance or None, default=None
        {augmentation_random_state}
    cache : bool, path-like or ClipCache, default=True
        {augmentation_cache}
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    sample_indices_ : ndarray of int
        {sample_indices_}
    sampling_strategy_ : str
        {sampling_strategy_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        {feature_names_in_}

    See Also
    --------
    TimeShift, TimeStretch, PitchShift, PowerShift : Augmentations of `HybridMER`.

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

    # Increase it when a subclass changes its results, so that older cached copies are not used.
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

    def _validate_params(self):
        super()._validate_params()
        self._check_ranges()

    def _check_ranges(self):
        """Raise an error for parameters that no clip can be altered with.

        A subclass checks here what `_parameter_constraints` cannot say, so that it is told before
        clips are read.
        """

    @abstractmethod
    def alter(self, waveform, rng):
        """Return one altered copy of a waveform.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
            Waveform of a clip. Do not modify it in place.
        rng : numpy.random.Generator
            Source of the random draws. Use no other.

        Returns
        -------
        ndarray of shape (n_samples,), float32
            The altered waveform.
        """

    def copies(self, waveform):
        """Return the altered copies of one waveform.

        They are the same as those of `fit_resample`. If `random_state` is an int, this method can
        be called from several threads.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,)
            Waveform at `sample_rate`. It is not cut, repeated or normalised.

        Returns
        -------
        ndarray of shape (n_copies, n_samples), float32
            The altered copies.
        """
        self._validate_params()
        if np.ndim(waveform) != 1:
            raise ValueError(f"copies() takes one waveform (1-D), got shape {np.shape(waveform)}.")
        return self._copies(waveform, seed_of(self.random_state))

    def signature(self):
        """Return everything but the waveform that its copies depend on.

        It is part of the key of cached copies.

        Returns
        -------
        list
            Class, version, parameters, number of copies and seed; can be written as JSON.

        Raises
        ------
        ValueError
            If `random_state` is not an int: copies then differ between calls.
        """
        if not isinstance(self.random_state, numbers.Integral):
            raise ValueError(
                f"The copies of {type(self).__name__}(random_state={self.random_state!r}) differ "
                "between calls and cannot be identified; set an int."
            )
        return [*self._settings(), self.n_copies, int(self.random_state)]

    @share_docs
    def fit_resample(self, X, y):
        """Return the clips, followed by their altered copies.

        Parameters
        ----------
        X : clips
            {clips}
        y : array-like of shape (n_clips,)
            Class labels of at least two classes.

        Returns
        -------
        X_resampled : clips
            In the format of X: the clips, then the `n_copies` copies of the first clip, those of
            the second, and so on. Copies of waveforms are waveforms of the same length and float
            type (float32 for integers). Copies of files are float32 WAV files in the cache folder,
            about 1.9 MB for 30 s at 16 kHz. In a table, numeric columns are repeated: descriptors
            are *not* computed again.
        y_resampled : array-like of shape (n_clips * (1 + n_copies),)
            The labels of the clips and copies.

        Raises
        ------
        AudioError
            If files cannot be used; the message names each of them.
        ValueError
            If X does not hold clips, if y does not match X, or if the clips are files and
            ``cache=False``.
        OSError
            If the clips are files and the cache folder cannot be written.
        """
        check_labels(y)
        return super().fit_resample(plain_columns(X), y)

    def _check_X_y(self, X, y):
        X = without_sparse_columns(X)
        clips = check_clips(self, X, reset=True)
        y, one_vs_all = check_target_type(y, indicate_one_vs_all=True)
        y = check_array(y, ensure_2d=False, dtype=None, input_name="y")
        if len(clips) != len(y):
            raise ValueError(
                "Found input variables with inconsistent numbers of samples: "
                f"{[len(clips), len(y)]}. X has {len(clips)} clips, y has {len(y)} labels; give "
                "one label per clip."
            )
        if len(classes := np.unique(y)) < 2:
            raise ValueError(
                f"y needs to have more than 1 class, got {classes.tolist()}. To alter clips "
                "without classes, use copies()."
            )
        return (X, clips), y, one_vs_all

    def _fit_resample(self, X, y):
        X, clips = X
        n_clips = len(clips)
        copied = np.repeat(np.arange(n_clips), self.n_copies)
        self.sample_indices_ = np.concatenate([np.arange(n_clips), copied])
        altered = self._altered_files(clips) if clips.are_files else self._altered_arrays(clips)
        return joined(X, clips, altered, self.sample_indices_), y[self.sample_indices_]

    def _altered_arrays(self, clips):
        # Without a fixed seed, the copies are never used again.
        keep = isinstance(self.random_state, numbers.Integral) and self._slow
        seed = seed_of(self.random_state)
        n_samples = clips.audio.shape[1]
        step = CachedStep(
            AudioLoader(sample_rate=self.sample_rate, duration=None),
            lambda waveform: self._copies(waveform, seed),
            name=type(self).__name__,
            settings=[*self._settings(), self.n_copies, seed],
            cache=self.cache if keep and n_samples >= _WORTH_CACHING else False,
        )
        altered = compute_rows(
            clips, step, n_jobs=self.n_jobs, verbose=self.verbose, label=step.name
        )
        return altered.reshape(-1, n_samples)

    def _altered_files(self, clips):
        cache = check_cache(self.cache)
        if cache is None:
            raise ValueError(
                f"{type(self).__name__} writes the altered copies of files to the cache folder, "
                "but cache=False. Pass cache=True or a folder, or pass waveforms (AudioLoader) "
                "instead of files."
            )
        if not isinstance(self.random_state, numbers.Integral):
            warnings.warn(
                f"{type(self).__name__}(random_state={self.random_state!r}) writes new copies of "
                f"all files to {cache.folder} in every call. Set an int to write them once.",
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
                f"{type(self).__name__}.alter() returned an array of shape {altered.shape} for a "
                f"waveform of shape {waveform.shape}; the shapes must be equal."
            )
        return altered

    def _settings(self):
        params = self.get_params(deep=False)
        own = {name: as_json(params[name]) for name in params.keys() - _NOT_IN_SETTINGS}
        return [type(self).__name__, self._version, own]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        # `string` stays False: it means 2-D arrays of strings, not paths.
        tags.sampler_tags.sample_indices = True
        return tags


def check_labels(y):
    """Raise unless y has one class label per clip."""
    try:
        kind = "none" if y is None else type_of_target(y, input_name="y")
    except TypeError as error:  # of texts beside numbers, which have no order
        kind = f"mixed ({error})"
    if kind not in ("binary", "multiclass", "multilabel-indicator"):
        raise ValueError(
            f"Unknown label type: {kind}. y must be one class label per clip, without None or NaN; "
            f"got {y!r:.80}."
        )
