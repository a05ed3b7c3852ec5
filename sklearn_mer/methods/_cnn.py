"""DL Baseline: a CNN on mel-spectrograms."""

from ..nets import MelCNN
from ._spectrogram_classifier import SpectrogramClassifier


class CNNBaseline(SpectrogramClassifier):
    """The DL Baseline: a convolutional network on mel-spectrograms.

    Four convolutions of 16 filters with max-pooling, one hidden layer of 300 [1]_. The defaults
    of training are this library's recipe ``default``, chosen on training folds only; the paper's
    are ``make_method("cnn", recipe="paper")``.

    Parameters
    ----------
    frontend : transformer, "passthrough" or None, default=None
        From clips to spectrograms (n_clips, n_mels, n_frames); cloned in `fit`. None for the
        study's: `MelSpectrogram` at 16 kHz of the peak-normalised clip, the first 30 s of files.
        "passthrough" where X holds spectrograms already.
    augment : sampler, list of samplers or None, default=None
        Adds to the training clips: altered copies (`sklearn_mer.augmentation`), or spectrograms
        (`DeepSMOTE`). Clips to be predicted stay as they are.
    standardize : bool, default=True
        Whether spectrograms are standardised by mean and deviation of the training clips.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
    lr : float, default=0.002
        Learning rate; the highest one where the schedule varies it.
    weight_decay : float, default=0.01
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over time: constant, or rising and falling over `max_epochs` [2]_.
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
    HybridMER : This network beside one on handcrafted features.

    Notes
    -----
    On a CPU, batches are worked off in micro-batches of eight clips; batch normalisation sees
    the statistics of these.

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
