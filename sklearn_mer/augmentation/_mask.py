"""A silent part."""

import numbers

import numpy as np

from .._compat import Interval
from ._base import WaveformSampler
from ._seeds import draw_between


class TimeMask(WaveformSampler):
    """Add copies of clips in which a part is silent.

    The length of the part is drawn uniformly between two fractions of the clip's, and its place
    uniformly among all.

    Parameters
    ----------
    fraction : array-like of 2 floats, default=(0.0, 0.5)
        Least and greatest length of the silent part, as a fraction of the clip (0 to 1).
    fade : float, default=0.0
        Seconds at each end of the part over which the sound fades, linearly and inside the
        part; at most half of it. 0 cuts sharply.
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
    BandStop : A silent band of frequencies.
    Compose : Several alterations in turn.

    Notes
    -----
    With `BandStop`, the alteration of the row "Baseline + TFM" of the study [1]_, which names
    audiomentations' TimeMask at its defaults: then up to half of the clip, cut sharply. (Since
    0.41 that library masks 0.01 to 0.2, with fades of 5 ms.)

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

    def alter(self, waveform, rng):
        """Return the waveform with a random part silent.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_samples,), float32
        """
        part = draw_between(rng, self.fraction, "fraction", at_least=0, at_most=1)
        length = round(part * len(waveform))
        start = int(rng.integers(len(waveform) - length, endpoint=True))
        return masked(waveform, start, length, round(self.fade * self.sample_rate))


def masked(waveform, start, length, n_fade=0):
    """Return the waveform with `length` samples from `start` silent but for fades inside them."""
    n_fade = min(n_fade, length // 2)
    gain = np.zeros(length, dtype=np.float32)
    ramp = np.arange(1, n_fade + 1, dtype=np.float32) / (n_fade + 1)
    gain[:n_fade] = ramp[::-1]
    gain[length - n_fade :] = ramp
    result = waveform.copy()
    result[start : start + length] *= gain
    return result
