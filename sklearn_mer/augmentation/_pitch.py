"""Higher or lower."""

import math

import numpy as np
import soxr

from ._base import WaveformSampler
from ._seeds import choose
from ._vocoder import stretched


class PitchShift(WaveformSampler):
    """Add copies of clips that sound higher or lower, at the same tempo.

    The interval is *one of* `semitones`, each with the same probability, and not a value
    between.

    Parameters
    ----------
    semitones : array-like of float, default=(-2, 2)
        Intervals to choose from; 12 is an octave up.
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
    TimeShift, TimeStretch, PowerShift : The other alterations of `HybridMER`.

    Notes
    -----
    One of the four alterations on whose copies the hybrid's CNN is pre-trained [1]_: "pitch
    +-2 semitones", read here as one of the two, like the rates of `TimeStretch`.

    A phase vocoder with identity phase locking [2]_ (frames of 2048 samples, hop 512) changes
    the duration, and resampling (soxr, high quality) gives it back.

    Cost: 35 to 40 ms a clip of 30 s at 16 kHz, measured on one core of a virtual machine of two
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

    def alter(self, waveform, rng):
        """Return the waveform moved by a random interval.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_samples,), float32
        """
        return pitched(waveform, choose(rng, self.semitones, "semitones"))


def pitched(waveform, semitones):
    """Return the waveform at another pitch: played slower or faster by resampling it."""
    factor = 2 ** (semitones / 12)
    n_samples = len(waveform)
    longer = stretched(waveform, 1 / factor, math.ceil(n_samples * factor))
    result = soxr.resample(longer, factor, 1.0, quality="HQ")[:n_samples]
    return np.pad(result, (0, n_samples - len(result)))
