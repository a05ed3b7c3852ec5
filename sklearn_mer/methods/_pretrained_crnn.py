"""Pre-trained CRNN: a new head on a network that was trained on tags, frozen or fine-tuned."""

import copy
import numbers

from .._compat import Interval
from .._docs import share_docs
from ..audio import HEARD_CONSTRAINTS
from ..embeddings import TaggerEmbedding
from ..nets import TransferNet
from ._transfer import TransferClassifier


@share_docs
class PretrainedCRNN(TransferClassifier):
    """Pre-trained CRNN: a new layer on a network that was trained on tags.

    A new dense layer is trained on the last state of a frozen tagger, 32 values per clip of the
    CRNN [1]_ [2]_. With `unfreeze`, the whole network is then trained further. The default
    training settings were chosen on training folds only;
    ``make_method("crnn_mtat", recipe="paper")`` has those of the paper.

    Parameters
    ----------
    weights : str or path-like, default="mtat_crnn"
        {weights}
        The network must be one of `TaggerEmbedding`.
    unfreeze : bool, default=False
        Whether to train all layers together once the new layer is trained. Batch normalisation
        keeps its statistics.
    unfreeze_lr : float, default=0.0003
        Learning rate of the training of all layers.
    unfreeze_max_epochs : int, default=5
        Number of epochs of the training of all layers.
    offset : float, default=0.0
        {offset}
    duration : float or "auto", default="auto"
        Seconds heard of each clip, from `offset` on; shorter clips are repeated up to that length.
        "auto": 29.124 s of files, the length that the network was trained with; waveforms given as
        arrays whole.
    dropout : float, default=0.1
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
    batch_size : int, default=16
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
        The trained new layer or, with `unfreeze`, the whole network.
    embedding_ : TaggerEmbedding
        The network as loaded.
    history_ : list of dict
        {history_}
        With `unfreeze`, of the training of all layers.
    n_epochs_ : int
        {n_epochs_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    CRNN : The same layers, trained on the clips alone.
    sklearn_mer.embeddings.TaggerEmbedding : The network as a transformer.

    Notes
    -----
    Waveforms given as arrays must be at 16 kHz.

    References
    ----------
    .. [1] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.
    .. [2] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> from sklearn_mer import PretrainedCRNN
    >>> from sklearn_mer.datasets import load_4qaed
    >>> X, y = load_4qaed(return_X_y=True)  # doctest: +SKIP
    >>> PretrainedCRNN(random_state=0).fit(X, y).predict(X[:2])  # doctest: +SKIP
    array(['Q1', 'Q1'], dtype='<U2')
    """

    _parameter_constraints = {
        **TransferClassifier._parameter_constraints,
        "duration": HEARD_CONSTRAINTS["duration"][:2],
        "unfreeze": ["boolean"],
        "unfreeze_lr": [Interval(numbers.Real, 0, None, closed="neither")],
        "unfreeze_max_epochs": [Interval(numbers.Integral, 1, None, closed="left")],
    }
    _seconds = 29.124
    _embedding_class = TaggerEmbedding
    _shortest = 1.52  # what its poolings leave one value of
    _micro_batch = 4  # its first maps are large

    def __init__(
        self,
        *,
        weights="mtat_crnn",
        unfreeze=False,
        unfreeze_lr=0.0003,
        unfreeze_max_epochs=5,
        offset=0.0,
        duration="auto",
        dropout=0.1,
        standardize=True,
        class_weight=None,
        optimizer="adamw",
        lr=0.01,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=16,
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
        self.unfreeze = unfreeze
        self.unfreeze_lr = unfreeze_lr
        self.unfreeze_max_epochs = unfreeze_max_epochs
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

    def _network_input(self, clips):
        if self.unfreeze:
            return self.embedding_.spectrograms(clips)
        return super()._network_input(clips)

    def _train(self, clips, targets, seed):
        super()._train(clips, targets, seed)
        if not self.unfreeze:
            return
        # Copies on the CPU: skorch keeps them with its parameters, which pickle as they are.
        parts = {"body": self.embedding_.network_, "head": copy.deepcopy(self.net_.module_).cpu()}
        settings = self._settings(
            seed + 1,
            lr=self.unfreeze_lr,
            max_epochs=self.unfreeze_max_epochs,
            micro_batch=self._micro_batch,
        )
        self.net_ = self._train_network(
            TransferNet, parts, self._network_input(clips), targets, settings
        )
