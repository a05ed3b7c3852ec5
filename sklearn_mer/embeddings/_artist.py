"""The network trained on artist labels as a transformer."""

from .._docs import share_docs
from ._base import PretrainedEmbedding, numbered
from ._frontend import artist_front_end, at_least, by_patches

_HOP = 512
_SEGMENT = 129


@share_docs
class ArtistEmbedding(PretrainedEmbedding):
    """256 values of a network that was trained to tell 10,000 artists apart.

    Parameters
    ----------
    weights : str or path-like, default="artist_siamese_10000"
        {weights}
        Allowed name: ``"artist_siamese_10000"``. A file may be one saved by `ArtistClassifier`, the
        published one, or a state dict of `ArtistNet`.
    offset : float, default=0.0
        {offset}
    duration : float or None, default=30.0
        {embedding_duration}
    normalize : bool, default=False
        {normalize}
    data_home : str or path-like, default=None
        {data_home}
    cache : bool, path-like or ClipCache, default=True
        {cache}
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    network_ : ArtistNet
        {network_}
    weights_sha256_ : str
        {weights_sha256_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    sklearn_mer.embeddings.pretraining.ArtistClassifier : Weights from your own clips and artists.
    available_weights : Source and licence.

    Notes
    -----
    Waveforms given as an array must be at 22,050 Hz, the rate of the weights, not at the 16 kHz of
    the other embeddings: the rate of an array cannot be checked.

    Front end: frames of 1024 every 512 samples, mirrored at the ends; 128 Slaney mels of
    the magnitude; ``log10(1 + 10 m)``, less 0.22620339
    and by 0.25794547, the mean and deviation of the source's training set. Segments of 129
    frames that do not overlap; frames that fill none at the end are left out, a clip shorter
    than one is repeated. The maximum over the time of a segment, the mean over
    segments. Computed in single precision, one clip at a time.

    References
    ----------
    .. [1] Park et al., "Representation learning of music using artist labels", ISMIR 2018.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn_mer.embeddings import ArtistEmbedding
    >>> model = make_pipeline(ArtistEmbedding(), LogisticRegression())
    """

    _networks = ("artist",)
    _prefix = "artist"
    _sample_rate = 22050

    def __init__(
        self,
        *,
        weights="artist_siamese_10000",
        offset=0.0,
        duration=30.0,
        normalize=False,
        data_home=None,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.weights = weights
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _compute(self):
        network, front_end = self.network_, artist_front_end()

        def compute(waveform):
            spectrogram = front_end(at_least(waveform, (_SEGMENT - 1) * _HOP))
            return by_patches(network.hidden, spectrogram, _SEGMENT).mean(dim=0)

        return compute

    def _all_names(self):
        return numbered("artist", self.network_.blocks[-1].conv.out_channels)

    def _columns(self):
        return slice(None)
