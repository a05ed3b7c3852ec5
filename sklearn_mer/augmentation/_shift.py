"""Shifts in time."""

import numbers

import numpy as np

from .._compat import Interval
from .._docs import share_docs
from ._base import WaveformSampler


@share_docs
class TimeShift(WaveformSampler):
    """Add copies of clips shifted in time.

    The shift is drawn uniformly from -`max_shift` to +`max_shift` seconds. Samples shifted past an
    end are dropped, and the other end is padded with silence.

    Parameters
    ----------
    max_shift : float, default=5.0
        Largest shift in seconds. Clips are shifted by half their length at most.
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
    TimeStretch, PitchShift, PowerShift : The other augmentations of `HybridMER`.

    Notes
    -----
    One of the four augmentations used to pre-train the CNN of the hybrid network in [1]_.

    Cost: 2 ms per clip of 30 s at 16 kHz on one CPU core, mostly for the digest of the waveform
    that seeds the random draw.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import TimeShift
    >>> clips = np.ones((2, 16000), dtype=np.float32)
    >>> shift = TimeShift(max_shift=0.25, random_state=0)
    >>> resampled, labels = shift.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled.shape, labels, shift.sample_indices_
    ((4, 16000), ['Q1', 'Q3', 'Q1', 'Q3'], array([0, 1, 0, 1]))
    """

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "max_shift": [Interval(numbers.Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        *,
        max_shift=5.0,
        sample_rate=16000,
        duration=30.0,
        n_copies=1,
        random_state=None,
        cache=True,
        n_jobs=None,
        verbose=0,
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
        self.max_shift = max_shift

    def alter(self, waveform, rng):
        """Return the waveform shifted by a random time.

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
        largest = min(round(self.max_shift * self.sample_rate), len(waveform) // 2)
        return shifted(waveform, int(rng.integers(-largest, largest, endpoint=True)))


def shifted(waveform, n_samples):
    """Return the waveform delayed by `n_samples` (advanced if negative), padded with silence."""
    result = np.zeros_like(waveform)
    if n_samples >= 0:
        result[n_samples:] = waveform[: len(waveform) - n_samples]
    else:
        result[:n_samples] = waveform[-n_samples:]
    return result
