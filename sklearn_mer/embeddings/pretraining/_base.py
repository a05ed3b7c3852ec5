"""What the networks that are trained for embeddings share."""

import numbers
import os
from abc import ABCMeta, abstractmethod

import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from ..._compat import Interval, _fit_context
from ..._docs import share_docs
from ..._threads import one_torch_thread
from ...audio import (
    WAVEFORM_CONSTRAINTS,
    AudioLoader,
    CachedStep,
    ClipCache,
    check_clips,
    compute_rows,
)
from ...training import NET_CONSTRAINTS, Settings, draw_seed, resolve_device, run_network

_SETTINGS = ("optimizer", "lr", "weight_decay", "schedule", "batch_size", "max_epochs")
_PLACE = ("precision", "device", "verbose")


@share_docs
class PretrainingClassifier(ClassifierMixin, BaseEstimator, metaclass=ABCMeta):
    """A classifier of clips whose network is saved for an embedding.

    It hears clips as that embedding does. A subclass says at which rate, through which front
    end, what it learns and what is saved.
    """

    _sample_rate = 16000
    _hop = 256
    _n_filters = 4
    # Clips or segments a micro-batch on a CPU.
    _micro_batch = 8

    _parameter_constraints = {
        **{name: NET_CONSTRAINTS[name] for name in (*_SETTINGS, *_PLACE)},
        **{name: NET_CONSTRAINTS[name] for name in ("n_jobs", "random_state")},
        **{name: WAVEFORM_CONSTRAINTS[name] for name in ("offset", "normalize")},
        "n_filters": ["array-like"],
        "dropout": [Interval(numbers.Real, 0, 1, closed="left")],
        "duration": [WAVEFORM_CONSTRAINTS["duration"][0]],
        "cache": ["boolean", str, os.PathLike, ClipCache],
    }

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Train the network.

        Parameters
        ----------
        X : clips
            {clips}
        y : array-like
            Class labels, or tags.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        AudioError
            If files cannot be used: lists all of them, before training.
        """
        clips = check_clips(self, X, reset=True)
        targets = self._targets(clips, y)
        resolve_device(self.device)  # complains before all clips are read
        self._check_network()
        spectrograms = self._spectrograms(clips)
        self.net_ = self._train(spectrograms, targets, self._settings())
        # As an embedding's network is. torch sums in another order with channels last, in which
        # networks are trained, and in recurrent layers whose weights want gradients.
        self.net_.module_.to(memory_format=torch.contiguous_format).requires_grad_(False)
        self.history_ = self.net_.history.to_list()
        return self

    @abstractmethod
    def save(self, path):
        """Write the network to a file that is the `weights` of an embedding."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        # What is heard of a waveform does not change when its sign does: scikit-learn's blobs of
        # two numbers cannot be told apart.
        tags.classifier_tags.poor_score = True
        return tags

    @abstractmethod
    def _targets(self, clips, y):
        """Set ``classes_`` and return what is to be learned, a row a clip."""

    @abstractmethod
    def _front_end(self):
        """Return the function from a waveform to a Tensor (n_mels, n_frames)."""

    @abstractmethod
    def _train(self, spectrograms, targets, settings):
        """Return the trained net."""

    @abstractmethod
    def _least_frames(self):
        """Return how many frames the network needs."""

    def _check_network(self):
        n_filters = tuple(self.n_filters)
        whole = all(isinstance(n, numbers.Integral) and n > 0 for n in n_filters)
        if len(n_filters) != self._n_filters or not whole:
            raise ValueError(
                f"n_filters must be {self._n_filters} positive integers, one a convolution; got "
                f"{self.n_filters!r}."
            )
        least = (self._least_frames() - 1) * self._hop / self._sample_rate
        if round(self.duration * self._sample_rate) < round(least * self._sample_rate):
            raise ValueError(
                f"duration={self.duration} s is too short: this network needs at least "
                f"{least:.3f} s."
            )

    def _spectrograms(self, clips):
        """Return an array (n_clips, n_mels, n_frames), or with a cache what stands for it."""
        front_end = self._front_end()

        def compute(waveform):
            # The mode belongs to the thread.
            with torch.inference_mode():
                return front_end(waveform).numpy()

        loader = AudioLoader(
            sample_rate=self._sample_rate,
            offset=self.offset,
            duration=self.duration,
            normalize=self.normalize,
        )
        step = CachedStep(
            loader,
            compute,
            name=type(self).__name__,
            settings=[type(self).__name__, 1],
            cache=self.cache,
        )
        with one_torch_thread():
            return compute_rows(
                clips,
                step,
                lazy=step.cache is not None,
                n_jobs=self.n_jobs,
                verbose=self.verbose,
                label=step.name,
            )

    def _run(self, X, function):
        """Return what a function of the spectrograms makes of clips, float64."""
        check_is_fitted(self, "net_")
        spectrograms = self._spectrograms(check_clips(self, X, reset=False))
        return run_network(self.net_, function, (spectrograms,))

    def _settings(self):
        given = {name: getattr(self, name) for name in (*_SETTINGS, *_PLACE)}
        return Settings(
            stop_accuracy=None,
            micro_batch=self._micro_batch,
            seed=draw_seed(self.random_state),
            **given,
        )


def best_class(estimator, X):
    """Return the most probable of an estimator's classes for every clip."""
    best = estimator.predict_proba(X).argmax(axis=1)
    return estimator.classes_[best]
