"""Base of the classifiers of mel-spectrograms."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_array, check_is_fitted

from .._compat import HasMethods, _fit_context
from .._docs import share_docs
from ..audio import HEARD_CONSTRAINTS, Clips, check_clips, refuse_hearing
from ..augmentation import append_copies, as_samplers
from ..spectrogram import (
    SHORTEST,
    MelSpectrogram,
    check_shape,
    fit_frontend,
    mean_and_deviation,
    transform_clips,
)
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
from ._features import is_sign_invariant
from ._predict import PredictsMostProbable


@share_docs
class SpectrogramClassifier(PredictsMostProbable, ClassifierMixin, BaseEstimator):
    """Base of the classifiers that train one network on mel-spectrograms.

    A subclass sets ``_module`` (a network class that takes ``input_shape`` and ``n_classes``)
    and an ``__init__`` with these parameters and its own; `_module_params` adds to what the
    network gets.
    """

    _parameter_constraints = {
        **NET_CONSTRAINTS,
        **HEARD_CONSTRAINTS,
        "augment": [HasMethods(["fit_resample"]), list, tuple, None],
        "standardize": ["boolean"],
        "class_weight": CLASS_WEIGHT_CONSTRAINT,
    }
    # Gradients of four to eight clips at a time are computed fastest on a CPU.
    _micro_batch = 8
    # Seconds that shorter arrays are repeated to, the least that the network accepts.
    _shortest = SHORTEST

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y):
        """Train the network.

        Parameters
        ----------
        X : clips
            {clips}
            With ``frontend="passthrough"``, spectrograms of shape (n_clips, n_mels, n_frames).
        y : array-like of shape (n_clips,)
            {labels}

        Returns
        -------
        self : object
            The fitted estimator.
        """
        clips = self._check_X(X, reset=True)
        targets = encode_labels(self, clips, y)
        weights = class_weights(self, targets)
        resolve_device(self.device)  # complains before all clips are read
        samplers = as_samplers(self.augment, self.frontend)
        self.frontend_ = self._fit_frontend(clips)
        spectrograms = self._spectrograms(clips)
        self.input_shape_ = spectrograms.shape[1:]
        if samplers:
            spectrograms, targets = append_copies(
                self.frontend_, clips, samplers, spectrograms, targets, self.classes_
            )
        mean, std = mean_and_deviation(spectrograms) if self.standardize else (0.0, 1.0)
        params = {"input_shape": self.input_shape_, "n_classes": len(self.classes_)}
        params |= {"mean": mean, "std": std} | self._module_params()
        settings = self._settings()
        array, targets = self._samples(spectrograms, targets, settings.seed)
        self.net_ = train_network(
            self._module, params, (array,), targets, settings, sample_weight=weigh(targets, weights)
        )
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
        spectrograms = self._spectrograms(self._check_X(X, reset=False), shape=self.input_shape_)
        return self._probabilities(spectrograms)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.three_d_array = isinstance(self.frontend, str)
        tags.classifier_tags.poor_score = is_sign_invariant(self.frontend)
        return tags

    def _module_params(self):
        return {}

    def _samples(self, spectrograms, targets, seed):
        """Return what the network is trained on, row by row."""
        return spectrograms, targets

    def _probabilities(self, spectrograms):
        return softmax(predict_logits(self.net_, (spectrograms,)))

    def _check_X(self, X, *, reset):
        if not isinstance(self.frontend, str):
            return check_clips(self, X, reset=reset)
        checks = {"dtype": np.float32, "order": "C", "ensure_2d": False, "allow_nd": True}
        try:
            return check_array(X, **checks, input_name="X", estimator=self)
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{str(error).strip()}\nWith frontend='passthrough' X holds spectrograms, finite "
                "numbers of shape (n_clips, n_mels, n_frames)."
            ) from None

    def _fit_frontend(self, clips):
        if isinstance(self.frontend, str):
            if clips.ndim != 3:
                raise ValueError(
                    f"Found array with dim {clips.ndim}; with frontend='passthrough' X holds "
                    "spectrograms, of shape (n_clips, n_mels, n_frames). Reshape your data, or "
                    "give a front end."
                )
            why = "with frontend='passthrough' the spectrograms are given"
            refuse_hearing(why, self.offset, self.duration)
            return "passthrough"
        return fit_frontend(
            self.frontend,
            clips,
            offset=self.offset,
            duration=self.duration,
            default=self._default_frontend(),
            n_jobs=self.n_jobs,
            shortest=self._shortest,
        )

    def _default_frontend(self):
        return MelSpectrogram()

    def _spectrograms(self, clips, *, shape=None):
        if isinstance(clips, Clips):
            return transform_clips(self.frontend_, clips, shape=shape, lazily=True)
        check_shape(clips, shape)
        return clips

    def _settings(self):
        return Settings(
            optimizer=self.optimizer,
            lr=self.lr,
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            batch_size=self.batch_size,
            max_epochs=self.max_epochs,
            stop_accuracy=self.stop_accuracy,
            micro_batch=self._micro_batch,
            device=self.device,
            precision=self.precision,
            seed=draw_seed(self.random_state),
            verbose=self.verbose,
        )
