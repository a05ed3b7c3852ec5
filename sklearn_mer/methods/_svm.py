"""SVM Baseline: a support vector machine on handcrafted features."""

import numbers

from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.validation import check_is_fitted

from .._compat import Interval, StrOptions, _fit_context
from .._optional import import_optuna
from ..training import draw_seed, encode_labels
from ._bayes_search import search_svc
from ._features import FEATURE_CONSTRAINT, FeatureSource, check_described_clips, hears_waveforms


class SVMBaseline(ClassifierMixin, BaseEstimator):
    """The SVM Baseline: standardised descriptors and a support vector machine.

    Parameters
    ----------
    features : {"auto", "columns"} or transformer, default="auto"
        What describes a clip. "columns": the numeric columns of X; a 2-D array or table without
        audio is then taken as descriptors, too. A transformer from clips to a table: cloned in
        `fit`. "auto": the columns where X is a table that has some, else
        `sklearn_mer.features.EmotionFeatures` of the audio at 16 kHz.
    kernel : {"linear", "poly", "rbf", "sigmoid"}, default="rbf"
    C : float, default=5.0
        Strength of fitting against smoothness.
    gamma : float or None, default=None
        Width of the kernel, in standardised descriptors. None for 0.3 over their number, which
        for the study's 100 is the paper's 0.003.
    degree : int, default=3
        Of the "poly" kernel.
    search : {"bayes"} or None, default=None
        "bayes" chooses kernel, `C`, `gamma` and `degree` anew inside each `fit`: Bayesian
        optimisation with a Gaussian process over the paper's space, by the accuracy of an inner
        5-fold cross-validation. Needs the extra ``search`` (optuna).
    n_trials : int, default=50
        Settings that the search tries.
    n_jobs : int or None, default=None
        Threads of the fall-back features, and inner folds of the search at once.
    random_state : int, RandomState or None, default=None
        Of the search; without it nothing is random.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels.
    pipeline_ : Pipeline
        The fitted scaler and SVC.
    best_params_ : dict
        The SVC's settings.
    feature_source_ : object
        Where descriptors come from: ``names_`` of columns, or a fitted ``transformer_``.
    n_features_in_ : int
        Number of columns of a table or array seen in `fit`.
    feature_names_in_ : ndarray of str
        Names of the columns, where X had names.

    See Also
    --------
    HybridMER : Descriptors and spectrograms together.

    Notes
    -----
    The paper tunes on the accuracy of the very folds it reports, with C and gamma log-uniform
    in [1e-6, 100] and degree 1 to 5 [1]_; here the search sees the training fold only.

    References
    ----------
    .. [1] Louro et al., "Improving Deep Learning Methodologies for Music Emotion Recognition".

    Examples
    --------
    >>> from sklearn_mer import SVMBaseline
    >>> from sklearn_mer.datasets import make_quadrant_clips
    >>> X, y = make_quadrant_clips(40, random_state=0, return_X_y=True)
    >>> SVMBaseline().fit(X[:30], y[:30]).predict(X[30:]).shape
    (10,)
    """

    _parameter_constraints = {
        "features": FEATURE_CONSTRAINT,
        "kernel": [StrOptions({"linear", "poly", "rbf", "sigmoid"})],
        "C": [Interval(numbers.Real, 0, None, closed="neither")],
        "gamma": [Interval(numbers.Real, 0, None, closed="neither"), None],
        "degree": [Interval(numbers.Integral, 1, None, closed="left")],
        "search": [StrOptions({"bayes"}), None],
        "n_trials": [Interval(numbers.Integral, 1, None, closed="left")],
        "n_jobs": [numbers.Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        features="auto",
        kernel="rbf",
        C=5.0,
        gamma=None,
        degree=3,
        search=None,
        n_trials=50,
        n_jobs=None,
        random_state=None,
    ):
        self.features = features
        self.kernel = kernel
        self.C = C
        self.gamma = gamma
        self.degree = degree
        self.search = search
        self.n_trials = n_trials
        self.n_jobs = n_jobs
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y):
        """Describe the clips and train the SVM.

        Parameters
        ----------
        X : clips
            Paths, waveforms of shape (n_clips, n_samples), or a table; see `sklearn_mer.audio`.
            With ``features="columns"``, also descriptors of shape (n_clips, n_features).
        y : array-like of shape (n_clips,)
            Labels.

        Returns
        -------
        self
        """
        clips = check_described_clips(self, X, reset=True)
        targets = encode_labels(self, clips, y)
        if self.search is not None:
            import_optuna("search='bayes'")  # complains before all clips are described
        self.feature_source_ = FeatureSource(self.features, n_jobs=self.n_jobs)
        described = self.feature_source_.fit_transform(clips)
        self.best_params_ = self._choose(described, targets)
        self.pipeline_ = make_svc_pipeline(self.best_params_).fit(described, targets)
        return self

    def decision_function(self, X):
        """Return how far clips lie on each class's side.

        Parameters
        ----------
        X : clips

        Returns
        -------
        ndarray of shape (n_clips, n_classes), or (n_clips,) for two classes
        """
        described = self._describe(X)
        return self.pipeline_.decision_function(described)

    def predict(self, X):
        """Return the class of each clip.

        Parameters
        ----------
        X : clips

        Returns
        -------
        ndarray of shape (n_clips,)
        """
        described = self._describe(X)
        return self.classes_[self.pipeline_.predict(described)]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.classifier_tags.poor_score = self.features == "auto" or hears_waveforms(self.features)
        return tags

    def _describe(self, X):
        check_is_fitted(self)
        return self.feature_source_.transform(check_described_clips(self, X, reset=False))

    def _choose(self, described, targets):
        if self.search is None:
            gamma = self.gamma or 0.3 / described.shape[1]
            return {"kernel": self.kernel, "C": self.C, "gamma": gamma, "degree": self.degree}
        return search_svc(
            make_svc_pipeline(),
            described,
            targets,
            n_trials=self.n_trials,
            n_jobs=self.n_jobs,
            seed=draw_seed(self.random_state),
        )


def make_svc_pipeline(params=()):
    """Return the scaler and the SVC, unfitted."""
    # Without a seed, the SVC draws one that it does not use from the global generator.
    return make_pipeline(StandardScaler(), SVC(**dict(params), random_state=0))
