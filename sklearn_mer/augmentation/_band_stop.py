"""Removal of a frequency band."""

from scipy.signal import butter

from .._docs import share_docs
from ._base import WaveformSampler
from ._filters import draw_frequency, filtered, highest_frequency
from ._random import check_range, draw_between


@share_docs
class BandStop(WaveformSampler):
    """Add copies of clips with a frequency band removed.

    The band is removed by a Butterworth filter. Its centre is drawn uniformly on the mel scale,
    its width uniformly as a fraction of the centre, and its slope uniformly from the multiples of
    6 dB per octave.

    Parameters
    ----------
    center : array-like of 2 floats, default=(200.0, 4000.0)
        Lowest and highest centre of the band in Hz, at most half the sample rate.
    bandwidth : array-like of 2 floats, default=(0.5, 1.99)
        Smallest and largest width of the band as a fraction of its centre, greater than 0 and
        less than 2. The gain at the edges of the band is -3 dB.
    slope : array-like of 2 ints, default=(12, 24)
        Lowest and highest slope in dB per octave; multiples of 6, at most 96.
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
    TimeMask : Silence a part of each clip.
    SevenBandEQ : Amplify or attenuate frequency bands.
    Compose : Apply several samplers in sequence.

    Notes
    -----
    With `TimeMask`, the augmentation of the method "Baseline + TFM" in [1]_: ``BandStopFilter`` of
    audiomentations with its defaults, which are those above. The part of a band above half the
    sample rate is ignored.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import BandStop
    >>> seconds = np.arange(16000) / 16000
    >>> tones = np.sin(2 * np.pi * np.array([[100.0], [1000.0]]) * seconds)
    >>> stop = BandStop(center=(1000, 1000), bandwidth=(1, 1), slope=(24, 24), random_state=0)
    >>> resampled, labels = stop.fit_resample(tones, ["Q1", "Q3"])
    >>> resampled[:, 8000:].std(axis=1).round(2)
    array([0.71, 0.71, 0.71, 0.  ])
    """

    _slow = True

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "center": ["array-like"],
        "bandwidth": ["array-like"],
        "slope": ["array-like"],
    }

    def __init__(
        self,
        *,
        center=(200.0, 4000.0),
        bandwidth=(0.5, 1.99),
        slope=(12, 24),
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
        self.center = center
        self.bandwidth = bandwidth
        self.slope = slope

    def _check_ranges(self):
        highest = {"at_most": self.sample_rate / 2, "note": " (Hz; half the sample rate)"}
        check_range(self.center, "center", at_least=1e-3, **highest)
        check_range(self.bandwidth, "bandwidth", at_least=1e-3, at_most=1.999)
        check_slope(self.slope)

    def alter(self, waveform, rng):
        """Return the waveform without a random frequency band.

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
        center = draw_frequency(rng, self.center)
        width = draw_between(rng, self.bandwidth)
        order = draw_order(rng, self.slope)
        highest = highest_frequency(self.sample_rate)
        edges = center * (1 - width / 2), min(center * (1 + width / 2), highest)
        sections = butter(order, edges, btype="bandstop", fs=self.sample_rate, output="sos")
        return filtered(waveform, sections)


def draw_order(rng, slope):
    """Draw the order of a filter, 6 dB per octave each, from the range `slope`."""
    low, high = (round(end / 6) for end in slope)
    return int(rng.integers(low, high, endpoint=True))


def check_slope(slope):
    """Raise an error if the range `slope` is not made of multiples of 6 dB per octave."""
    ends = check_range(slope, "slope", at_least=6, at_most=96)
    if any(end % 6 for end in ends):
        raise ValueError(f"slope={slope!r} must be multiples of 6 (dB per octave).")
