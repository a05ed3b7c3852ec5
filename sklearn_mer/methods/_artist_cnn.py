"""Artist CNN: a new head on a network that was trained to tell artists apart."""

from .._docs import share_docs
from ..embeddings import ArtistEmbedding
from ._transfer import TransferClassifier


@share_docs
class ArtistCNN(TransferClassifier):
    """Artist CNN: a new layer on a frozen network that was trained on artist labels.

    The network computes 256 values per clip [1]_; only the new dense layer is trained [2]_. The
    default training settings were chosen on training folds only;
    ``make_method("artist_cnn", recipe="paper")`` has those of the paper.

    Parameters
    ----------
    weights : str or path-like, default="artist_siamese_10000"
        {weights}
        The network must be that of `ArtistEmbedding`.
    offset : float, default=0.0
        {offset}
    duration : float, "auto" or None, default="auto"
        Seconds heard of each clip, from `offset` on; shorter clips are repeated up to that length.
        "auto": 30 s of files; waveforms given as arrays whole. If None, clips are heard whole.
    dropout : float, default=0.2
        {dropout}
    standardize : bool, default=True
        {standardize}
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        {optimizer}
    lr : float, default=0.01
        {lr}
    weight_decay : float, default=0.01
        {weight_decay}
    schedule : {"constant", "onecycle"}, default="onecycle"
        {schedule}
    batch_size : int, default=32
        {batch_size}
    max_epochs : int, default=30
        {max_epochs}
    stop_accuracy : float or None, default=None
        {stop_accuracy}
    precision : {"auto", "float32", "bfloat16"}, default="float32"
        {precision}
    device : {"auto", "cpu", "cuda"}, default="auto"
        {device}
    data_home : str or path-like, default=None
        {data_home}
    cache : bool, path-like or ClipCache, default=True
        {cache}
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
    embedding_ : ArtistEmbedding
        The frozen network.
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
    sklearn_mer.embeddings.ArtistEmbedding : The network as a transformer.
    PretrainedCRNN : A network trained on tags.

    Notes
    -----
    Waveforms given as an array must be at 22,050 Hz, the rate of the pre-trained weights, not at
    the 16 kHz of the other methods: the rate of an array cannot be checked.

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
        offset=0.0,
        duration="auto",
        dropout=0.2,
        standardize=True,
        class_weight=None,
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
        self.offset = offset
        self.duration = duration
        self.dropout = dropout
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
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
