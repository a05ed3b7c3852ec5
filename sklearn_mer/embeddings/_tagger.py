"""The taggers of Won et al. as transformers."""

import torch
from sklearn.utils.validation import check_is_fitted

from .._compat import StrOptions
from .._docs import share_docs
from ..weights import WeightsError
from ._base import PretrainedEmbedding, numbered
from ._frontend import FRONT_END_SHAPES, tagger_front_end
from ._inference import fast_tagger

_HOP = 256
# The convolutions whose maps are summarised, counted from 0.
_LAYERS = (2, 3)
_OUTPUTS = ("state", "tags", "layers")


@share_docs
class TaggerEmbedding(PretrainedEmbedding):
    """State or tags of a CRNN or FCN tagger, trained on a large collection.

    Parameters
    ----------
    weights : str or path-like, default="mtat_crnn"
        {weights}
        Allowed names: ``"mtat_crnn"``, ``"msd_crnn"``, ``"jamendo_crnn"``, ``"mtat_fcn"``,
        ``"msd_fcn"``, ``"jamendo_fcn"``. A file may be one saved by `CRNNTagger`, or a state dict
        of `TaggingCRNN` or `TaggingFCN`.
    output : {"state", "tags", "layers", "all"}, default="state"
        "state": values of the last hidden layer (32 of a CRNN, 64 of an FCN). "tags": probabilities
        of the 50 tags. "layers": means and standard deviations over bands and time of the outputs
        of the third and fourth convolution (512 values). "all": these three, in this order.
    offset : float, default=0.0
        {offset}
    duration : float, default=29.124
        Seconds kept of each clip. Shorter clips are repeated up to that length. The default is the
        length that the networks were trained with, 465,984 samples.
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
    network_ : TaggingCRNN or TaggingFCN
        {network_}
    weights_sha256_ : str
        {weights_sha256_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    sklearn_mer.embeddings.pretraining.CRNNTagger : Weights of your own, from clips with tags.
    MusiCNNEmbedding : Another tagger, by patches of three seconds.
    available_weights : Sources, licences and tags.

    Notes
    -----
    Waveforms are taken to be at 16 kHz. Front end: frames of 512 every 256 samples, mirrored at
    the ends; 96 HTK mels of the power; ``10 log10(max(m, 1e-10))``. Computed in single
    precision, one clip at a time.

    References
    ----------
    .. [1] Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.embeddings import TaggerEmbedding
    >>> model = make_pipeline(TaggerEmbedding(weights="msd_fcn"), StandardScaler(), SVC())
    """

    _networks = ("crnn", "fcn")
    _prefix = "tagger"

    _parameter_constraints = {
        **PretrainedEmbedding._parameter_constraints,
        "duration": [PretrainedEmbedding._parameter_constraints["duration"][0]],
        "output": [StrOptions({*_OUTPUTS, "all"})],
    }

    def __init__(
        self,
        *,
        weights="mtat_crnn",
        output="state",
        offset=0.0,
        duration=29.124,
        normalize=False,
        data_home=None,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.weights = weights
        self.output = output
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    def spectrograms(self, X):
        """Compute what the network hears: the input for training it further.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, 96, n_frames), float32
            In decibels.

        Raises
        ------
        AudioError
            If files cannot be used: lists all of them with the reason.
        """
        check_is_fitted(self)
        return self._apply(X, tagger_front_end(self._extras_), "TaggerSpectrogram")

    def _compute(self):
        network, front_end = fast_tagger(self.network_), tagger_front_end(self._extras_)

        def compute(waveform):
            states, maps = network.hidden_and_maps(front_end(waveform).unsqueeze(0))
            layers = [part for i in _LAYERS for part in _mean_and_std(maps[i][0].flatten(1))]
            return torch.cat([states[0], torch.sigmoid(network.dense(states[0])), *layers])

        return compute

    def _settings(self):
        return [list(_LAYERS), "mean", "std"]  # entries without these are older

    def _check_fitted(self):
        self._check_front_end()
        self._check_tags()
        n_frames = round(self.duration * self._sample_rate) // _HOP + 1
        if n_frames < self.network_.min_frames:
            least = (self.network_.min_frames - 1) * _HOP / self._sample_rate
            raise ValueError(
                f"duration={self.duration} s is too short for {self.weights!s}: this network "
                f"pools at least {least:.2f} s to one value."
            )

    def _check_front_end(self):
        shapes = {name: tuple(array.shape) for name, array in self._extras_.items()}
        wrong = {n: s for n, s in shapes.items() if FRONT_END_SHAPES.get(n) != s}
        if wrong:
            raise WeightsError(
                f"{self.weights!s}: the front end's arrays are {wrong}; allowed are "
                f"{FRONT_END_SHAPES}, or none of them."
            )

    def _check_tags(self):
        if self._tags_ and len(self._tags_) != self._n_tags():
            raise WeightsError(
                f"{self.weights!s} names {len(self._tags_)} tags, but its network has "
                f"{self._n_tags()}."
            )

    def _n_state(self):
        return self.network_.dense.in_features

    def _n_tags(self):
        return self.network_.dense.out_features

    def _layer_names(self):
        return [
            name
            for number in (i + 1 for i in _LAYERS)
            for statistic in ("mean", "std")
            for name in numbered(
                f"{self._prefix_}_layer_{number}_{statistic}",
                getattr(self.network_, f"layer{number}").conv.out_channels,
            )
        ]

    def _all_names(self):
        states = numbered(f"{self._prefix_}_state", self._n_state())
        return states + self._tag_names() + self._layer_names()

    def _columns(self):
        n_state, n_tags = self._n_state(), self._n_tags()
        return {
            "state": slice(None, n_state),
            "tags": slice(n_state, n_state + n_tags),
            "layers": slice(n_state + n_tags, None),
            "all": slice(None),
        }[self.output]


def _mean_and_std(values):
    return values.mean(dim=1), values.std(dim=1, correction=0)
