"""Shifts in pitch."""

import math

import numpy as np
import soxr

from .._docs import share_docs
from ._base import WaveformSampler
from ._random import check_choices, choose
from ._vocoder import stretched


@share_docs
class PitchShift(WaveformSampler):
    """Add copies of clips shifted in pitch, at the same tempo.

    The interval is one of `semitones`, all with the same probability.

    Parameters
    ----------
    semitones : array-like of float, default=(-2, 2)
        Intervals to choose from, in semitones, from -48 to 48; 12 is one octave up.
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
    TimeShift, TimeStretch, PowerShift : The other augmentations of `HybridMER`.

    Notes
    -----
    One of the four augmentations used to pre-train the CNN of the hybrid network in [1]_. There,
    "pitch +-2 semitones" is taken to mean one of the two values, as for `TimeStretch`.

    A phase vocoder with identity phase locking [2]_ (frames of 2048 samples, hop of 512) changes
    the duration, and resampling (soxr, high quality) restores it.

    Cost: 35 to 40 ms per clip of 30 s at 16 kHz on one CPU core. The first call after installation
    takes about one second longer to compile.

    References
    ----------
    .. [1] P. L. Louro, H. Redinho, R. Malheiro, R. P. Paiva and R. Panda, "Improving deep
       learning methodologies for music emotion recognition".
    .. [2] J. Laroche and M. Dolson, "Improved phase vocoder time-scale modification of audio",
       IEEE Transactions on Speech and Audio Processing 7(3), 1999.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import PitchShift
    >>> seconds = np.arange(16000) / 16000
    >>> tones = np.sin(2 * np.pi * np.array([[220.0], [440.0]]) * seconds)
    >>> octave = PitchShift(semitones=[12], random_state=0)
    >>> resampled, labels = octave.fit_resample(tones, ["Q1", "Q3"])
    >>> abs(np.fft.rfft(resampled)).argmax(axis=1)  # in Hz: the clips last one second
    array([220, 440, 440, 880])
    """

    _slow = True
    _version = 2  # 1 was a plain phase vocoder

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "semitones": ["array-like"],
    }

    def __init__(
        self,
        *,
        semitones=(-2, 2),
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
        self.semitones = semitones

    def _check_ranges(self):
        check_choices(self.semitones, "semitones", at_least=-48, at_most=48)

    def alter(self, waveform, rng):
        """Return the waveform shifted by a random interval.

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
        return pitched(waveform, choose(rng, self.semitones))


def pitched(waveform, semitones):
    """Return the waveform shifted in pitch: stretched, then resampled to its length."""
    factor = 2 ** (semitones / 12)
    n_samples = len(waveform)
    longer = stretched(waveform, 1 / factor, math.ceil(n_samples * factor))
    result = soxr.resample(longer, factor, 1.0, quality="HQ")[:n_samples]
    return np.pad(result, (0, n_samples - len(result)))
