"""Louder or softer."""

from abc import abstractmethod

import numpy as np

from ._base import WaveformSampler
from ._seeds import choose, draw_between


class _RandomGain(WaveformSampler):
    """Base class of the samplers that multiply each clip by a random gain."""

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "decibels": ["array-like"],
    }

    def __init__(
        self,
        *,
        decibels,
        sample_rate,
        duration,
        n_copies,
        random_state,
        cache,
        n_jobs,
        verbose,
    ):
        super().__init__(
            sample_rate=sample_rate,
            duration=duration,
            n_copies=n_copies,
            random_state=random_state,
            cache=cache,
            n_jobs=n_jobs,
            verbose=verbose,
        )
        self.decibels = decibels

    def alter(self, waveform, rng):
        """Return the waveform with a random gain.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
            Waveform of a clip.
        rng : numpy.random.Generator
            Source of the random gain.

        Returns
        -------
        ndarray of shape (n_samples,), float32
            The waveform, multiplied by the gain.
        """
        return waveform * np.float32(10 ** (self._draw_decibels(rng) / 20))

    @abstractmethod
    def _draw_decibels(self, rng):
        """Return the gain of one copy in dB."""


class Gain(_RandomGain):
    """Add copies of clips that are louder or softer by a random amount.

    The gain is drawn uniformly, in decibels, *between* the two of `decibels`; `PowerShift`
    takes one of a few. Nothing is clipped.

    Parameters
    ----------
    decibels : array-like of 2 floats, default=(-12.0, 12.0)
        Least and greatest gain.
    sample_rate : int, default=16000
        Sample rate of waveforms given as an array, and to which files are resampled, in Hz.
    duration : float or None, default=30.0
        Seconds of each *file* that are altered (cut, or padded with silence); None takes files
        whole. Waveforms given as an array always keep their length.
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
    PowerShift : One of a few gains.
    SevenBandEQ : A gain of its own for each band.

    Notes
    -----
    The alteration of the row "Baseline + RG" of the study [1]_, which names audiomentations'
    Gain at its defaults. In a mel-spectrogram in decibels it adds a constant.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import Gain
    >>> clips = np.full((2, 16000), 0.5, dtype=np.float32)
    >>> louder = Gain(decibels=(20, 20), random_state=0)
    >>> resampled, labels = louder.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled[:, 0]
    array([0.5, 0.5, 5. , 5. ], dtype=float32)
    """

    def __init__(
        self,
        *,
        decibels=(-12.0, 12.0),
        sample_rate=16000,
        duration=30.0,
        n_copies=1,
        random_state=None,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        super().__init__(
            decibels=decibels,
            sample_rate=sample_rate,
            duration=duration,
            n_copies=n_copies,
            random_state=random_state,
            cache=cache,
            n_jobs=n_jobs,
            verbose=verbose,
        )

    def _draw_decibels(self, rng):
        return draw_between(rng, self.decibels, "decibels")


class PowerShift(_RandomGain):
    """Add copies of clips that are louder or softer.

    The gain is *one of* `decibels`, each with the same probability, and not a value between.
    Nothing is clipped: samples of a copy may lie beyond -1 and 1.

    Parameters
    ----------
    decibels : array-like of float, default=(-10, 10)
        Gains to choose from; +20 is ten times the amplitude.
    sample_rate : int, default=16000
        Sample rate of waveforms given as an array, and to which files are resampled, in Hz.
    duration : float or None, default=30.0
        Seconds of each *file* that are altered (cut, or padded with silence); None takes files
        whole. Waveforms given as an array always keep their length.
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
    TimeShift, TimeStretch, PitchShift : The other alterations of `HybridMER`.

    Notes
    -----
    One of the four alterations on whose copies the hybrid's CNN is pre-trained [1]_: "power
    shift by +-10 dB", read here as one of the two, like the rates of `TimeStretch`.

    Peak normalisation afterwards undoes a gain: in a pipeline, load with ``normalize=False``
    what comes from this sampler. (`MelSpectrogram.transform_copies` alters a clip after it is
    normalised.)

    Cost: 2 ms a clip of 30 s at 16 kHz, measured on one core of a virtual machine of two
    (AMD EPYC), under load, most of it for the digest that seeds the draw.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import PowerShift
    >>> clips = np.full((2, 16000), 0.5, dtype=np.float32)
    >>> louder = PowerShift(decibels=[20], random_state=0)
    >>> resampled, labels = louder.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled[:, 0]
    array([0.5, 0.5, 5. , 5. ], dtype=float32)
    """

    def __init__(
        self,
        *,
        decibels=(-10, 10),
        sample_rate=16000,
        duration=30.0,
        n_copies=1,
        random_state=None,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        super().__init__(
            decibels=decibels,
            sample_rate=sample_rate,
            duration=duration,
            n_copies=n_copies,
            random_state=random_state,
            cache=cache,
            n_jobs=n_jobs,
            verbose=verbose,
        )

    def _draw_decibels(self, rng):
        return choose(rng, self.decibels, "decibels")
