"""The artist network of Park et al., to be trained on clips with artist labels."""

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from ..._docs import share_docs
from ...nets import ArtistLabelNet, ArtistNet
from ...training import SEGMENT_CONSTRAINTS, DrawnSegments, Segments, encode_labels, train_network
from .._frontend import artist_front_end, in_patches
from .._save import save_weights
from ._base import PretrainingClassifier, best_class


@share_docs
class ArtistClassifier(PretrainingClassifier):
    """The artist network of Park et al. as a classifier, to pre-train `ArtistEmbedding` with.

    Five convolutions over the time of a mel-spectrogram, trained to tell the artists of segments
    of three seconds apart [1]_: the basic model of the paper. What `save` writes, all but the
    last layer, is the `weights` of `ArtistEmbedding`, which then gives exactly the values that
    this estimator's network has.

    Parameters
    ----------
    n_filters : array-like of 5 int, default=(128, 128, 128, 128, 256)
        Number of filters of each of the five convolutions. The last one is the number of values of
        the embedding.
    dropout : float, default=0.5
        {dropout}
    segments_per_epoch : int or None, default=1
        {segments_per_epoch}
    offset : float, default=0.0
        {offset}
    duration : float, default=30.0
        Seconds kept of each clip, at least 2.973. Shorter clips are repeated.
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
    batch_size : int, default=32
        {batch_size}
    max_epochs : int, default=50
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
    classes_ : ndarray of shape (n_artists,)
        {classes_}
    net_ : skorch.NeuralNetClassifier
        {net_}
    history_ : list of dict
        {history_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    sklearn_mer.embeddings.ArtistEmbedding : What the saved file is for.
    CRNNTagger : Pre-training on tags.

    Notes
    -----
    Waveforms given as an array must be at 22,050 Hz, not at 16 kHz: the rate of an array cannot be
    checked. The front end is that of `ArtistEmbedding`: 128 mels in
    segments of 129 frames. The segments of a clip stay together, whatever splits clips; the
    probabilities of a clip are the mean of those of its segments that do not overlap.

    The published weights are of the paper's siamese model, which learns to find a segment of the
    same artist among those of others; it is of use where the artists are too many for a layer
    that tells all apart. Only the basic model can be trained here.

    Clips of an artist on both sides of a split let a classifier of emotions profit from
    recognising the artist: pre-train on other artists than those of the test clips.

    {micro_batch}

    References
    ----------
    .. [1] Park et al., "Representation learning of music using artist labels", ISMIR 2018.

    Examples
    --------
    >>> import tempfile
    >>> from sklearn_mer import ArtistClassifier
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> from sklearn_mer.embeddings import ArtistEmbedding
    >>> clips = make_quadrant_clips(8, sample_rate=22050, random_state=0)
    >>> network = ArtistClassifier(n_filters=(2, 2, 2, 2, 4), duration=3.0, max_epochs=1)
    >>> network.fit(clips.data, clips.groups).predict_proba(clips.data).shape
    (8, 4)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = network.save(f"{folder}/mine.pth")
    ...     ArtistEmbedding(weights=path).fit_transform(clips.data).shape
    (8, 4)
    """

    _parameter_constraints = {
        **PretrainingClassifier._parameter_constraints,
        "segments_per_epoch": SEGMENT_CONSTRAINTS["segments_per_epoch"],
    }
    _sample_rate = 22050
    _hop = 512
    _n_filters = 5
    _micro_batch = 16

    def __init__(
        self,
        *,
        n_filters=(128, 128, 128, 128, 256),
        dropout=0.5,
        segments_per_epoch=1,
        offset=0.0,
        duration=30.0,
        normalize=False,
        cache=True,
        optimizer="adamw",
        lr=0.001,
        weight_decay=0.01,
        schedule="onecycle",
        batch_size=32,
        max_epochs=50,
        precision="auto",
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.n_filters = n_filters
        self.dropout = dropout
        self.segments_per_epoch = segments_per_epoch
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
        y : array-like of shape (n_clips,)
            The artists.

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
        """Return the probability of each artist.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, n_artists)
            Columns in the order of ``classes_``.
        """
        check_is_fitted(self, "net_")
        module = self.net_.module_
        return self._run(X, lambda spectrograms: _mean_probabilities(module, spectrograms))

    def predict(self, X):
        """Return the most probable artist.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips,)
            Class labels.
        """
        return best_class(self, X)

    def save(self, path):
        """Write the network, all but its last layer, to a file for `ArtistEmbedding`.

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
        return save_weights(path, self.net_.module_.network.state_dict())

    def _targets(self, clips, y):
        return encode_labels(self, clips, y)

    def _front_end(self):
        return artist_front_end()

    def _least_frames(self):
        return ArtistNet.n_frames

    def _train(self, spectrograms, targets, settings):
        if self.segments_per_epoch is None:
            segments = Segments(spectrograms, ArtistNet.n_frames)
        else:
            segments = DrawnSegments(
                spectrograms,
                ArtistNet.n_frames,
                n_segments=self.segments_per_epoch,
                seed=settings.seed,
            )
        params = {
            "n_artists": len(self.classes_),
            "n_filters": tuple(self.n_filters),
            "dropout": self.dropout,
        }
        # A segment has the label of its clip.
        targets = np.repeat(targets, segments.n_segments)
        return train_network(ArtistLabelNet, params, (segments,), targets, settings)


def _mean_probabilities(module, spectrograms):
    """Return the mean of the probabilities of each clip's segments."""
    segments = [in_patches(spectrogram, ArtistNet.n_frames) for spectrogram in spectrograms]
    logits = module(torch.cat(segments)).double()
    return logits.softmax(dim=1).unflatten(0, (len(spectrograms), -1)).mean(dim=1)
