"""Audio encoders of the Hugging Face hub as transformers."""

import numbers
import os

from .._compat import StrOptions
from .._docs import share_docs
from ..weights import WeightsError
from ._hub_network import AST, find_source, generators_kept, open_network
from ._pooled import PooledEmbedding


@share_docs
class HubEmbedding(PooledEmbedding):
    """States of the layers of an audio encoder of the Hugging Face hub, pooled over time.

    Opens AST, CLAP (its audio tower), HuBERT, wav2vec 2.0, WavLM and Whisper (its encoder) with the
    library transformers (extra ``hub``), and models that ship their code, such as MERT. The files
    are taken from a folder or the hub's cache; what is in neither is downloaded by `fit`.

    Parameters
    ----------
    model : str or path-like, default="MIT/ast-finetuned-audioset-10-10-0.4593"
        A folder, as ``save_pretrained`` of transformers writes it, or the name of a model of the
        hub. Of a model in the hub's cache, the files there are used, and the hub is not asked for
        newer ones.
    revision : str or None, default=None
        Commit, tag or branch of a model of the hub. None for the branch "main", as it was when the
        model was downloaded; with a commit, everybody gets the same network.
    trust_remote_code : bool, default=False
        Whether code that comes with the model is run. It can do whatever you can. `revision` must
        then be a commit (40 hexadecimal digits): read its code first.
    layer : int, list of int or {"last", "mean", "all", "embedding"}, default="last"
        Layer whose states are used: 0 is the input of the first one, -1 or "last" the output of the
        last one. A list: the mean of these. "mean": the mean of all. "all": all side by side, so
        that a classifier weights them. "embedding": not a layer, but the one vector that the
        network gives for a window, of CLAP (in the space that sounds and texts share) and AST.
    pooling : {"mean", "max", "mean_std"}, default="mean"
        {pooling}
        Of "embedding", over windows.
    window : float or None, default=None
        {own_window}
    offset : float, default=0.0
        {offset}
    duration : float or None, default=30.0
        {embedding_duration}
    normalize : bool, default=False
        {normalize}
    cache : bool, path-like or ClipCache, default=True
        {cache}
    n_jobs : int or None, default=None
        {n_jobs}
    verbose : int, default=0
        {verbose}

    Attributes
    ----------
    revision_ : str
        Commit of the model; of a folder, a digest of its files.
    model_type_ : str
        Type of the model, as in its ``config.json``.
    layer_sizes_ : list of int
        Numbers of values of the layers, from 0 on.
    sample_rate_ : int
        {sample_rate_}
    window_ : int
        {window_}
    network_ : HubNetwork
        {opened_network_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    ONNXEmbedding : Networks of any other library, exported.

    Notes
    -----
    The statistics of all layers are kept in the cache, under the commit of the model: another
    `layer` or `pooling` does not run the network again. Files of weights are read without running
    code from them. Computed in single precision on the CPU, one clip at a time. The first two
    tokens of AST, which stand for the whole window, are not part of its layers. The last layer of
    AST and CLAP is taken before the last normalisation, as transformers gives it.

    A pickled estimator, and a file of `save_model`, name the network and do not hold it: where they
    are loaded, it must be in the same folder or in the hub's cache, with the same content.
    `save_model` and `load_model` refuse ``trust_remote_code=True``.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> from sklearn_mer.embeddings import HubEmbedding
    >>> clap = HubEmbedding(model="laion/larger_clap_music", layer="embedding")
    >>> model = make_pipeline(clap, StandardScaler(), SVC())
    """

    _parameter_constraints = {
        **PooledEmbedding._parameter_constraints,
        "model": [str, os.PathLike],
        "revision": [str, None],
        "trust_remote_code": ["boolean"],
        "layer": [numbers.Integral, list, tuple, StrOptions({"last", "mean", "all", "embedding"})],
    }

    def __init__(
        self,
        *,
        model="MIT/ast-finetuned-audioset-10-10-0.4593",
        revision=None,
        trust_remote_code=False,
        layer="last",
        pooling="mean",
        window=None,
        offset=0.0,
        duration=30.0,
        normalize=False,
        cache=True,
        n_jobs=None,
        verbose=0,
    ):
        self.model = model
        self.revision = revision
        self.trust_remote_code = trust_remote_code
        self.layer = layer
        self.pooling = pooling
        self.window = window
        self.offset = offset
        self.duration = duration
        self.normalize = normalize
        self.cache = cache
        self.n_jobs = n_jobs
        self.verbose = verbose

    def load_weights(self):
        """Find the network, and download what is not there.

        Raises
        ------
        ImportError
            If transformers is not installed.
        ValueError
            If the model comes with code that may not be run, or parameters do not go with it.
        WeightsNotFoundError, WeightsError
            If files are missing or damaged, or the model is none that can be used.
        """
        given = (self.model, self.revision, bool(self.trust_remote_code))
        network = open_network(find_source(*given, local=False), local=False)
        self.revision_ = network.source.revision
        self.model_type_ = network.model_type
        self.sample_rate_ = network.sample_rate
        self.layer_sizes_ = network.layer_sizes
        self._embedding_size_ = network.embedding_size
        self._note_window(network.window)
        self._groups()

    @property
    def network_(self):
        """The frozen network."""
        source = find_source(self.model, self.revision, bool(self.trust_remote_code), local=True)
        if source.revision != self.revision_:
            raise WeightsError(
                f"model={source.name!r} is another network than the one seen in fit: there it had "
                f"the revision {self.revision_}, here {source.revision}. Fit again."
            )
        return open_network(source, local=True)

    def _apply(self, X, compute, step, chosen=None):
        with generators_kept():
            return super()._apply(X, compute, step, chosen)

    def _weights(self):
        return self.model

    def _identity(self):
        return self.revision_

    def _sizes(self):
        return self.layer_sizes_ + [self._embedding_size_] * bool(self._embedding_size_)

    def _groups(self):
        prefix = "ast" if self.model_type_ == AST else self.model_type_.replace("-", "_")
        n_layers = len(self.layer_sizes_)
        if self.layer == "embedding" and isinstance(self.layer, str):
            if not self._embedding_size_:
                raise ValueError(
                    f"layer='embedding' needs CLAP or AST; {self.model!s} ({self.model_type_}) "
                    f"gives none: take one of its layers, 0 to {n_layers - 1}."
                )
            return [(f"{prefix}_embedding", [n_layers])]
        if self.layer == "all" and isinstance(self.layer, str):
            return [(_name(prefix, [i], n_layers), [i]) for i in range(n_layers)]
        layers = self._layers(n_layers)
        if len({self.layer_sizes_[i] for i in layers}) > 1:
            raise ValueError(
                f"layer={self.layer!r} is the mean of layers of different sizes: those of "
                f"{self.model!s} have {self.layer_sizes_} values."
            )
        whole = isinstance(self.layer, str) and self.layer == "mean"
        return [(f"{prefix}_layers" if whole else _name(prefix, layers, n_layers), layers)]

    def _layers(self, n_layers):
        if isinstance(self.layer, str):
            return [n_layers - 1] if self.layer == "last" else list(range(n_layers))
        given = [self.layer] if isinstance(self.layer, numbers.Integral) else list(self.layer)
        numbered = given and all(isinstance(i, numbers.Integral) for i in given)
        if not numbered or not all(-n_layers <= i < n_layers for i in given):
            raise ValueError(
                f"layer={self.layer!r}: {self.model!s} has the layers 0 (the input of the first "
                f"one) to {n_layers - 1}; give one of these, a list of some, 'last', 'mean', "
                "'all' or 'embedding'."
            )
        return [int(i) % n_layers for i in given]


def _name(prefix, layers, n_layers):
    width = max(2, len(str(n_layers - 1)))
    return f"{prefix}_layer_" + "_".join(f"{i:0{width}d}" for i in layers)
