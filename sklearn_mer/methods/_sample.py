"""Sample CNN: convolutions on the raw waveform of segments."""

import numbers

from .._compat import HasMethods, Interval
from ..audio import AudioLoader
from ..nets import SampleNet
from ..spectrogram import fit_frontend, transform_clips
from ._segments import SegmentClassifier


class SampleCNN(SegmentClassifier):
    """The Sample CNN: convolutions of three samples on raw waveforms, averaged over a clip.

    Each segment of a clip's waveform is a training sample with the label of its clip [1]_ [2]_.
    The probabilities of a clip are the mean of those of its segments. The defaults of training
    are this library's recipe ``default``, chosen on training folds only; the paper's are
    ``make_method("sample_cnn", recipe="paper")``.

    Parameters
    ----------
    width : int, default=64
        Filters of the first layers; the middle ones have twice as many, the last four times. The
        paper has 128.
    segment_length : int, default=59049
        Samples of a segment, at least 59,049: 3.7 s at the study's settings. What is left at the
        end of a clip is not used in prediction.
    segments_per_epoch : int or None, default=1
        How many segments of each clip an epoch has, begun anywhere and drawn anew each time.
        None for all, one after the other, without overlap.
    frontend : transformer or None, default=None
        From clips to waveforms (n_clips, n_samples); cloned in `fit`. None for the study's:
        `AudioLoader` at 16 kHz, peak-normalised, the first 30 s of files.
    standardize : bool, default=True
        Whether waveforms are standardised by mean and deviation of the training clips.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
    lr : float, default=0.003
        Learning rate; the highest one where the schedule varies it.
    weight_decay : float, default=0.01
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over time: constant, or rising and falling over `max_epochs`.
    batch_size : int, default=32
        Segments a batch.
    max_epochs : int, default=12
    stop_accuracy : float or None, default=0.9
        Training ends with the first epoch whose training accuracy, of segments, is at least this.
    precision : {"auto", "float32", "bfloat16"}, default="auto"
        Of training's heavy operations: bfloat16 where the device computes in it, when "auto".
        Prediction is always in float32.
    device : {"auto", "cpu", "cuda"}, default="auto"
    n_jobs : int or None, default=None
        Threads of the default front end.
    random_state : int, RandomState or None, default=None
        Of initial weights, shuffling, drawing of segments and dropout. The same seed gives the
        same result, for any number of threads or jobs.
    verbose : int, default=0
        A progress bar an epoch when positive.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    net_ : skorch.NeuralNetClassifier
        The trained network.
    frontend_ : transformer
        The fitted front end.
    input_shape_ : tuple of int
        Samples of a clip.
    history_ : list of dict
        Loss, training accuracy (of segments) and duration of each epoch.
    n_epochs_ : int
        Epochs trained.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    ShortChunkCNN : Segments of the mel-spectrogram.

    Notes
    -----
    Clips are split into segments inside `fit` and `predict`, so whatever splits clips keeps the
    segments of one together. The segments are cut from the waveform of the clip when they are
    needed: no copy of all is ever made. For altered copies of the clips, put a sampler of
    `sklearn_mer.augmentation` before it in an imbalanced-learn pipeline.

    On a CPU, batches are worked off in micro-batches of 16 segments; batch normalisation sees
    the statistics of these.

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
        standardize=True,
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
        self.standardize = standardize
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

    def _fit_frontend(self, clips):
        return fit_frontend(
            self.frontend,
            clips,
            default=AudioLoader(normalize=True),
            n_jobs=self.n_jobs,
            shortest=self._shortest,
        )

    def _spectrograms(self, clips, *, shape=None):
        return transform_clips(self.frontend_, clips, shape=shape, ndim=2)
