"""What the pre-trained embeddings share."""

import os
from abc import ABCMeta, abstractmethod

import numpy as np
import torch
from sklearn.utils.validation import check_is_fitted

from .._compat import _fit_context
from .._docs import share_docs
from .._threads import one_torch_thread
from ..audio import (
    WAVEFORM_CONSTRAINTS,
    AudioLoader,
    CachedStep,
    ClipCache,
    ClipTransformer,
    check_clips,
    compute_rows,
)
from ..weights import WeightsError, file_sha256
from ._networks import guess_tagger, load_network
from ._save import take_tags
from ._weights import resolve_weights


@share_docs
class PretrainedEmbedding(ClipTransformer, metaclass=ABCMeta):
    """A frozen network over clips; one row per clip.

    A subclass says which networks it builds, what one waveform gives, and how long that is.
    All that a network gives for a clip is kept in the cache, so that another `output` costs
    nothing.
    """

    _networks = ()
    _sample_rate = 16000
    _prefix = ""

    _parameter_constraints = {
        **{name: WAVEFORM_CONSTRAINTS[name] for name in ("offset", "duration")},
        **{name: WAVEFORM_CONSTRAINTS[name] for name in ("normalize", "n_jobs", "verbose")},
        "weights": [str, os.PathLike],
        "data_home": [str, os.PathLike, None],
        "cache": ["boolean", str, os.PathLike, ClipCache],
    }

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Load the network. Nothing is learned from the clips.

        Parameters
        ----------
        X : clips
            {clips}
        y : None
            {ignored}

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        WeightsNotFoundError, WeightsError
            If the weights are missing, damaged or of another layout.
        """
        check_clips(self, X, reset=True)
        self.load_weights()
        return self

    def load_weights(self):
        """Load the network, as `fit` does.

        Raises
        ------
        WeightsNotFoundError, WeightsError
            If the weights are missing, damaged or of another layout.
        """
        path, info = resolve_weights(self._weights(), self._networks, self.data_home)
        network = info.network if info else self._network_of(path)
        self.weights_sha256_ = file_sha256(path)
        self.network_, extras = load_network(path, network)
        self._prefix_ = info.name.lower() if info else self._prefix
        own = take_tags(extras, path)
        self._tags_ = info.tags if info else own
        self._extras_ = {name: array.clone() for name, array in extras.items()}
        self._check_fitted()

    def transform(self, X):
        """Compute the embeddings.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips, n_values), float32
            One row per clip.

        Raises
        ------
        AudioError
            If files cannot be used: lists all of them with the reason.
        """
        check_is_fitted(self)
        values = self._apply(X, self._compute(), type(self).__name__, self._chosen)
        return np.ascontiguousarray(values[:, self._columns()])

    def get_feature_names_out(self, input_features=None):
        """Return the names of the values.

        Parameters
        ----------
        input_features : None
            {ignored}

        Returns
        -------
        ndarray of shape (n_values,), dtype object
            Names of the values.
        """
        check_is_fitted(self)
        names = np.array(self._all_names(), dtype=object)
        return names[self._columns()]

    def _apply(self, X, compute, step, chosen=None):
        """Return `compute` of every clip's waveform, kept in the cache under `step`.

        If `chosen` is given, what it returns of each clip's values.
        """
        clips = check_clips(self, X, reset=False)
        loader = AudioLoader(
            sample_rate=self._sample_rate,
            offset=self.offset,
            duration=self.duration,
            normalize=self.normalize,
        )
        make_row = CachedStep(
            loader,
            _inference(compute, self._weights()),
            name=step,
            # Version 2 was kept when `_inference.py` came: its values differ from earlier ones by
            # 1e-4 at most, so that entries of both may be mixed.
            settings=[step, 2, self._identity(), *self._settings()],
            cache=self.cache,
        )

        def make_chosen(clips, index):
            return chosen(make_row(clips, index))

        with one_torch_thread():
            return compute_rows(
                clips,
                make_row if chosen is None else make_chosen,
                n_jobs=self.n_jobs,
                verbose=self.verbose,
                label=step,
            )

    def _weights(self):
        """Return a name of the register or a path."""
        return self.weights

    def _identity(self):
        """Return what tells these weights from others."""
        return self.weights_sha256_

    def _chosen(self, row):
        """Return of the values of a clip those that are gathered, before `_columns`."""
        return row

    def _settings(self):
        """Return what the values depend on beside the waveform and the weights."""
        return []

    def _network_of(self, path):
        return self._networks[0] if len(self._networks) == 1 else guess_tagger(path)

    def _check_fitted(self):
        """Raise where parameters and network do not go together."""

    @abstractmethod
    def _compute(self):
        """Return the function from a waveform to a tensor of all values."""

    @abstractmethod
    def _all_names(self):
        """Return the names of all values."""

    @abstractmethod
    def _columns(self):
        """Return the slice of the values that `output` asks for."""

    def _tag_names(self):
        tags = self._tags_ or [f"{i:02d}" for i in range(self._n_tags())]
        return [f"{self._prefix_}_tag_{tag.replace(' ', '_')}" for tag in tags]


def _inference(compute, weights):
    def infer(waveform):
        # The modes belong to the thread. In that of the caller, autocast may be on.
        with torch.inference_mode(), torch.autocast("cpu", enabled=False):
            values = compute(waveform).numpy().astype(np.float32, copy=False)
        if not np.isfinite(values).all():
            raise WeightsError(
                f"{weights!s}: the network gives values that are not finite. Its weights are "
                "damaged, or their training diverged: use others."
            )
        return values

    return infer


def numbered(stem, n):
    """Return ``stem_00``, ``stem_01``, ...: `n` names of one width."""
    width = max(2, len(str(n - 1)))
    return [f"{stem}_{i:0{width}d}" for i in range(n)]
