"""Hybrid Augmented: a CNN on mel-spectrograms beside a DNN on handcrafted features."""

import copy
import numbers

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._compat import HasMethods, Interval, StrOptions, _fit_context
from .._docs import share_docs
from ..audio import HEARD_CONSTRAINTS, check_clips
from ..augmentation import (
    PitchShift,
    PowerShift,
    TimeShift,
    TimeStretch,
    append_copies,
    as_samplers,
)
from ..nets import FeatureDNN, HybridNet, MelCNN
from ..spectrogram import fit_frontend, mean_and_deviation, transform_clips
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
from ._features import FEATURE_CONSTRAINT, FeatureSource, is_sign_invariant
from ._predict import PredictsMostProbable

# Largest absolute value of a standardised descriptor.
_LIMIT = 3.0

# Each stage has its own of these, by its prefix; the others all stages share.
_PER_STAGE = ("optimizer", "lr", "batch_size", "max_epochs")
_SHARED = [name for name in NET_CONSTRAINTS if name not in _PER_STAGE]
_STAGE_CONSTRAINTS = {
    f"{stage}_{name}": NET_CONSTRAINTS[name]
    for stage in ("head", "cnn", "dnn")
    for name in _PER_STAGE
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


@share_docs
class HybridMER(PredictsMostProbable, ClassifierMixin, BaseEstimator):
    """Hybrid Augmented: a CNN on mel-spectrograms beside a DNN on descriptors.

    A DNN is trained on the descriptors and then frozen. A CNN is trained on the spectrograms of
    the clips and of altered copies. In the paper [1]_ layers that merge both are then trained
    further on the clips (``head="network"``). By default nothing is trained on top of them: the
    logits of several DNNs and of the CNN are averaged. The default settings were chosen on
    training folds only; ``make_method("hybrid", recipe="paper")`` has those of the paper.

    Parameters
    ----------
    features : {"auto", "columns"} or transformer, default="auto"
        {features}
    frontend : transformer or None, default=None
        {frontend}
    offset : float, default=0.0
        {offset}
    duration : float, "auto" or None, default="auto"
        {heard_duration}
    augment : "default", sampler, list of samplers or None, default="default"
        Sampler, or list of samplers, that adds altered copies of the waveforms to the training
        clips of the CNN. "default": one copy each by `TimeShift`, `PitchShift`, `TimeStretch` and
        `PowerShift`. Clips to predict are not altered.
    standardize : bool, default=True
        {standardize}
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    head : {"mean", "network"}, default="mean"
        What merges the branches. "mean": the weighted mean of their logits. "network": layers on
        the last hidden layers of both, with which the CNN is trained further. `head_optimizer`,
        `head_lr`, `head_batch_size` and `head_max_epochs` are for "network" only.
    n_dnns : int, default=10
        Number of DNNs with weights of their own. 1 for ``head="network"``.
    cnn_share : float, default=0.1
        Share of the CNN in the mean; the DNNs share the rest equally. For ``head="mean"`` only.
    head_optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        Optimiser of the head, as in :mod:`torch.optim`.
    head_lr : float, default=0.001
        Learning rate of the head. With ``schedule="onecycle"``, the highest learning rate.
    head_batch_size : int, default=64
        Number of clips per training batch of the head.
    head_max_epochs : int, default=20
        Largest number of training epochs of the head.
    cnn_optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        Optimiser of the CNN, as in :mod:`torch.optim`.
    cnn_lr : float, default=0.002
        Learning rate of the CNN. With ``schedule="onecycle"``, the highest learning rate.
    cnn_batch_size : int, default=32
        Number of clips per training batch of the CNN.
    cnn_max_epochs : int, default=1
        Largest number of training epochs of the CNN.
    dnn_optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        Optimiser of the DNN, as in :mod:`torch.optim`.
    dnn_lr : float, default=0.003
        Learning rate of the DNN. With ``schedule="onecycle"``, the highest learning rate.
    dnn_batch_size : int, default=64
        Number of clips per training batch of the DNN.
    dnn_max_epochs : int, default=10
        Largest number of training epochs of the DNN.
    weight_decay : float, default=0.01
        {weight_decay}
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over the epochs of a stage: constant, or rising and then falling
        (:class:`torch.optim.lr_scheduler.OneCycleLR`).
    max_epochs : int or None, default=None
        If given, replaces `head_max_epochs`, `cnn_max_epochs` and `dnn_max_epochs`.
    stop_accuracy : float or None, default=0.9
        A stage stops after its first epoch whose training accuracy is at least this. None to
        always train for all epochs.
    precision : {"auto", "float32", "bfloat16"}, default="auto"
        {precision}
    device : {"auto", "cpu", "cuda"}, default="auto"
        {device}
    n_jobs : int or None, default=None
        {n_jobs}
    random_state : int, RandomState or None, default=None
        {random_state}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        {classes_}
    dnns_ : list of skorch.NeuralNetClassifier
        The trained DNNs.
    cnn_ : skorch.NeuralNetClassifier
        The trained CNN.
    net_ : skorch.NeuralNetClassifier or None
        The whole network, trained further; None with ``head="mean"``.
    frontend_ : transformer
        {frontend_}
    scaler_ : transformer
        The fitted scaler of the descriptors.
    feature_source_ : object
        {feature_source_}
    input_shape_ : tuple of int
        {input_shape_}
    history_ : dict of list of dict
        Loss, training accuracy and duration in seconds of each epoch, for the stages "dnn" (of
        all DNNs, one after the other), "cnn" and, with ``head="network"``, "head".
    n_epochs_ : dict of int
        Number of epochs trained in each stage.
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    SVMBaseline : A support vector machine on descriptors alone.
    CNNBaseline : The CNN on spectrograms alone.

    Notes
    -----
    Layers that are trained on the hidden values of the training clips trust the branch that knows
    these clips by heart. A mean of logits does not. The CNN alone is right much less often than
    the DNNs, but as sure of its answers, hence its small share.

    Descriptors are limited to 3 standard deviations from their mean, if they are standardised.

    In the authors' scripts the frozen DNN is loaded from a folder by the number of the fold, so
    its weights may have been trained on the test clips. Here each stage is trained only on the
    clips passed to `fit`.

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
    {'dnn': 20, 'cnn': 2}
    """

    _parameter_constraints = {
        **{name: NET_CONSTRAINTS[name] for name in _SHARED},
        **_STAGE_CONSTRAINTS,
        "features": FEATURE_CONSTRAINT,
        **HEARD_CONSTRAINTS,
        "frontend": [HasMethods(["fit", "transform"]), None],
        "augment": [
            StrOptions({"default"}),
            HasMethods(["fit_resample"]),
            list,
            tuple,
            None,
        ],
        "standardize": ["boolean"],
        "class_weight": CLASS_WEIGHT_CONSTRAINT,
        "head": [StrOptions({"mean", "network"})],
        "n_dnns": [Interval(numbers.Integral, 1, None, closed="left")],
        "cnn_share": [Interval(numbers.Real, 0, 1, closed="both")],
        "max_epochs": [Interval(numbers.Integral, 1, None, closed="left"), None],
    }

    def __init__(
        self,
        *,
        features="auto",
        frontend=None,
        offset=0.0,
        duration="auto",
        augment="default",
        standardize=True,
        class_weight=None,
        head="mean",
        n_dnns=10,
        cnn_share=0.1,
        head_optimizer="adamw",
        head_lr=0.001,
        head_batch_size=64,
        head_max_epochs=20,
        cnn_optimizer="adamw",
        cnn_lr=0.002,
        cnn_batch_size=32,
        cnn_max_epochs=1,
        dnn_optimizer="adamw",
        dnn_lr=0.003,
        dnn_batch_size=64,
        dnn_max_epochs=10,
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
        self.offset = offset
        self.duration = duration
        self.augment = augment
        self.standardize = standardize
        self.class_weight = class_weight
        self.head = head
        self.n_dnns = n_dnns
        self.cnn_share = cnn_share
        self.head_optimizer = head_optimizer
        self.head_lr = head_lr
        self.head_batch_size = head_batch_size
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

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y):
        """Train the networks on these clips alone.

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
        """
        self._check_head()
        clips = check_clips(self, X, reset=True)
        targets = encode_labels(self, clips, y)
        resolve_device(self.device)  # complains before all clips are read
        samplers = self._samplers()
        random = check_random_state(self.random_state)
        heard = {"offset": self.offset, "duration": self.duration}
        self.frontend_ = fit_frontend(self.frontend, clips, n_jobs=self.n_jobs, **heard)
        features = self._fit_features(clips)
        spectrograms = transform_clips(self.frontend_, clips, lazily=True)
        self.input_shape_ = spectrograms.shape[1:]
        dnn_seed, cnn_seed, head_seed = (draw_seed(random) for _ in range(3))
        dnn_seeds = [dnn_seed, *(draw_seed(random) for _ in range(self.n_dnns - 1))]
        self.dnns_ = [self._fit_dnn(features, targets, seed) for seed in dnn_seeds]
        self.cnn_ = self._fit_cnn(clips, spectrograms, targets, samplers, cnn_seed)
        stages = {"dnn": self.dnns_, "cnn": [self.cnn_]}
        self.net_ = None
        if self.head == "network":
            self.net_ = self._fit_head(spectrograms, features, targets, head_seed)
            stages["head"] = [self.net_]
        self.history_ = {
            stage: [epoch for net in nets for epoch in net.history.to_list()]
            for stage, nets in stages.items()
        }
        self.n_epochs_ = {stage: len(epochs) for stage, epochs in self.history_.items()}
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
        check_is_fitted(self, "n_epochs_")
        clips = check_clips(self, X, reset=False)
        features = self._scale(self.feature_source_.transform(clips))
        spectrograms = transform_clips(self.frontend_, clips, shape=self.input_shape_, lazily=True)
        if self.net_ is not None:
            return softmax(predict_logits(self.net_, (spectrograms, features)))
        dnns = np.mean([predict_logits(dnn, (features,)) for dnn in self.dnns_], axis=0)
        cnn = predict_logits(self.cnn_, (spectrograms,))
        share = float(self.cnn_share)  # in double precision, whatever its type
        return softmax((1 - share) * dnns + share * cnn)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.classifier_tags.poor_score = is_sign_invariant(self.frontend)
        return tags

    def _check_head(self):
        if self.head == "network" and self.n_dnns != 1:
            raise ValueError(
                f"head='network' merges the CNN with one DNN, but n_dnns={self.n_dnns}. Set "
                "n_dnns=1, or head='mean'."
            )

    def _fit_features(self, clips):
        heard = {"offset": self.offset, "duration": self.duration}
        self.feature_source_ = FeatureSource(self.features, n_jobs=self.n_jobs, **heard)
        self.scaler_ = StandardScaler() if self.standardize else FunctionTransformer()
        described = self.feature_source_.fit_transform(clips)
        self.scaler_.fit(described)
        return self._scale(described)

    def _scale(self, described):
        scaled = self.scaler_.transform(described)
        return (scaled.clip(-_LIMIT, _LIMIT) if self.standardize else scaled).astype(np.float32)

    def _fit_dnn(self, features, targets, seed):
        params = {"n_features": features.shape[1], "n_classes": len(self.classes_)}
        weights = weigh(targets, class_weights(self, targets))
        settings = self._settings("dnn", seed)
        return train_network(
            FeatureDNN, params, (features,), targets, settings, sample_weight=weights
        )

    def _fit_cnn(self, clips, spectrograms, targets, samplers, seed):
        weights = class_weights(self, targets)
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
        settings = self._settings("cnn", seed, micro_batch=8)
        return train_network(
            MelCNN,
            params,
            (spectrograms,),
            targets,
            settings,
            sample_weight=weigh(targets, weights),
        )

    def _fit_head(self, spectrograms, features, targets, seed):
        # On the CPU: skorch keeps the branches with its parameters, which pickle as they are.
        branches = {"cnn": self.cnn_.module_, "dnn": self.dnns_[0].module_}
        params = {name: copy.deepcopy(branch).cpu() for name, branch in branches.items()}
        # Batch normalisation in the head needs many clips; the memory of the CNN allows few.
        settings = self._settings("head", seed, micro_batch=32)
        return train_network(
            HybridNet,
            {"n_classes": len(self.classes_), **params},
            (spectrograms, features),
            targets,
            settings,
            sample_weight=weigh(targets, class_weights(self, targets)),
        )

    def _samplers(self):
        default = isinstance(self.augment, str)
        return as_samplers(
            default_samplers(self.n_jobs) if default else self.augment, self.frontend
        )

    def _settings(self, stage, seed, micro_batch=None):
        own = {name: getattr(self, f"{stage}_{name}") for name in _PER_STAGE}
        if self.max_epochs is not None:
            own["max_epochs"] = self.max_epochs
        return Settings(
            **own,
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            stop_accuracy=self.stop_accuracy,
            micro_batch=micro_batch,
            device=self.device,
            precision=self.precision,
            seed=seed,
            verbose=self.verbose,
        )
