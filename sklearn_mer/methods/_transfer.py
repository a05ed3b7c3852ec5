"""Base of the methods that train a new head on a pre-trained network."""

import numbers
import os

from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from .._compat import Interval, _fit_context
from .._docs import share_docs
from ..audio import HEARD_CONSTRAINTS, ClipCache, check_clips, heard_duration
from ..nets import TransferHead
from ..training import (
    NET_CONSTRAINTS,
    Settings,
    draw_seed,
    encode_labels,
    predict_logits,
    resolve_device,
    softmax,
    train_network,
)
from ._class_weight import CLASS_WEIGHT_CONSTRAINT, class_weights, weigh
from ._predict import PredictsMostProbable


@share_docs
class TransferClassifier(PredictsMostProbable, ClassifierMixin, BaseEstimator):
    """Base of the classifiers that train a head on the output of a pre-trained network.

    A subclass has these parameters and its own, and names the embedding that it stands on.
    """

    _parameter_constraints = {
        **{name: values for name, values in NET_CONSTRAINTS.items() if name != "frontend"},
        **HEARD_CONSTRAINTS,
        "weights": [str, os.PathLike],
        "data_home": [str, os.PathLike, None],
        "cache": ["boolean", str, os.PathLike, ClipCache],
        "dropout": [Interval(numbers.Real, 0, 1, closed="left")],
        "standardize": ["boolean"],
        "class_weight": CLASS_WEIGHT_CONSTRAINT,
    }
    # The pre-trained network as a transformer.
    _embedding_class = None
    # Seconds used of files by default, and the least length that arrays are repeated to.
    _seconds = 30.0
    _shortest = None
    _sample_rate = 16000

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Train the head.

        Parameters
        ----------
        X : clips
            {clips}
        y : array-like of shape (n_clips,)
            {labels}

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        WeightsNotFoundError, WeightsError
            If the weights are missing, damaged or of another layout.
        """
        clips = check_clips(self, X, reset=True)
        targets = encode_labels(self, clips, y)
        resolve_device(self.device)  # complains before all clips are read
        self.embedding_ = self._embedding(clips).fit(clips)
        self._train(clips, targets, draw_seed(self.random_state))
        self.history_ = self.net_.history.to_list()
        self.n_epochs_ = len(self.history_)
        return self

    def predict_proba(self, X):
        """Return the probability of each class.

        Parameters
        ----------
        X : clips
            {clips}
            {heard}

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            Columns in the order of ``classes_``.
        """
        check_is_fitted(self, "net_")
        clips = check_clips(self, X, reset=False)
        return softmax(predict_logits(self.net_, (self._network_input(clips),)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        # The networks ignore the sign of a waveform; see `is_sign_invariant`.
        tags.classifier_tags.poor_score = True
        return tags

    def _embedding(self, clips):
        """Return the transformer to the last hidden layer, unfitted."""
        names = ("weights", "offset", "data_home", "cache", "n_jobs", "verbose")
        given = {name: getattr(self, name) for name in names}
        return self._embedding_class(duration=self._duration(clips), **given)

    def _network_input(self, clips):
        """Return the input of the trained network."""
        return self.embedding_.transform(clips)

    def _train(self, clips, targets, seed):
        self.net_ = self._train_head(self.embedding_.transform(clips), targets, seed)

    def _train_head(self, states, targets, seed):
        params = {
            "n_inputs": states.shape[1],
            "n_classes": len(self.classes_),
            "dropout": self.dropout,
        }
        if self.standardize:
            deviation = states.std(axis=0)
            # A unit that no training clip moves is left as it is.
            deviation[deviation == 0] = 1
            params |= {"mean": states.mean(axis=0), "std": deviation}
        return self._train_network(TransferHead, params, states, targets, self._settings(seed))

    def _train_network(self, module, params, inputs, targets, settings):
        weights = weigh(targets, class_weights(self, targets))
        return train_network(module, params, (inputs,), targets, settings, sample_weight=weights)

    def _duration(self, clips):
        return heard_duration(
            self.duration,
            clips,
            offset=self.offset,
            sample_rate=self._sample_rate,
            of_files=self._seconds,
            shortest=self._shortest,
        )

    def _settings(self, seed, **others):
        names = (
            "optimizer",
            "lr",
            "weight_decay",
            "schedule",
            "batch_size",
            "max_epochs",
            "stop_accuracy",
            "device",
            "precision",
            "verbose",
        )
        values = {name: getattr(self, name) for name in names}
        return Settings(**{**values, "micro_batch": None, "seed": seed, **others})
