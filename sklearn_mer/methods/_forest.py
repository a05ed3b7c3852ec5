"""An embedding of clips and a random forest."""

import numbers

from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from .._compat import HasMethods, Interval, StrOptions, _fit_context
from ..audio import check_clips
from ..embeddings import AutoencoderEmbedding, PretrainedEmbedding
from ..training import draw_seed, encode_labels
from ._predict import PredictsMostProbable


class EmbeddingForest(PredictsMostProbable, ClassifierMixin, BaseEstimator):
    """A random forest on an embedding of clips.

    With `AutoencoderEmbedding`, the row "Autoencoder" of the study [1]_; what the embedding
    learns, it learns from the clips given to `fit` alone.

    Parameters
    ----------
    embedding : transformer or None, default=None
        From clips to a table; cloned in `fit`. None for `AutoencoderEmbedding`.
    n_estimators : int, default=100
        Trees of the forest.
    max_depth : int or None, default=None
        Of the trees; None for no limit.
    max_features : {"sqrt", "log2"}, int, float or None, default="sqrt"
        Values looked at for each split, or the fraction of them; None for all.
    min_samples_leaf : int, default=1
        Clips in a leaf, at least.
    n_jobs : int or None, default=None
        Threads of the forest.
    random_state : int, RandomState or None, default=None
        Of the forest, and of the embedding where it has none of its own.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    embedding_ : transformer
        Fitted.
    forest_ : RandomForestClassifier
        Fitted.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    AutoencoderEmbedding : The default embedding.
    sklearn_mer.embeddings : Others.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> from sklearn_mer import AutoencoderEmbedding, EmbeddingForest
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(8, random_state=0, return_X_y=True)
    >>> codes = AutoencoderEmbedding(n_filters=(2, 4), max_epochs=1)
    >>> EmbeddingForest(embedding=codes, random_state=0).fit(X, y).predict_proba(X).shape
    (8, 4)
    """

    _parameter_constraints = {
        "embedding": [HasMethods(["fit", "transform"]), None],
        "n_estimators": [Interval(numbers.Integral, 1, None, closed="left")],
        "max_depth": [Interval(numbers.Integral, 1, None, closed="left"), None],
        "max_features": [
            StrOptions({"sqrt", "log2"}),
            Interval(numbers.Integral, 1, None, closed="left"),
            Interval(numbers.Real, 0, 1, closed="right"),
            None,
        ],
        "min_samples_leaf": [Interval(numbers.Integral, 1, None, closed="left")],
        "n_jobs": [numbers.Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        embedding=None,
        n_estimators=100,
        max_depth=None,
        max_features="sqrt",
        min_samples_leaf=1,
        n_jobs=None,
        random_state=None,
    ):
        self.embedding = embedding
        self.n_estimators = n_estimators
        self.max_depth = max_depth
        self.max_features = max_features
        self.min_samples_leaf = min_samples_leaf
        self.n_jobs = n_jobs
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Fit the embedding, then the forest.

        Parameters
        ----------
        X : clips
            Paths, waveforms of shape (n_clips, n_samples), or a table; see `sklearn_mer.audio`.
        y : array-like of shape (n_clips,)
            Labels.

        Returns
        -------
        self
        """
        clips = check_clips(self, X, reset=True)
        targets = encode_labels(self, clips, y)
        random = check_random_state(self.random_state)
        self.embedding_ = self._seeded_embedding(draw_seed(random))
        values = self.embedding_.fit_transform(clips.audio)
        names = ("n_estimators", "max_depth", "max_features", "min_samples_leaf", "n_jobs")
        self.forest_ = RandomForestClassifier(
            random_state=draw_seed(random), **{name: getattr(self, name) for name in names}
        ).fit(values, targets)
        return self

    def predict_proba(self, X):
        """Return the probability of each class.

        Parameters
        ----------
        X : clips

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            Columns in the order of ``classes_``.
        """
        check_is_fitted(self, "forest_")
        clips = check_clips(self, X, reset=False)
        return self.forest_.predict_proba(self.embedding_.transform(clips.audio))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        # What embeddings hear of a waveform does not change when its sign does.
        deaf_to_sign = AutoencoderEmbedding | PretrainedEmbedding | None
        tags.classifier_tags.poor_score = isinstance(self.embedding, deaf_to_sign)
        return tags

    def _seeded_embedding(self, seed):
        embedding = AutoencoderEmbedding() if self.embedding is None else clone(self.embedding)
        if embedding.get_params().get("random_state", seed) is None:
            embedding.set_params(random_state=seed)
        return embedding
