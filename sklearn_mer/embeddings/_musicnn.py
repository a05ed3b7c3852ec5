"""MusiCNN as a transformer."""

import torch

from .._compat import StrOptions
from .._docs import share_docs
from ._base import PretrainedEmbedding, numbered
from ._frontend import at_least, by_patches, musicnn_front_end
from ._inference import fast_musicnn

_HOP = 256
_PATCH = 187
_OUTPUTS = ("pooled", "penultimate", "tags")
_STATISTICS = ("mean", "std")


@share_docs
class MusiCNNEmbedding(PretrainedEmbedding):
    """Pooled, penultimate or tag values of MusiCNN, over patches of three seconds.

    Parameters
    ----------
    weights : str or path-like, default="MSD_musicnn"
        {weights}
        Allowed names: ``"MSD_musicnn"``, ``"MTT_musicnn"``. A file may be a published one or a
        state dict of `MusiCNN`.
    output : {"pooled", "penultimate", "tags"}, default="pooled"
        "pooled": maxima and means over time of the convolutions (1506 values). "penultimate": the
        last hidden layer (200 values, after batch normalisation). "tags": probabilities of the 50
        tags.
    statistics : {"mean", "mean_std"}, default="mean"
        {statistics}
        The standard deviation is 0 for clips of a single patch.
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
    network_ : MusiCNN
        {network_}
    weights_sha256_ : str
        {weights_sha256_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    TaggerEmbedding : Taggers of whole clips.
    available_weights : Sources, licences and tags.

    Notes
    -----
    Waveforms are taken to be at 16 kHz. Front end: frames of 512 every 256 samples, mirrored at
    the ends; 96 Slaney mels of the power; ``log10(10000 m + 1)``. Patches of 187 frames that
    do not overlap; frames that fill no patch at the end are left out, a clip shorter than one
    patch is repeated. The source rounds the mels to half precision; here everything
    is in single precision, one clip at a time.

    References
    ----------
    .. [1] Pons & Serra, "musicnn: pre-trained convolutional neural networks for music audio
       tagging", ISMIR 2019, late-breaking.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.embeddings import MusiCNNEmbedding
    >>> model = make_pipeline(MusiCNNEmbedding(), StandardScaler(), SVC())
    """

    _networks = ("musicnn",)
    _prefix = "musicnn"

    _parameter_constraints = {
        **PretrainedEmbedding._parameter_constraints,
        "output": [StrOptions(set(_OUTPUTS))],
        "statistics": [StrOptions({"mean", "mean_std"})],
    }

    def __init__(
        self,
        *,
        weights="MSD_musicnn",
        output="pooled",
        statistics="mean",
        offset=0.0,
        duration=30.0,
        normalize=False,
        data_home=None,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.weights = weights
        self.output = output
        self.statistics = statistics
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _compute(self):
        network, front_end = fast_musicnn(self.network_), musicnn_front_end()

        def compute(waveform):
            spectrogram = front_end(at_least(waveform, (_PATCH - 1) * _HOP))
            pooled = by_patches(network.pooled, spectrogram, _PATCH)
            hidden = network.hidden_of_pooled(pooled)
            tags = torch.sigmoid(network.output_layer(hidden))
            # For each output, its means and then its deviations.
            parts = [_mean_and_std(part) for part in (pooled.flatten(1), hidden, tags)]
            return torch.cat(parts)

        return compute

    def _n_tags(self):
        return self.network_.output_layer.out_features

    def _stems(self):
        """Return {output: names of its values}, without statistics."""
        prefix, hidden = self._prefix_, self.network_.hidden_layer
        n_pooled = hidden.in_features // 2
        pooled = [name for s in ("max", "mean") for name in numbered(f"{prefix}_{s}", n_pooled)]
        penultimate = numbered(f"{prefix}_penultimate", hidden.out_features)
        return dict(zip(_OUTPUTS, (pooled, penultimate, self._tag_names()), strict=True))

    def _all_names(self):
        with_suffix = self.statistics == "mean_std"
        return [
            f"{name}__{statistic}" if with_suffix else name
            for names in self._stems().values()
            for statistic in _STATISTICS
            for name in names
        ]

    def _columns(self):
        stems = self._stems()
        before = _OUTPUTS[: _OUTPUTS.index(self.output)]
        start = sum(2 * len(stems[output]) for output in before)
        n_kept = len(stems[self.output]) * (1 if self.statistics == "mean" else 2)
        return slice(start, start + n_kept)


def _mean_and_std(values):
    return torch.cat([values.mean(dim=0), values.std(dim=0, correction=0)])
