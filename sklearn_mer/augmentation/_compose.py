"""Several alterations in turn."""

from .._compat import BaseComposition
from ._base import WaveformSampler


class Compose(WaveformSampler, BaseComposition):
    """Add copies of clips that went through several alterations in turn.

    One copy of a clip goes through all steps; imbalanced-learn's pipeline would give a copy of
    each step's and of the one before.

    Parameters
    ----------
    steps : list of (str, sampler)
        Names and samplers of waveforms, in the order they act. Of a step, what it alters counts;
        its `duration`, `n_copies`, `random_state`, `cache`, `n_jobs` and `verbose` do not: those
        of the chain do. All have the chain's `sample_rate`.
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
    TimeMask, BandStop : The steps of the row "Baseline + TFM".

    Notes
    -----
    Parameters of a step are set by ``<name>__<parameter>``, as in a pipeline.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import BandStop, Compose, TimeMask
    >>> chain = Compose(steps=[("mask", TimeMask()), ("stop", BandStop())], random_state=0)
    >>> clips = np.ones((2, 16000), dtype=np.float32)
    >>> resampled, labels = chain.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled.shape, labels
    ((4, 16000), ['Q1', 'Q3', 'Q1', 'Q3'])
    >>> chain.set_params(mask__fraction=(0.1, 0.2)).get_params()["mask__fraction"]
    (0.1, 0.2)
    """

    _parameter_constraints = {
        **WaveformSampler._parameter_constraints,
        "steps": [list, tuple],
    }

    def __init__(
        self,
        *,
        steps,
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
        self.steps = steps

    def get_params(self, deep=True):
        """Return the parameters.

        Parameters
        ----------
        deep : bool, default=True
            Whether to return the steps and their parameters by name, too.

        Returns
        -------
        dict
        """
        return self._get_params("steps", deep=deep)

    def set_params(self, **params):
        """Set parameters of the chain, its steps, and the steps' own.

        Parameters
        ----------
        **params
            By name; those of a step by ``<name>__<parameter>``.

        Returns
        -------
        self
        """
        self._set_params("steps", **params)
        return self

    def alter(self, waveform, rng):
        """Return the waveform after all steps.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
        rng : numpy.random.Generator

        Returns
        -------
        ndarray of shape (n_samples,), float32
        """
        for sampler in self._samplers():
            waveform = sampler.alter(waveform, rng)
        return waveform

    def _samplers(self):
        samplers = []
        for step in self.steps:
            if not (
                isinstance(step, tuple)
                and len(step) == 2
                and isinstance(step[0], str)
                and isinstance(step[1], WaveformSampler)
            ):
                raise ValueError(
                    f"steps holds {step!r}; give pairs of a name and a sampler of waveforms, such "
                    'as [("mask", TimeMask()), ("stop", BandStop())].'
                )
            samplers.append(step[1])
        self._check(samplers)
        return samplers

    def _check(self, samplers):
        if not samplers:
            raise ValueError("steps=[] alters nothing; give at least one (name, sampler).")
        self._validate_names([name for name, _ in self.steps])
        for sampler in samplers:
            sampler._validate_params()
            if sampler.sample_rate != self.sample_rate:
                raise ValueError(
                    f"The step {sampler!r} has sample_rate={sampler.sample_rate}, the chain "
                    f"{self.sample_rate}; give both the same."
                )

    @property
    def _slow(self):
        return any(sampler._slow for sampler in self._samplers())

    def _settings(self):
        # Only what changes the content of a copy. "Chain", an earlier name of the class, stays: the
        # settings seed the random draws.
        steps = [sampler._settings() for sampler in self._samplers()]
        return ["Chain", self._version, self.sample_rate, steps]
