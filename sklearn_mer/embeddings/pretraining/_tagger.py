"""The tagger of Won et al., to be trained on clips with tags."""

import numbers

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from ..._compat import Interval
from ..._docs import share_docs
from ...nets import TaggingCRNN
from ...training import encode_tags, sigmoid, train_network
from .._frontend import tagger_arrays, tagger_front_end
from .._save import save_weights
from ._base import PretrainingClassifier, best_class


@share_docs
class CRNNTagger(PretrainingClassifier):
    """The CRNN of Won et al. as a multi-label classifier, to pre-train `TaggerEmbedding` with.

    Four convolutions over a mel-spectrogram, then two GRUs over time [1]_ [2]_; trained to give
    each tag its probability. What `save` writes is the `weights` of `TaggerEmbedding`, which
    then gives exactly the state that this estimator's network has.

    Parameters
    ----------
    n_filters : array-like of 4 int, default=(64, 128, 128, 128)
        Number of filters of each of the four convolutions.
    n_units : int, default=32
        Number of units of each GRU, which is the number of values of the embedding.
    dropout : float, default=0.5
        {dropout}
    offset : float, default=0.0
        {offset}
    duration : float, default=29.124
        Seconds kept of each clip, at least 1.52. Shorter clips are repeated.
    normalize : bool, default=False
        {normalize}
    cache : bool, path-like or ClipCache, default=True
        {cache}
        If False, all spectrograms are kept in memory during training.
    optimizer : {"adam", "adamw", "sgd"}, default="adamw"
        {optimizer}
    lr : float, default=0.001
        {lr}
    weight_decay : float, default=0.01
        {weight_decay}
    schedule : {"constant", "onecycle"}, default="onecycle"
        {schedule}
    batch_size : int, default=16
        {batch_size}
    max_epochs : int, default=20
        {max_epochs}
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
    classes_ : ndarray of shape (n_tags,)
        Indices of the columns of y, or the class labels if y was one-dimensional.
    tag_names_ : ndarray of shape (n_tags,) or None
        Names of the columns of y if it was a table, or the class labels; None for an array.
    net_ : skorch.NeuralNet
        {net_}
    history_ : list of dict
        Loss (binary cross-entropy, mean over tags) and duration in seconds of each epoch.
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    sklearn_mer.embeddings.TaggerEmbedding : What the saved file is for.
    sklearn_mer.datasets.load_magnatagatune : Clips with tags.
    ArtistClassifier : Pre-training on artist labels.

    Notes
    -----
    Waveforms are taken to be at 16 kHz and are heard as in `TaggerEmbedding`: 96 HTK mels in
    decibels. With labels of shape (n_clips,), each is a tag; their probabilities are divided by
    their sum.

    The defaults of training are those of `CRNN` with a lower rate and more epochs; they were not
    chosen on MagnaTagATune. Won et al. trained for 200 epochs with Adam (rate 1e-4), then with
    SGD, and kept the epoch that was best on validation clips.

    {micro_batch}

    References
    ----------
    .. [1] Choi et al., "Convolutional recurrent neural networks for music classification",
       ICASSP 2017.
    .. [2] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn_mer import CRNNTagger
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> from sklearn_mer.embeddings import TaggerEmbedding
    >>> clips = make_quadrant_clips(8, duration=2.0, random_state=0)
    >>> tags = clips.parameters[["valence", "arousal", "percussion"]] > 0
    >>> tagger = CRNNTagger(n_filters=(2, 2, 2, 2), n_units=4, duration=2.0, max_epochs=1)
    >>> tagger.fit(clips.data, tags).predict_proba(clips.data).shape
    (8, 3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = tagger.save(f"{folder}/mine.pth")
    ...     TaggerEmbedding(weights=path, duration=2.0).fit_transform(clips.data).shape
    (8, 4)
    """

    _parameter_constraints = {
        **PretrainingClassifier._parameter_constraints,
        "n_units": [Interval(numbers.Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        *,
        n_filters=(64, 128, 128, 128),
        n_units=32,
        dropout=0.5,
        offset=0.0,
        duration=29.124,
        normalize=False,
        cache=True,
        optimizer="adamw",
        lr=0.001,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=16,
        max_epochs=20,
        precision="auto",
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.n_filters = n_filters
        self.n_units = n_units
        self.dropout = dropout
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.cache = cache
        self.optimizer = optimizer
        self.lr = lr
        self.weight_decay = weight_decay
        self.schedule = schedule
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.precision = precision
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        """Train the network.

        Parameters
        ----------
        X : clips
            {clips}
        y : array-like or sparse matrix of shape (n_clips, n_tags), or of shape (n_clips,)
            1 where a clip has a tag, else 0; the names of a table's columns are kept as names of
            the tags. Or one label a clip.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        AudioError
            If files cannot be used: lists all of them, before training.
        """
        return super().fit(X, y)

    def predict_proba(self, X):
        """Return the probability of each tag.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, n_tags)
            In the order of the columns of y. Each is for itself; where y was one label a clip,
            they are in the order of ``classes_`` and add up to 1.
        """
        check_is_fitted(self, "net_")
        probabilities = sigmoid(self._run(X, self.net_.module_))
        if self._several:
            return probabilities
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    def predict(self, X):
        """Return the tags whose probability is more than one half.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, n_tags) of 0 and 1, or of shape (n_clips,)
            Where y was one label a clip: the most probable one.
        """
        check_is_fitted(self, "net_")
        if self._several:
            return (self.predict_proba(X) > 0.5).astype(np.int64)
        return best_class(self, X)

    def save(self, path):
        """Write network, front end and names of tags to a file for `TaggerEmbedding`.

        Parameters
        ----------
        path : str or path-like
            A file, ``.pth`` by custom; one that is there is replaced.

        Returns
        -------
        pathlib.Path
            Path of the file.
        """
        check_is_fitted(self, "net_")
        state = self.net_.module_.state_dict()
        return save_weights(path, state, extras=tagger_arrays(), tags=self.tag_names_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def _targets(self, clips, y):
        targets, self._several = encode_tags(self, clips, y)
        return targets

    def _front_end(self):
        return tagger_front_end(tagger_arrays())

    def _least_frames(self):
        return TaggingCRNN.min_frames

    def _train(self, spectrograms, targets, settings):
        params = {
            "n_filters": tuple(self.n_filters),
            "n_hidden": self.n_units,
            "n_tags": targets.shape[1],
            "dropout": self.dropout,
        }
        return train_network(
            TaggingCRNN,
            params,
            (spectrograms,),
            targets,
            settings,
            criterion=torch.nn.BCEWithLogitsLoss,
            with_accuracy=False,
        )
