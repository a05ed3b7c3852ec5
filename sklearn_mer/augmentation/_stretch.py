"""Faster or slower."""

from ._base import WaveformSampler
from ._seeds import choose
from ._vocoder import stretched


class TimeStretch(WaveformSampler):
    """Add copies of clips that are faster or slower, at the same pitch.

    The rate is *one of* `rates`, each with the same probability. What is longer than the clip
    is cut; what is shorter is padded with silence at the end.

    Parameters
    ----------
    rates : array-like of float, default=(0.5, 1.5)
        Rates to choose from, greater than 0: 1.5 is one and a half times as fast.
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
    TimeShift, PitchShift, PowerShift : The other alterations of `HybridMER`.

    Notes
    -----
    One of the four alterations on whose copies the hybrid's CNN is pre-trained [1]_.

    A phase vocoder with identity phase locking [2]_ (frames of 2048 samples, hop 512). Only what
    is not cut off later goes through it: at rate 0.5, half of the clip.

    Cost: 30 ms a clip of 30 s at 16 kHz, measured on one core of a virtual machine of two
    (AMD EPYC), under load; the first copy ever made takes a second more, to compile.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".
    .. [2] J. Laroche and M. Dolson, "Improved phase vocoder time-scale modification of audio",
       IEEE Transactions on Speech and Audio Processing 7(3), 1999.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import TimeStretch
    >>> clips = np.random.default_rng(0).normal(size=(2, 16000))
    >>> faster = TimeStretch(rates=[2], random_state=0)
    >>> resampled, labels = faster.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled.shape, bool(resampled[2:, 8000:].any())  # half is left, then silence
    ((4, 16000), False)
    """

    _slow = True
    _version = 2  # 1 was a plain phase vocoder

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "rates": ["array-like"],
    }

    def __init__(
        self,
        *,
        rates=(0.5, 1.5),
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
        self.rates = rates

    def alter(self, waveform, rng):
        """Return the waveform played at a random rate.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_samples,), float32
        """
        return stretched(waveform, choose(rng, self.rates, "rates", positive=True), len(waveform))
