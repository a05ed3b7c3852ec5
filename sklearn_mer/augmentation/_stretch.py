"""Changes of tempo."""

from .._docs import share_docs
from ._base import WaveformSampler
from ._random import check_choices, choose
from ._vocoder import stretched


@share_docs
class TimeStretch(WaveformSampler):
    """Add copies of clips with another tempo, at the same pitch.

    The rate is one of `rates`, all with the same probability. Copies are cut, or padded with
    silence at the end, to the length of the clip.

    Parameters
    ----------
    rates : array-like of float, default=(0.5, 1.5)
        Rates to choose from, 0.05 to 20; 1.5 is 50 % faster.
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
    TimeShift, PitchShift, PowerShift : The other augmentations of `HybridMER`.

    Notes
    -----
    One of the four augmentations used to pre-train the CNN of the hybrid network in [1]_.

    A phase vocoder with identity phase locking [2]_ (frames of 2048 samples, hop of 512) processes
    only the part of the clip that is kept: half of it at rate 0.5.

    Cost: 30 ms per clip of 30 s at 16 kHz on one CPU core. The first call after installation takes
    about one second longer to compile.

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

    def _check_ranges(self):
        check_choices(self.rates, "rates", at_least=0.05, at_most=20)

    def alter(self, waveform, rng):
        """Return the waveform played at a random rate.

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
        return stretched(waveform, choose(rng, self.rates), len(waveform))
