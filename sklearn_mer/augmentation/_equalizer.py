"""Random gains of frequency bands."""

import numpy as np

from .._docs import share_docs
from ._base import WaveformSampler
from ._filters import draw_frequency, filtered, high_shelf, highest_frequency, low_shelf, peak
from ._gain import LARGEST
from ._random import check_range, draw_between

# Ranges of the centres in Hz: a low shelf, five peaks and a high shelf.
_CENTERS = (
    (42.0, 95.0),
    (91.0, 204.0),
    (196.0, 441.0),
    (421.0, 948.0),
    (909.0, 2045.0),
    (1957.0, 4404.0),
    (4216.0, 9486.0),
)
_SHAPES = (low_shelf, *[peak] * 5, high_shelf)


@share_docs
class SevenBandEQ(WaveformSampler):
    """Add copies of clips with random gains in seven frequency bands.

    A parametric equaliser of a low shelf, five peaks and a high shelf. The centres are drawn
    uniformly on the mel scale from 42-95, 91-204, 196-441, 421-948, 909-2045, 1957-4404 and
    4216-9486 Hz. The gains in dB and the quality factors are drawn uniformly from the ranges
    below.

    Parameters
    ----------
    decibels : array-like of 2 floats, default=(-12.0, 12.0)
        Lowest and highest gain of a band in dB, between -120 and 120.
    peak_q : array-like of 2 floats, default=(0.5, 5.0)
        Lowest and highest quality factor of the peaks, 0.001 to 1000. Higher is narrower.
    shelf_q : array-like of 2 floats, default=(0.1, 0.999)
        Lowest and highest quality factor of the shelves, 0.001 to 1000. Higher is steeper.
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
    Gain : Draw one gain for all frequencies.
    BandStop : Remove a frequency band.

    Notes
    -----
    The augmentation of the method "Baseline + SB" in [1]_: ``SevenBandParametricEQ`` of
    audiomentations with its defaults, which are those above. The filters are those of
    Bristow-Johnson [2]_. Centres above half the sample rate are moved to just below it. At 16 kHz
    this concerns only some of the high shelves, which then have no effect. The sample rate must
    be at least 8,432 Hz, twice the lowest centre of the high shelf.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".
    .. [2] R. Bristow-Johnson, "Audio EQ Cookbook", W3C, 2021.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import SevenBandEQ
    >>> clips = np.random.default_rng(0).normal(size=(2, 16000))
    >>> bands = SevenBandEQ(random_state=0)
    >>> resampled, labels = bands.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled.shape, labels
    ((4, 16000), ['Q1', 'Q3', 'Q1', 'Q3'])
    """

    _slow = True

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "decibels": ["array-like"],
        "peak_q": ["array-like"],
        "shelf_q": ["array-like"],
    }

    def __init__(
        self,
        *,
        decibels=(-12.0, 12.0),
        peak_q=(0.5, 5.0),
        shelf_q=(0.1, 0.999),
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
        self.decibels = decibels
        self.peak_q = peak_q
        self.shelf_q = shelf_q

    def _check_ranges(self):
        check_range(self.decibels, "decibels", at_least=-LARGEST, at_most=LARGEST)
        for name in ("peak_q", "shelf_q"):
            check_range(getattr(self, name), name, at_least=1e-3, at_most=1e3)
        highest = _CENTERS[-1][0]
        if self.sample_rate / 2 < highest:
            raise ValueError(
                f"sample_rate={self.sample_rate} Hz leaves no room for the high shelf, whose "
                f"centre is {highest:.0f} Hz or higher: give at least {2 * highest:.0f}."
            )

    def alter(self, waveform, rng):
        """Return the waveform with random gains of its bands.

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
        sections = [
            self._section(rng, shape, centers)
            for shape, centers in zip(_SHAPES, _CENTERS, strict=True)
        ]
        return filtered(waveform, np.array(sections))

    def _section(self, rng, shape, centers):
        name = "peak_q" if shape is peak else "shelf_q"
        center = draw_frequency(rng, centers)
        gain = draw_between(rng, self.decibels)
        q = draw_between(rng, getattr(self, name))
        return shape(min(center, highest_frequency(self.sample_rate)), gain, q, self.sample_rate)
