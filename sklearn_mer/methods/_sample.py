"""Sample CNN: convolutions on the raw waveform of segments."""

import numbers

from .._compat import HasMethods, Interval
from .._docs import share_docs
from ..audio import AudioLoader
from ..nets import SampleNet
from ..spectrogram import transform_clips
from ._segments import SegmentClassifier


@share_docs
class SampleCNN(SegmentClassifier):
    """Sample CNN: convolutions of three samples on segments of raw waveforms.

    Each segment is a training sample with the label of its clip [1]_ [2]_. The probabilities of a
    clip are the mean over its segments. The default training settings were chosen on training
    folds only; ``make_method("sample_cnn", recipe="paper")`` has those of the paper.

    Parameters
    ----------
    width : int, default=64
        Number of filters of the first layers. The middle layers have twice as many, the last ones
        four times as many. The paper uses 128.
    segment_length : int, default=59049
        Number of samples per segment, at least 59,049 (3.7 s at 16 kHz). Samples that do not fill a
        segment at the end of a clip are not used in prediction.
    segments_per_epoch : int or None, default=1
        {segments_per_epoch}
    frontend : transformer or None, default=None
        Transformer from clips to waveforms of shape (n_clips, n_samples); cloned in `fit`. If None,
        `AudioLoader` at 16 kHz, peak-normalised, with `offset` and `duration`; one of your own has
        these itself.
    offset : float, default=0.0
        {offset}
    duration : float, "auto" or None, default="auto"
        {heard_duration}
    standardize : bool, default=True
        {standardize}
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        {optimizer}
    lr : float, default=0.003
        {lr}
    weight_decay : float, default=0.01
        {weight_decay}
    schedule : {"constant", "onecycle"}, default="onecycle"
        {schedule}
    batch_size : int, default=32
        {batch_size}
    max_epochs : int, default=12
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
    frontend_ : transformer
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
    ShortChunkCNN : Segments of the mel-spectrogram.

    Notes
    -----
    Clips are split into segments inside `fit` and `predict`, so the segments of a clip stay on one
    side of any split. Segments are cut when needed and not copied in advance. To train on altered
    copies, put a sampler of `sklearn_mer.augmentation` in front in a pipeline of imbalanced-learn.

    {micro_batch}

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    .. [2] Lee et al., "Sample-level deep convolutional neural networks for music auto-tagging
       using raw waveforms", SMC 2017.

    Examples
    --------
    >>> from sklearn_mer import SampleCNN
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, duration=4.0, random_state=0, return_X_y=True)
    >>> method = SampleCNN(width=4, max_epochs=1, random_state=0).fit(X, y)
    >>> method.predict_proba(X).shape
    (8, 4)
    """

    _parameter_constraints = {
        **{k: v for k, v in SegmentClassifier._parameter_constraints.items() if k != "augment"},
        "width": [Interval(numbers.Integral, 1, None, closed="left")],
        "frontend": [HasMethods(["fit", "transform"]), None],
    }
    augment = None  # no parameter here
    _module = SampleNet
    # Fewer would leave its last batch normalisations, of one value a segment, poor statistics.
    _micro_batch = 16
    _shortest = 3.7

    def __init__(
        self,
        *,
        width=64,
        segment_length=59049,
        segments_per_epoch=1,
        frontend=None,
        offset=0.0,
        duration="auto",
        standardize=True,
        class_weight=None,
        optimizer="adamw",
        lr=0.003,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=32,
        max_epochs=12,
        stop_accuracy=0.9,
        precision="auto",
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.width = width
        self.segment_length = segment_length
        self.segments_per_epoch = segments_per_epoch
        self.frontend = frontend
        self.offset = offset
        self.duration = duration
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

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        # Two numbers, scikit-learn's blobs, are no sound that could be cut into segments.
        tags.classifier_tags.poor_score = self.frontend is None
        return tags

    def _module_params(self):
        return {**super()._module_params(), "width": self.width}

    def _default_frontend(self):
        return AudioLoader(normalize=True)

    def _spectrograms(self, clips, *, shape=None):
        return transform_clips(self.frontend_, clips, shape=shape, ndim=2)
