"""CRNN: convolutions and GRUs on mel-spectrograms."""

import numbers

from .._compat import Interval
from .._docs import share_docs
from ..nets import MelCRNN
from ..spectrogram import MelSpectrogram
from ._spectrogram_classifier import SpectrogramClassifier


@share_docs
class CRNN(SpectrogramClassifier):
    """CRNN: four convolutions on mel-spectrograms, then two GRUs over time.

    The tagging network of Choi et al. and Won et al.: four convolutions with batch normalisation
    and max-pooling, the first of `width` filters and the others of twice as many, then two layers
    of gated recurrent units over the nine time steps that are left [1]_ [2]_ [3]_. The default
    training settings were chosen on training folds only; ``make_method("crnn", recipe="paper")``
    has those of the paper.

    Parameters
    ----------
    width : int, default=32
        Number of filters of the first convolution; the others have twice as many. The paper
        uses 64.
    n_units : int, default=32
        Number of units of each GRU.
    frontend : transformer, "passthrough" or None, default=None
        {frontend}
        If "passthrough", X contains such spectrograms.
    offset : float, default=0.0
        {offset}
    duration : float, "auto" or None, default="auto"
        {heard_duration}
    hop_length : int, default=1024
        Samples at 16 kHz from one frame of the default front end to the next. The paper uses 512,
        which takes twice as long.
    augment : sampler, list of samplers or None, default=None
        {augment}
    standardize : bool, default=True
        {standardize}
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        {optimizer}
    lr : float, default=0.001
        {lr}
    weight_decay : float, default=0.01
        {weight_decay}
    schedule : {"constant", "onecycle"}, default="onecycle"
        {schedule}
    batch_size : int, default=16
        {batch_size}
    max_epochs : int, default=10
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
    CNNGRU : Smaller convolutions, larger GRUs.
    sklearn_mer.embeddings.TaggerEmbedding : The same network, trained on tags.

    Notes
    -----
    {micro_batch}

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    .. [2] Choi et al., "Convolutional recurrent neural networks for music classification",
       ICASSP 2017.
    .. [3] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> from sklearn_mer import CRNN
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> method = CRNN(width=4, max_epochs=1, random_state=0).fit(X, y)
    >>> method.predict_proba(X).shape
    (8, 4)
    """

    _parameter_constraints = {
        **SpectrogramClassifier._parameter_constraints,
        "width": [Interval(numbers.Integral, 1, None, closed="left")],
        "n_units": [Interval(numbers.Integral, 1, None, closed="left")],
        "hop_length": [Interval(numbers.Integral, 1, None, closed="left")],
    }
    _module = MelCRNN
    _micro_batch = 4  # its first maps are large

    def __init__(
        self,
        *,
        width=32,
        n_units=32,
        frontend=None,
        offset=0.0,
        duration="auto",
        hop_length=1024,
        augment=None,
        standardize=True,
        class_weight=None,
        optimizer="adamw",
        lr=0.001,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=16,
        max_epochs=10,
        stop_accuracy=0.9,
        precision="auto",
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.width = width
        self.n_units = n_units
        self.frontend = frontend
        self.offset = offset
        self.duration = duration
        self.hop_length = hop_length
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

    @property
    def _shortest(self):
        return 100 * self.hop_length / 16000  # seconds of the frames that the network needs

    def _default_frontend(self):
        return MelSpectrogram(hop_length=self.hop_length)

    def _module_params(self):
        return {"width": self.width, "n_units": self.n_units}
