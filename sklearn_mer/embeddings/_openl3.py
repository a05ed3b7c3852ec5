"""OpenL3 as a transformer."""

import numbers
import os

import torch

from .._compat import Interval, Options, StrOptions
from .._docs import share_docs
from ..weights import WeightsError, available_weights, openl3_name
from ._base import PretrainedEmbedding, numbered
from ._openl3_frontend import INPUT_REPRS, SAMPLE_RATE, OpenL3FrontEnd, front_end_shapes, windows_of

_GRIDS = {512: (1, 1), 6144: (4, 3)}
_STATISTICS = ("mean", "std")
# Windows that go through the network together: some 13 MB each in its widest layers.
_BATCH = 8


@share_docs
class OpenL3Embedding(PretrainedEmbedding):
    """Audio embedding of OpenL3, over windows of one second.

    Parameters
    ----------
    input_repr : {"mel256", "mel128", "linear"}, default="mel256"
        Input of the network: 256 or 128 mel bands, or 257 linear frequency bands.
    content_type : {"music", "env"}, default="music"
        Training data of the network: videos with music or with environmental sounds.
    embedding_size : {512, 6144}, default=512
        Number of values per window: the maximum of each filter over the window (512), or over
        4 x 3 cells of frequency and time (6144).
    weights : str, path-like or None, default=None
        {weights}
        If None, the registered file for `input_repr` and `content_type`. A file may be of
        torchopenl3, a state dict of `OpenL3Net`, or a ``.npz`` file of arrays with the names of the
        Keras models; `content_type` is then not used.
    statistics : {"mean_std", "mean"}, default="mean_std"
        {statistics}
    hop_size : float, default=0.1
        Seconds between the starts of successive windows. Computing time is inversely proportional.
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
    network_ : OpenL3Net
        {network_}
    weights_sha256_ : str
        {weights_sha256_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    available_weights : Source and licence.
    sklearn_mer.methods.make_method : ``make_method("openl3")`` puts a random forest on the
        embedding.

    Notes
    -----
    Waveforms are taken to be at 48 kHz. The first window has the clip's beginning in its
    middle; before it and after the end is silence. Front end as in kapre 0.1.4, which the
    models were trained with: Hann windows of 2048 samples (linear: 512) every 242; the root of
    HTK mels of the power (linear: the magnitude); ``10 log10(max(m, 1e-10))`` less its largest
    value in the window, and not below -80. Computed in single precision, one clip at a time.

    The sha256 of the published files is not in the register: what is checked is the layout.
    Every `input_repr` has the same network: a file of another one is found out by the front end
    that the files of torchopenl3 carry; without that, it is not.

    References
    ----------
    .. [1] Cramer et al., "Look, listen, and learn more: design choices for deep audio
       embeddings", ICASSP 2019.

    Examples
    --------
    >>> from sklearn.ensemble import RandomForestClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn_mer.embeddings import OpenL3Embedding
    >>> model = make_pipeline(OpenL3Embedding(), RandomForestClassifier())
    """

    _networks = ("openl3",)
    _prefix = "openl3"
    _sample_rate = SAMPLE_RATE

    _parameter_constraints = {
        **PretrainedEmbedding._parameter_constraints,
        "weights": [str, os.PathLike, None],
        "input_repr": [StrOptions(set(INPUT_REPRS))],
        "content_type": [StrOptions({"music", "env"})],
        "embedding_size": [Options(numbers.Integral, set(_GRIDS))],
        "statistics": [StrOptions({"mean", "mean_std"})],
        "hop_size": [Interval(numbers.Real, 1 / SAMPLE_RATE, None, closed="left")],
    }

    def __init__(
        self,
        *,
        input_repr="mel256",
        content_type="music",
        embedding_size=512,
        weights=None,
        statistics="mean_std",
        hop_size=0.1,
        offset=0.0,
        duration=30.0,
        normalize=False,
        data_home=None,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.input_repr = input_repr
        self.content_type = content_type
        self.embedding_size = embedding_size
        self.weights = weights
        self.statistics = statistics
        self.hop_size = hop_size
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.data_home = data_home
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _weights(self):
        name = openl3_name(self.input_repr, self.content_type)
        if self.weights is None:
            return name
        info = available_weights().get(self.weights)
        if info is not None and info.network == "openl3" and info.name != name:
            raise ValueError(
                f"weights={self.weights!r} does not go with input_repr={self.input_repr!r} and "
                f"content_type={self.content_type!r}: leave weights out, or change these."
            )
        return self.weights

    def _check_fitted(self):
        shapes = {name: tuple(array.shape) for name, array in self._extras_.items()}
        allowed = front_end_shapes(self.input_repr)
        if any(allowed.get(name) != shape for name, shape in shapes.items()):
            raise WeightsError(
                f"{self._weights()!s}: the front end's arrays are {shapes}, those of "
                f"input_repr={self.input_repr!r} are {allowed}. The file is of another "
                "input_repr."
            )

    def _settings(self):
        return [self.input_repr, self.embedding_size, self._hop()]

    def _hop(self):
        return round(self.hop_size * SAMPLE_RATE)

    def _compute(self):
        network, grid, hop = self.network_, _GRIDS[self.embedding_size], self._hop()
        front_end = OpenL3FrontEnd(self.input_repr, self._extras_)

        def compute(waveform):
            batches = windows_of(waveform, hop).split(_BATCH)
            values = torch.cat([network.hidden(front_end(batch), grid) for batch in batches])
            return torch.cat([values.mean(dim=0), values.std(dim=0, correction=0)])

        return compute

    def _n_values(self):
        n_rows, n_columns = _GRIDS[self.embedding_size]
        return n_rows * n_columns * self.network_.audio_embedding_layer.out_channels

    def _all_names(self):
        names = numbered(self._prefix_, self._n_values())
        return [f"{name}__{statistic}" for statistic in _STATISTICS for name in names]

    def _columns(self):
        return slice(None, None if self.statistics == "mean_std" else self._n_values())
