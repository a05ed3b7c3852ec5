"""Baseline with GRU: a CNN on mel-spectrograms, then GRUs over time."""

import numbers

from .._compat import Interval
from ..nets import MelCNNGRU
from ._spectrogram_classifier import SpectrogramClassifier


class CNNGRU(SpectrogramClassifier):
    """The Baseline with GRU: the convolutions of the DL Baseline, then two GRUs over time.

    Four convolutions of 16 filters with max-pooling; their time steps enter two layers of
    gated recurrent units; hidden layers of 300 and 75 [1]_. The defaults of training are this
    library's recipe ``default``, chosen on training folds only; the paper's are
    ``make_method("cnn_gru", recipe="paper")``.

    Parameters
    ----------
    n_units : int, default=256
        Units of each GRU; the paper has 2000.
    one_step : bool, default=False
        Whether the whole map enters the GRUs as one time step, as in the authors' scripts. The
        GRUs then never see time.
    frontend : transformer, "passthrough" or None, default=None
        From clips to spectrograms (n_clips, n_mels, n_frames); cloned in `fit`. None for the
        study's: `MelSpectrogram` at 16 kHz of the peak-normalised clip, the first 30 s of files.
        "passthrough" where X holds spectrograms already.
    augment : sampler, list of samplers or None, default=None
        Adds altered copies of the training clips (`sklearn_mer.augmentation`).
    standardize : bool, default=True
        Whether spectrograms are standardised by mean and deviation of the training clips.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
    lr : float, default=0.002
        Learning rate; the highest one where the schedule varies it.
    weight_decay : float, default=0.01
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over time: constant, or rising and falling over `max_epochs`.
    batch_size : int, default=32
    max_epochs : int, default=16
    stop_accuracy : float or None, default=0.9
        Training ends with the first epoch whose training accuracy is at least this.
    precision : {"auto", "float32", "bfloat16"}, default="auto"
        Of training's heavy operations: bfloat16 where the device computes in it, when "auto".
        Prediction is always in float32.
    device : {"auto", "cpu", "cuda"}, default="auto"
    n_jobs : int or None, default=None
        Threads of the default front end.
    random_state : int, RandomState or None, default=None
        Of initial weights, shuffling and dropout. The same seed gives the same result, for any
        number of threads or jobs.
    verbose : int, default=0
        A progress bar an epoch when positive.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    net_ : skorch.NeuralNetClassifier
        The trained network.
    frontend_ : transformer or "passthrough"
        The fitted front end.
    input_shape_ : tuple of int
        Mel bands and frames.
    history_ : list of dict
        Loss, training accuracy and duration of each epoch.
    n_epochs_ : int
        Epochs trained.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    CNNBaseline : Without the GRUs.
    CRNN : Deeper convolutions, smaller GRUs.

    Notes
    -----
    The paper adds GRUs to hear how a clip develops. In the authors' scripts the map of the last
    convolution is flattened first, so that the GRUs get one time step of 2000 values; here they
    get 24 of 80 for clips of 30 s (25 for the authors' 942 frames).

    On a CPU, batches are worked off in micro-batches of 25 clips; batch normalisation sees the
    statistics of these.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> from sklearn_mer import CNNGRU
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> method = CNNGRU(n_units=50, max_epochs=1, random_state=0).fit(X, y)
    >>> method.predict_proba(X).shape
    (8, 4)
    """

    _parameter_constraints = {
        **SpectrogramClassifier._parameter_constraints,
        "n_units": [Interval(numbers.Integral, 1, None, closed="left")],
        "one_step": ["boolean"],
    }
    _module = MelCNNGRU
    # The convolutions like few clips, the products of the GRUs many: they read all weights anew
    # for every micro-batch.
    _micro_batch = 25

    def __init__(
        self,
        *,
        n_units=256,
        one_step=False,
        frontend=None,
        augment=None,
        standardize=True,
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
        self.n_units = n_units
        self.one_step = one_step
        self.frontend = frontend
        self.augment = augment
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

    def _module_params(self):
        return {"n_units": self.n_units, "one_step": self.one_step}
