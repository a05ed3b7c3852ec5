"""Several alterations in one copy."""

from .._compat import BaseComposition
from .._docs import share_docs
from ._base import WaveformSampler


@share_docs
class Compose(WaveformSampler, BaseComposition):
    """Add copies of clips altered by several samplers in sequence.

    Each copy passes through all steps. (In an imbalanced-learn pipeline, each step adds copies of
    its own, also of the copies of the steps before.)

    Parameters
    ----------
    steps : list of (str, sampler)
        Names and samplers of waveforms, in the order in which they are applied. The `duration`,
        `n_copies`, `random_state`, `cache`, `n_jobs` and `verbose` of the steps are ignored in
        favour of those below. All steps must have the same `sample_rate` as this sampler.
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
    TimeMask, BandStop : The steps in the method "Baseline + TFM".

    Notes
    -----
    Set the parameters of a step with ``<name>__<parameter>``, as in a pipeline.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_mer.augmentation import BandStop, Compose, TimeMask
    >>> both = Compose(steps=[("mask", TimeMask()), ("stop", BandStop())], random_state=0)
    >>> clips = np.ones((2, 16000), dtype=np.float32)
    >>> resampled, labels = both.fit_resample(clips, ["Q1", "Q3"])
    >>> resampled.shape, labels
    ((4, 16000), ['Q1', 'Q3', 'Q1', 'Q3'])
    >>> both.set_params(mask__fraction=(0.1, 0.2)).get_params()["mask__fraction"]
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
        """Get the parameters of this sampler.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include the steps and their parameters.

        Returns
        -------
        params : dict
            Parameter names mapped to their values.
        """
        return self._get_params("steps", deep=deep)

    def set_params(self, **params):
        """Set the parameters of this sampler.

        Parameters
        ----------
        **params : dict
            Parameters of this sampler, its steps by name, or parameters of a step as
            ``<name>__<parameter>``.

        Returns
        -------
        self : object
            This sampler.
        """
        self._set_params("steps", **params)
        return self

    def _check_ranges(self):
        self._samplers()

    def alter(self, waveform, rng):
        """Return the waveform altered by all steps.

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
                    f"steps must be pairs of a name and a sampler of waveforms, such as "
                    f'[("mask", TimeMask()), ("stop", BandStop())]; got {step!r}.'
                )
            samplers.append(step[1])
        self._check(samplers)
        return samplers

    def _check(self, samplers):
        if not samplers:
            raise ValueError("steps=[] is empty; give at least one (name, sampler).")
        try:
            self._validate_names([name for name, _ in self.steps])
        except ValueError as error:
            raise ValueError(
                f"steps: {error}. Give each step a name of its own that is no parameter of Compose "
                "and has no '__'."
            ) from None
        for sampler in samplers:
            sampler._validate_params()
            if sampler.sample_rate != self.sample_rate:
                raise ValueError(
                    f"The step {sampler!r} has sample_rate={sampler.sample_rate}, but "
                    f"Compose has {self.sample_rate}; they must be equal."
                )

    @property
    def _slow(self):
        return any(sampler._slow for sampler in self._samplers())

    def _settings(self):
        # Only what changes the content of a copy. "Chain", an earlier name of the class, stays: the
        # settings seed the random draws.
        steps = [sampler._settings() for sampler in self._samplers()]
        return ["Chain", self._version, self.sample_rate, steps]
