"""Hybrid Augmented: a CNN on mel-spectrograms beside a DNN on handcrafted features."""

import copy
import numbers

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._compat import HasMethods, Interval, StrOptions, _fit_context
from ..audio import check_clips
from ..augmentation import (
    PitchShift,
    PowerShift,
    TimeShift,
    TimeStretch,
    append_copies,
    as_samplers,
)
from ..nets import FeatureDNN, HybridHead, HybridNet, MelCNN
from ..spectrogram import fit_frontend, mean_and_deviation, transform_clips
from ..training import (
    NET_CONSTRAINTS,
    Settings,
    draw_seed,
    encode_labels,
    predict_hidden,
    predict_logits,
    resolve_device,
    softmax,
    train_network,
)
from ._features import FEATURE_CONSTRAINT, FeatureSource, hears_waveforms
from ._predict import PredictsMostProbable

_STAGE_CONSTRAINTS = {
    f"{stage}_{name}": NET_CONSTRAINTS[name]
    for stage in ("cnn", "dnn")
    for name in ("optimizer", "lr", "batch_size", "max_epochs")
}


def default_samplers(n_jobs=None):
    """Return the four augmentations of the paper, with a fixed seed of their own.

    The seed is not the estimator's: the copies of a clip are then made once for all folds.

    Parameters
    ----------
    n_jobs : int or None, default=None

    Returns
    -------
    list of sampler
    """
    classes = (TimeShift, PitchShift, TimeStretch, PowerShift)
    return [sampler(random_state=0, n_jobs=n_jobs) for sampler in classes]


