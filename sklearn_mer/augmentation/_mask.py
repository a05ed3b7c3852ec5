"""Silencing of a part of a clip."""

import numbers

import numpy as np

from .._compat import Interval
from .._docs import share_docs
from ._base import WaveformSampler
from ._random import check_range, draw_between


@share_docs
class TimeMask(WaveformSampler):
    """Add copies of clips with a part silenced.

    The length of the part is drawn uniformly from a range of fractions of the clip, and its
    position uniformly from all possible ones.

    Parameters
    ----------
    fraction : array-like of 2 floats, default=(0.0, 0.5)
        Smallest and largest length of the silent part as a fraction of the clip, from 0 to 1.
    fade : float, default=0.0
        Seconds of the linear fades at both ends, inside the silent part. They are shortened to
        half of it at most. With 0, there are no fades.
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
    BandStop : Remove a frequency band.
    Compose : Apply several samplers in sequence.

    Notes
    -----
    With `BandStop`, the augmentation of the method "Baseline + TFM" in [1]_: ``TimeMask`` of
    audiomentations with the defaults of that time, up to half of the clip without fades. (Since
    version 0.41, its defaults are 0.01 to 0.2 of the clip with fades of 5 ms.)

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import TimeMask
    >>> clips = np.ones((2, 16000), dtype=np.float32)
    >>> mask = TimeMask(fraction=(0.25, 0.25), random_state=0)
    >>> resampled, labels = mask.fit_resample(clips, ["Q1", "Q3"])
    >>> (resampled == 0).sum(axis=1)
    array([   0,    0, 4000, 4000])
    """

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "fraction": ["array-like"],
        "fade": [Interval(numbers.Real, 0, None, closed="left")],
    }

    def __init__(
        self,
        *,
        fraction=(0.0, 0.5),
        fade=0.0,
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
        self.fraction = fraction
        self.fade = fade

    def _check_ranges(self):
        check_range(self.fraction, "fraction", at_least=0, at_most=1)

    def alter(self, waveform, rng):
        """Return the waveform with a random part silenced.

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
        part = draw_between(rng, self.fraction)
        length = round(part * len(waveform))
        start = int(rng.integers(len(waveform) - length, endpoint=True))
        return masked(waveform, start, length, round(self.fade * self.sample_rate))


def masked(waveform, start, length, n_fade=0):
    """Return the waveform with `length` samples from `start` silenced, fades included."""
    n_fade = min(n_fade, length // 2)
    gain = np.zeros(length, dtype=np.float32)
    ramp = np.arange(1, n_fade + 1, dtype=np.float32) / (n_fade + 1)
    gain[:n_fade] = ramp[::-1]
    gain[length - n_fade :] = ramp
    result = waveform.copy()
    result[start : start + length] *= gain
    return result
