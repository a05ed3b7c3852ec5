"""ShortChunk CNN: residual blocks on mel-spectrograms of segments."""

import numbers

from .._compat import Interval
from .._docs import share_docs
from ..nets import ShortChunkNet
from ._segments import SegmentClassifier


@share_docs
class ShortChunkCNN(SegmentClassifier):
    """ShortChunk CNN: seven residual blocks on segments of mel-spectrograms.

    Each segment is a training sample with the label of its clip [1]_ [2]_. The probabilities of a
    clip are the mean over its segments. The default training settings were chosen on training
    folds only; ``make_method("short_chunk", recipe="paper")`` has those of the paper.

    Parameters
    ----------
    width : int, default=128
        Number of filters of the first two blocks. The next four have twice as many, the last one
        four times as many.
    segment_length : int, default=115
        Number of frames per segment, at least 16: 115 are 3.7 s with the default front end. Frames
        that do not fill a segment at the end of a clip are not used in prediction.
    segments_per_epoch : int or None, default=1
        {segments_per_epoch}
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
    max_epochs : int, default=8
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
    SampleCNN : Segments of the waveform.

    Notes
    -----
    Clips are split into segments inside `fit` and `predict`, so the segments of a clip stay on one
    side of any split. Segments are cut when needed and not copied in advance. The authors' scripts
    average predicted class numbers, which is not meaningful for classes without an order.

    {micro_batch}

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".
    .. [2] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> from sklearn_mer import ShortChunkCNN
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> method = ShortChunkCNN(width=4, max_epochs=1, random_state=0).fit(X, y)
    >>> method.predict_proba(X).shape
    (8, 4)
    """

    _parameter_constraints = {
        **SegmentClassifier._parameter_constraints,
        "width": [Interval(numbers.Integral, 1, None, closed="left")],
        "segment_length": [Interval(numbers.Integral, 16, None, closed="left")],
    }
    _module = ShortChunkNet
    _micro_batch = 16
    _shortest = 3.7

    def __init__(
        self,
        *,
        width=128,
        segment_length=115,
        segments_per_epoch=1,
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
        max_epochs=8,
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

    def _module_params(self):
        return {**super()._module_params(), "width": self.width}
