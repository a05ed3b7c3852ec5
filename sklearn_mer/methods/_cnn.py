"""DL Baseline: a CNN on mel-spectrograms."""

from .._docs import share_docs
from ..nets import MelCNN
from ._spectrogram_classifier import SpectrogramClassifier


@share_docs
class CNNBaseline(SpectrogramClassifier):
    """DL Baseline: a convolutional network on mel-spectrograms.

    Four convolutions of 16 filters with max-pooling, then a hidden layer of 300 units [1]_. The
    default training settings (a one-cycle schedule [2]_ over few epochs) were chosen on training
    folds only; ``make_method("cnn", recipe="paper")`` has those of the paper.

    Parameters
    ----------
    frontend : transformer, "passthrough" or None, default=None
        {frontend}
        If "passthrough", X contains such spectrograms.
    offset : float, default=0.0
        {offset}
    duration : float, "auto" or None, default="auto"
        {heard_duration}
    augment : sampler, list of samplers or None, default=None
        {augment}
    standardize : bool, default=True
        {standardize}
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        {optimizer}
    lr : float, default=0.002
        {lr}
    weight_decay : float, default=0.01
        {weight_decay}
    schedule : {"constant", "onecycle"}, default="onecycle"
        {schedule}
    batch_size : int, default=32
        {batch_size}
    max_epochs : int, default=16
        {max_epochs}
    stop_accuracy : float or None, default=0.9
        {stop_accuracy}
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
    net_ : skorch.NeuralNetClassifier
        {net_}
    frontend_ : transformer or "passthrough"
        {frontend_}
    input_shape_ : tuple of int
        {input_shape_}
    history_ : list of dict
        {history_}
    n_epochs_ : int
        {n_epochs_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    HybridMER : This network beside one on descriptors.

    Notes
    -----
    {micro_batch}

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    .. [2] Smith and Topin, "Super-convergence: very fast training of neural networks using
       large learning rates", 2019.

    Examples
    --------
    >>> from sklearn_mer import CNNBaseline
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> cnn = CNNBaseline(max_epochs=2, random_state=0).fit(X, y)
    >>> cnn.predict_proba(X).shape
    (8, 4)
    """

    _module = MelCNN

    def __init__(
        self,
        *,
        frontend=None,
        offset=0.0,
        duration="auto",
        augment=None,
        standardize=True,
        class_weight=None,
        optimizer="adamw",
        lr=0.002,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=32,
        max_epochs=16,
        stop_accuracy=0.9,
        precision="auto",
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.frontend = frontend
        self.offset = offset
        self.duration = duration
        self.augment = augment
        self.standardize = standardize
        self.class_weight = class_weight
        self.optimizer = optimizer
        self.lr = lr
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.stop_accuracy = stop_accuracy
        self.precision = precision
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