class HybridMER(PredictsMostProbable, ClassifierMixin, BaseEstimator):
    """Hybrid Augmented: spectrograms and handcrafted features, merged.

    Three stages [1]_, each on the training clips of the current `fit` alone: a DNN learns from
    the features and is then frozen; a CNN learns from the spectrograms of the clips and of their
    altered copies; a head learns from the last hidden layers of both, the CNN going on to learn
    with it where `train_cnn`. The defaults of training are this library's recipe ``default``,
    chosen on training folds only; the paper's are ``make_method("hybrid", recipe="paper")``.

    Parameters
    ----------
    features : {"auto", "columns"} or transformer, default="auto"
        What describes a clip. "columns": the numeric columns of X. A transformer from clips to a
        table: cloned in `fit`. "auto": the columns where X is a table that has some, else
        `sklearn_mer.features.EmotionFeatures` of the audio at 16 kHz.
    frontend : transformer or None, default=None
        From clips to spectrograms (n_clips, n_mels, n_frames); cloned in `fit`. None for the
        study's: `MelSpectrogram` at 16 kHz of the peak-normalised clip, the first 30 s of files.
    augment : "default", sampler, list of samplers or None, default="default"
        Makes the copies that the CNN learns from beside the clips. "default": time shift, pitch
        shift, time stretch and power shift, a copy each.
    standardize : bool, default=True
        Whether spectrograms and features are standardised by mean and deviation of the
        training clips.
    train_cnn : bool, default=False
        Whether the CNN goes on learning with the head.
    optimizer, lr, batch_size, head_max_epochs : default="adamw", 0.001, 64, 20
        Of the head.
    cnn_optimizer, cnn_lr, cnn_batch_size, cnn_max_epochs : default="adamw", 0.002, 32, 2
        Of the CNN, on clips and copies.
    dnn_optimizer, dnn_lr, dnn_batch_size, dnn_max_epochs : default="adamw", 0.001, 64, 20
        Of the DNN.
    weight_decay : float, default=0.01
        Of all stages.
    schedule : {"constant", "onecycle"}, default="onecycle"
        Of all stages; see `CNNBaseline`.
    max_epochs : int or None, default=None
        Caps every stage; None leaves each stage its own limit.
    stop_accuracy : float or None, default=0.9
        A stage ends with its first epoch whose training accuracy is at least this.
    precision : {"auto", "float32", "bfloat16"}, default="auto"
        See `CNNBaseline`.
    device : {"auto", "cpu", "cuda"}, default="auto"
    n_jobs : int or None, default=None
        Threads of the default front end and features, and of the augmentation.
    random_state : int, RandomState or None, default=None
        Of initial weights, shuffling and dropout in all stages.
    verbose : int, default=0
        A progress bar an epoch when positive.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    dnn_, cnn_, net_ : skorch.NeuralNetClassifier
        The trained networks of the stages; ``net_`` is the head, or the whole where `train_cnn`.
    frontend_, scaler_ : transformer
        Fitted.
    feature_source_ : object
        Where descriptors come from: ``names_`` of columns, or a fitted ``transformer_``.
    input_shape_ : tuple of int
        Mel bands and frames.
    history_ : dict of list of dict
        Loss, training accuracy and duration of each epoch, a stage: "dnn", "cnn", "head".
    n_epochs_ : dict of int
        Epochs trained, a stage.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    SVMBaseline : On features alone.
    CNNBaseline : On spectrograms alone.

    Notes
    -----
    In the authors' scripts the frozen branch is loaded from a folder by the number of the fold,
    so weights trained on other folds may have met the test clips. Here no stage sees any clip
    but those given to `fit`.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> from sklearn_mer import HybridMER
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> hybrid = HybridMER(augment=None, max_epochs=2, random_state=0).fit(X, y)
    >>> hybrid.n_epochs_
    {'dnn': 2, 'cnn': 2, 'head': 2}
    """

    _parameter_constraints = {
        **NET_CONSTRAINTS,
        **_STAGE_CONSTRAINTS,
        "features": FEATURE_CONSTRAINT,
        "frontend": [HasMethods(["fit", "transform"]), None],
        "augment": [
            StrOptions({"default"}),
            HasMethods(["fit_resample"]),
            list,
            tuple,
            None,
        ],
        "standardize": ["boolean"],
        "train_cnn": ["boolean"],
        "head_max_epochs": NET_CONSTRAINTS["max_epochs"],
        "max_epochs": [Interval(numbers.Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        *,
        features="auto",
        frontend=None,
        augment="default",
        standardize=True,
        train_cnn=False,
        optimizer="adamw",
        lr=0.001,
        batch_size=64,
        head_max_epochs=20,
        cnn_optimizer="adamw",
        cnn_lr=0.002,
        cnn_batch_size=32,
        cnn_max_epochs=2,
        dnn_optimizer="adamw",
        dnn_lr=0.001,
        dnn_batch_size=64,
        dnn_max_epochs=20,
        weight_decay=0.01,
        schedule="onecycle",
        max_epochs=None,
        stop_accuracy=0.9,
        precision="auto",
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.features = features
        self.frontend = frontend
        self.augment = augment
        self.standardize = standardize
        self.train_cnn = train_cnn
        self.optimizer = optimizer
        self.lr = lr
        self.batch_size = batch_size
        self.head_max_epochs = head_max_epochs
        self.cnn_optimizer = cnn_optimizer
        self.cnn_lr = cnn_lr
        self.cnn_batch_size = cnn_batch_size
        self.cnn_max_epochs = cnn_max_epochs
        self.dnn_optimizer = dnn_optimizer
        self.dnn_lr = dnn_lr
        self.dnn_batch_size = dnn_batch_size
        self.dnn_max_epochs = dnn_max_epochs
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.max_epochs = max_epochs
        self.stop_accuracy = stop_accuracy
        self.precision = precision
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Train the three stages, on these clips alone.

        Parameters
        ----------
        X : clips
            Paths, waveforms of shape (n_clips, n_samples), or a table; see `sklearn_mer.audio`.
        y : array-like of shape (n_clips,)
            Labels.

        Returns
        -------
        self
        """
        clips = check_clips(self, X, reset=True)
        targets = encode_labels(self, clips, y)
        resolve_device(self.device)  # complains before all clips are read
        samplers = self._samplers()
        random = check_random_state(self.random_state)
        features = self._fit_features(clips)
        self.frontend_ = fit_frontend(self.frontend, clips, n_jobs=self.n_jobs)
        spectrograms = transform_clips(self.frontend_, clips, lazily=True)
        self.input_shape_ = spectrograms.shape[1:]
        self.dnn_ = self._fit_dnn(features, targets, draw_seed(random))
        self.cnn_ = self._fit_cnn(clips, spectrograms, targets, samplers, draw_seed(random))
        self.net_ = self._fit_head(spectrograms, features, targets, draw_seed(random))
        nets = {"dnn": self.dnn_, "cnn": self.cnn_, "head": self.net_}
        self.history_ = {stage: net.history.to_list() for stage, net in nets.items()}
        self.n_epochs_ = {stage: len(epochs) for stage, epochs in self.history_.items()}
        return self

    def predict_proba(self, X):
        """Return the probability of each class.

        Parameters
        ----------
        X : clips

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            Columns in the order of ``classes_``.
        """
        check_is_fitted(self, "net_")
        clips = check_clips(self, X, reset=False)
        described = self.feature_source_.transform(clips)
        features = self.scaler_.transform(described).astype(np.float32)
        spectrograms = transform_clips(self.frontend_, clips, shape=self.input_shape_, lazily=True)
        inputs = self._head_inputs(spectrograms, features)
        return softmax(predict_logits(self.net_, inputs))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.classifier_tags.poor_score = hears_waveforms(self.frontend)
        return tags

    def _fit_features(self, clips):
        self.feature_source_ = FeatureSource(self.features, n_jobs=self.n_jobs)
        self.scaler_ = StandardScaler() if self.standardize else FunctionTransformer()
        described = self.feature_source_.fit_transform(clips)
        return self.scaler_.fit_transform(described).astype(np.float32)

    def _fit_dnn(self, features, targets, seed):
        params = {"n_features": features.shape[1], "n_classes": len(self.classes_)}
        settings = self._settings(
            self.dnn_optimizer, self.dnn_lr, self.dnn_batch_size, self.dnn_max_epochs, seed
        )
        return train_network(FeatureDNN, params, (features,), targets, settings)

    def _fit_cnn(self, clips, spectrograms, targets, samplers, seed):
        if samplers:
            spectrograms, targets = append_copies(
                self.frontend_, clips, samplers, spectrograms, targets, self.classes_
            )
        mean, std = mean_and_deviation(spectrograms) if self.standardize else (0.0, 1.0)
        params = {
            "input_shape": self.input_shape_,
            "n_classes": len(self.classes_),
            "mean": mean,
            "std": std,
            "norm_last": True,
            "dense_dropout": 0.3,
        }
        settings = self._settings(
            self.cnn_optimizer,
            self.cnn_lr,
            self.cnn_batch_size,
            self.cnn_max_epochs,
            seed,
            micro_batch=8,
        )
        return train_network(MelCNN, params, (spectrograms,), targets, settings)

    def _fit_head(self, spectrograms, features, targets, seed):
        params = {"n_classes": len(self.classes_)}
        inputs = self._head_inputs(spectrograms, features)
        if self.train_cnn:
            module, params = HybridNet, params | self._branches()
        else:
            module, params = HybridHead, params | {"n_inputs": inputs[0].shape[1]}
        # The head's batch normalisation wants many clips, the CNN's memory few.
        settings = self._settings(
            self.optimizer,
            self.lr,
            self.batch_size,
            self.head_max_epochs,
            seed,
            micro_batch=32 if self.train_cnn else None,
        )
        return train_network(module, params, inputs, targets, settings)

    def _branches(self):
        # On the CPU: skorch keeps them with its parameters, which pickle as they are.
        branches = {"cnn": self.cnn_.module_, "dnn": self.dnn_.module_}
        return {name: copy.deepcopy(branch).cpu() for name, branch in branches.items()}

    def _head_inputs(self, spectrograms, features):
        if self.train_cnn:
            return spectrograms, features
        hidden = [
            predict_hidden(self.cnn_, (spectrograms,)),
            predict_hidden(self.dnn_, (features,)),
        ]
        return (np.concatenate(hidden, axis=1).astype(np.float32),)

    def _samplers(self):
        default = isinstance(self.augment, str)
        return as_samplers(
            default_samplers(self.n_jobs) if default else self.augment, self.frontend
        )

    def _settings(self, optimizer, lr, batch_size, max_epochs, seed, micro_batch=None):
        return Settings(
            optimizer=optimizer,
            lr=lr,
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            batch_size=batch_size,
            max_epochs=min(max_epochs, self.max_epochs or max_epochs),
            stop_accuracy=self.stop_accuracy,
            micro_batch=micro_batch,
            device=self.device,
            precision=self.precision,
            seed=seed,
            verbose=self.verbose,
        )
