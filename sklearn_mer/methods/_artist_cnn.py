"""Artist CNN: a new head on a network that was trained to tell artists apart."""

from ..embeddings import ArtistEmbedding
from ._transfer import TransferClassifier


class ArtistCNN(TransferClassifier):
    """A dense layer on a frozen network that was trained on artist labels.

    The network gives 256 values of a clip [1]_; only the new layer learns [2]_. The defaults of
    training are this library's recipe ``default``, chosen on training folds only; the paper's are
    ``make_method("artist_cnn", recipe="paper")``.

    Parameters
    ----------
    weights : str or path-like, default="artist_siamese_10000"
        The name, looked for in the data home and checked by sha256; or the path of a file of
        your own, see `ArtistEmbedding`.
    dropout : float, default=0.2
        Share of the values that are left out, another one each time, when training.
    standardize : bool, default=True
        Whether each value is standardised by mean and deviation of the training clips.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
    lr : float, default=0.01
        Learning rate; the highest one where the schedule varies it.
    weight_decay : float, default=0.01
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over time: constant, or rising and falling over `max_epochs`.
    batch_size : int, default=32
    max_epochs : int, default=30
    stop_accuracy : float or None, default=None
        Training ends with the first epoch whose training accuracy is at least this.
    precision : {"auto", "float32", "bfloat16"}, default="float32"
        Of the new layer's training.
    device : {"auto", "cpu", "cuda"}, default="auto"
        Of the new layer's training; the frozen network runs on the CPU, once a clip.
    data_home : str or path-like, default=None
        Where the weights are; see `sklearn_mer.datasets.get_data_home`.
    cache : bool, path-like or ClipCache, default=True
        Where the network's values are kept, so that they are computed once a clip: True for the
        default folder, False for nowhere.
    n_jobs : int or None, default=None
        Threads over clips of the frozen network.
    random_state : int, RandomState or None, default=None
        Of initial weights, shuffling and dropout. The same seed gives the same result, for any
        number of threads or jobs.
    verbose : int, default=0
        Progress bars when positive.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    net_ : skorch.NeuralNetClassifier
        The trained head.
    embedding_ : ArtistEmbedding
        The frozen network.
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
    sklearn_mer.embeddings.ArtistEmbedding : The network, for pipelines of your own.
    PretrainedCRNN : A network trained on tags.

    Notes
    -----
    Waveforms given as an array must be at 22,050 Hz, the rate of the pre-trained weights, not at
    the 16 kHz of the other methods: the rate of an array cannot be checked.
    Of files, the first 30 s are used.

    References
    ----------
    .. [1] Park et al., "Representation learning of music using artist labels", ISMIR 2018.
    .. [2] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> from sklearn_mer import ArtistCNN
    >>> from sklearn_mer.datasets import load_4qaed
    >>> X, y = load_4qaed(return_X_y=True)  # doctest: +SKIP
    >>> ArtistCNN(random_state=0).fit(X, y).predict(X[:2])  # doctest: +SKIP
    array(['Q1', 'Q1'], dtype='<U2')
    """

    _embedding_class = ArtistEmbedding
    _shortest = 3.0  # one segment
    _sample_rate = 22050

    def __init__(
        self,
        *,
        weights="artist_siamese_10000",
        dropout=0.2,
        standardize=True,
        optimizer="adamw",
        lr=0.01,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=32,
        max_epochs=30,
        stop_accuracy=None,
        precision="float32",
        device="auto",
        data_home=None,
        cache=True,
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.weights = weights
        self.dropout = dropout
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
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
