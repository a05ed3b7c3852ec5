"""CRNN: convolutions and GRUs on mel-spectrograms."""

import numbers

from .._compat import Interval
from ..nets import MelCRNN
from ._spectrogram_classifier import SpectrogramClassifier


class CRNN(SpectrogramClassifier):
    """The CRNN of music tagging: four convolutions, then two GRUs over time.

    Convolutions of `width` and three times twice as many filters, with batch normalisation and
    max-pooling, leave nine time steps of a clip for two layers of 32 gated recurrent units
    [1]_ [2]_ [3]_. The defaults of training are this library's recipe ``default``, chosen on
    training folds only; the paper's are ``make_method("crnn", recipe="paper")``.

    Parameters
    ----------
    width : int, default=32
        Filters of the first convolution; the others have twice as many. The paper has 64.
    n_units : int, default=32
        Units of each GRU.
    frontend : transformer, "passthrough" or None, default=None
        From clips to spectrograms (n_clips, n_mels, n_frames); cloned in `fit`. None for the
        study's: `MelSpectrogram` at 16 kHz of the peak-normalised clip, the first 30 s of files.
        "passthrough" where X holds spectrograms already.
    augment : sampler, list of samplers or None, default=None
        Adds altered copies of the training clips (`sklearn_mer.augmentation`).
    standardize : bool, default=True
        Whether spectrograms are standardised by mean and deviation of the training clips.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
    lr : float, default=0.003
        Learning rate; the highest one where the schedule varies it.
    weight_decay : float, default=0.01
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over time: constant, or rising and falling over `max_epochs`.
    batch_size : int, default=16
    max_epochs : int, default=10
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
    CNNGRU : Smaller convolutions, larger GRUs.
    sklearn_mer.embeddings.TaggerEmbedding : The same network, trained on tags.

    Notes
    -----
    On a CPU, batches are worked off in micro-batches of four clips; batch normalisation sees the
    statistics of these.

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
    }
    _module = MelCRNN
    _micro_batch = 4  # its first maps are large
    _shortest = 3.2

    def __init__(
        self,
        *,
        width=32,
        n_units=32,
        frontend=None,
        augment=None,
        standardize=True,
        optimizer="adamw",
        lr=0.003,
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
        return {"width": self.width, "n_units": self.n_units}
