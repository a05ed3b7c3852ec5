"""Random gains."""

from abc import abstractmethod

import numpy as np

from .._docs import share_docs
from ._base import WaveformSampler
from ._random import check_choices, check_range, choose, draw_between

# Gain in dB, either way.
LARGEST = 120


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
            Source of the random draws.

        Returns
        -------
        ndarray of shape (n_samples,), float32
            The altered waveform.
        """
        return waveform * np.float32(10 ** (self._draw_decibels(rng) / 20))

    @abstractmethod
    def _draw_decibels(self, rng):
        """Draw the gain of a copy in dB."""


@share_docs
class Gain(_RandomGain):
    """Add copies of clips with a random gain from a range.

    The gain in dB is drawn uniformly from the range `decibels`; `PowerShift` draws it from a list.
    Samples are not clipped: they can lie outside -1 to 1.

    Parameters
    ----------
    decibels : array-like of 2 floats, default=(-12.0, 12.0)
        Lowest and highest gain in dB, between -120 and 120.
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
    PowerShift : Draw the gain from a list.
    SevenBandEQ : Draw one gain per frequency band.

    Notes
    -----
    The augmentation of the method "Baseline + RG" in [1]_: ``Gain`` of audiomentations with its
    defaults. It adds a constant to a mel-spectrogram in decibels.

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

    def _check_ranges(self):
        check_range(self.decibels, "decibels", at_least=-LARGEST, at_most=LARGEST)

    def _draw_decibels(self, rng):
        return draw_between(rng, self.decibels)


@share_docs
class PowerShift(_RandomGain):
    """Add copies of clips with a random gain from a list.

    The gain is one of `decibels`, all with the same probability; `Gain` draws it from a range.
    Samples are not clipped: they can lie outside -1 to 1.

    Parameters
    ----------
    decibels : array-like of float, default=(-10, 10)
        Gains to choose from, in dB, from -120 to 120; +20 multiplies the amplitude by ten.
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
    TimeShift, TimeStretch, PitchShift : The other augmentations of `HybridMER`.
    Gain : Draw the gain from a range.

    Notes
    -----
    One of the four augmentations used to pre-train the CNN of the hybrid network in [1]_. There,
    "power shift by +-10 dB" is taken to mean one of the two values, as for `TimeStretch`.

    Peak normalisation removes the gain. In a pipeline, set ``normalize=False`` in the steps after
    this sampler. (`MelSpectrogram.transform_copies` alters clips after normalisation.)

    Cost: 2 ms per clip of 30 s at 16 kHz on one CPU core, mostly for the digest of the waveform
    that seeds the random draw.

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

    def _check_ranges(self):
        check_choices(self.decibels, "decibels", at_least=-LARGEST, at_most=LARGEST)

    def _draw_decibels(self, rng):
        return choose(rng, self.decibels)
