"""A silent band of frequencies."""

from scipy.signal import butter

from ._base import WaveformSampler
from ._filters import draw_frequency, filtered, highest_frequency
from ._seeds import check_range, draw_between


class BandStop(WaveformSampler):
    """Add copies of clips from which a band of frequencies is taken.

    A Butterworth filter. The centre is drawn uniformly on the mel scale, the width uniformly
    as a fraction of the centre, the slope uniformly among the multiples of 6 dB.

    Parameters
    ----------
    center : array-like of 2 floats, default=(200.0, 4000.0)
        Least and greatest centre of the band, in Hz.
    bandwidth : array-like of 2 floats, default=(0.5, 1.99)
        Least and greatest width of the band, as a fraction of its centre: greater than 0, less
        than 2. At the edges of the band the level is 3 dB lower.
    slope : array-like of 2 ints, default=(12, 24)
        Least and greatest steepness, in dB an octave; multiples of 6, up to 96.
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
    TimeMask : A silent part.
    SevenBandEQ : Bands that are louder or softer.
    Compose : Several alterations in turn.

    Notes
    -----
    With `TimeMask`, the alteration of the row "Baseline + TFM" of the study [1]_, which names
    audiomentations' BandStopFilter at its defaults: those above. What of the band lies beyond
    half the sample rate is no matter.

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

    def alter(self, waveform, rng):
        """Return the waveform without a random band.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_samples,), float32
        """
        center = draw_frequency(rng, self.center, "center")
        width = draw_between(rng, self.bandwidth, "bandwidth", at_least=1e-3, at_most=1.999)
        order = draw_order(rng, self.slope)
        highest = highest_frequency(self.sample_rate)
        edges = center * (1 - width / 2), min(center * (1 + width / 2), highest)
        if edges[0] >= highest:
            return waveform.copy()
        sections = butter(order, edges, btype="bandstop", fs=self.sample_rate, output="sos")
        return filtered(waveform, sections)


def draw_order(rng, slope):
    """Draw the order of a filter: a sixth of one of the multiples of 6 dB in `slope`."""
    ends = check_range(slope, "slope", at_least=6, at_most=96)
    low, high = (round(end / 6) for end in ends)
    if ends != (6 * low, 6 * high):
        raise ValueError(f"slope={slope!r} must be multiples of 6 (dB an octave).")
    return int(rng.integers(low, high, endpoint=True))
