"""Pre-trained CRNN: a new head on a network that was trained on tags, frozen or fine-tuned."""

import copy
import numbers

from .._compat import Interval
from ..embeddings import TaggerEmbedding
from ..nets import TransferNet
from ..training import train_network
from ._transfer import TransferClassifier


class PretrainedCRNN(TransferClassifier):
    """A dense layer on the CRNN that was trained on the tags of MagnaTagATune.

    The CRNN's last state of 32 values [1]_ goes into a new layer [2]_, which is all that learns.
    With `unfreeze` the whole network then goes on learning. The defaults of training are this
    library's recipe ``default``, chosen on training folds only; the paper's are
    ``make_method("crnn_mtat", recipe="paper")``.

    Parameters
    ----------
    weights : str or path-like, default="mtat_crnn"
        ``"mtat_crnn"``, ``"msd_crnn"``, ``"jamendo_crnn"``, or the name of an FCN: looked for in
        the data home and checked by sha256; or the path of a file of your own. See
        `TaggerEmbedding`.
    unfreeze : bool, default=False
        Whether, once the new layer is trained, all layers are trained together. Batch
        normalisations keep the statistics they have.
    unfreeze_lr : float, default=0.0003
        Learning rate then.
    unfreeze_max_epochs : int, default=5
        Epochs then.
    dropout : float, default=0.1
        Share of the state's values that are left out, another one each time, when training.
    standardize : bool, default=True
        Whether each value is standardised by mean and deviation of the training clips.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
    lr : float, default=0.01
        Learning rate of the new layer; the highest one where the schedule varies it.
    weight_decay : float, default=0.01
    schedule : {"constant", "onecycle"}, default="onecycle"
        Learning rate over time: constant, or rising and falling over `max_epochs`.
    batch_size : int, default=16
    max_epochs : int, default=30
        Of the new layer.
    stop_accuracy : float or None, default=None
        Training ends with the first epoch whose training accuracy is at least this.
    precision : {"auto", "float32", "bfloat16"}, default="float32"
        Of training's heavy operations.
    device : {"auto", "cpu", "cuda"}, default="auto"
        Of training; the frozen network runs on the CPU, once a clip.
    data_home : str or path-like, default=None
        Where the weights are; see `sklearn_mer.datasets.get_data_home`.
    cache : bool, path-like or ClipCache, default=True
        Where states and spectrograms are kept, so that they are computed once a clip: True for
        the default folder, False for nowhere.
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
        The trained head, or the whole network where `unfreeze`.
    embedding_ : TaggerEmbedding
        The network as it was loaded.
    history_ : list of dict
        Loss, training accuracy and duration of each epoch; with `unfreeze`, of those that trained
        all layers.
    n_epochs_ : int
        How many these are.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    CRNN : The same layers, trained on the clips alone.
    sklearn_mer.embeddings.TaggerEmbedding : The network, for pipelines of your own.

    Notes
    -----
    Waveforms given as an array are taken to be at 16 kHz. Of files the first 29.124 s are heard,
    what the network was trained for.

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
        dropout=0.1,
        standardize=True,
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

    def _heard(self, clips):
        if self.unfreeze:
            return self.embedding_.spectrograms(clips)
        return super()._heard(clips)

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
        self.net_ = train_network(TransferNet, parts, (self._heard(clips),), targets, settings)
