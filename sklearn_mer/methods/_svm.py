"""SVM Baseline: a support vector machine on handcrafted features."""

import numbers

from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from .._compat import N_JOBS, Interval, StrOptions, _fit_context
from .._docs import share_docs
from .._optional import import_optional
from ..audio import HEARD_CONSTRAINTS, refuse_hearing
from ..training import draw_seed, encode_labels
from ._bayes_search import search_svc
from ._calibrated import PredictsCalibrated, fit_calibrated
from ._class_weight import CLASS_WEIGHT_CONSTRAINT, class_weights
from ._collections import AdaptsToCollections
from ._features import FEATURE_CONSTRAINT, FeatureSource, check_described_clips, is_sign_invariant
from ._scaler import ClippedScaler


@share_docs
class SVMBaseline(AdaptsToCollections, PredictsCalibrated, ClassifierMixin, BaseEstimator):
    """SVM Baseline: a support vector machine on standardised descriptors.

    Parameters
    ----------
    features : {"auto", "columns"} or transformer, default="auto"
        {features}
    offset : float, default=0.0
        {offset}
    duration : float, "auto" or None, default="auto"
        {heard_duration}
    kernel : {"linear", "poly", "rbf", "sigmoid"}, default="rbf"
        Kernel of the support vector machine.
    C : float, default=5.0
        Inverse of the regularisation strength.
    gamma : float or None, default=None
        Kernel coefficient for standardised descriptors. If None, 0.3 divided by their number, which
        is the paper's 0.003 for the 100 descriptors of 4QAED.
    degree : int, default=3
        Degree of the polynomial kernel.
    clip : float or None, default=3.0
        Largest absolute value of a standardised column. A clip unlike all training clips in a
        few columns then stays comparable. None for no limit.
    class_weight : "balanced", dict or None, default=None
        {class_weight}
    search : {"bayes"} or None, default=None
        "bayes" chooses `kernel`, `C`, `gamma` and `degree` in each `fit`: Bayesian optimisation
        (`BayesSearchCV`) of the accuracy in an inner 5-fold cross-validation. Needs the extra
        ``search``.
    n_trials : int, default=50
        Number of settings that the search evaluates.
    n_jobs : int or None, default=None
        {n_jobs}
        Used by the default descriptors and the folds of the search.
    random_state : int, RandomState or None, default=None
        Controls the search. Without a search nothing is random.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        {classes_}
    pipeline_ : Pipeline
        The fitted scaler and SVC.
    calibrated_ : CalibratedClassifierCV or None
        The pipeline with its calibration; None if a class had a single clip.
    best_params_ : dict
        Parameters of the SVC.
    feature_source_ : object
        {feature_source_}
    n_features_in_ : int
        {n_features_in_}
    feature_names_in_ : ndarray of str
        {feature_names_in_}

    See Also
    --------
    HybridMER : Networks on descriptors and spectrograms.

    Notes
    -----
    The paper tunes on the accuracy of the same folds that it reports, with `C` and `gamma`
    log-uniform in [1e-6, 100] and `degree` from 1 to 5 [1]_. Here the search uses the training
    clips only.

    Columns that hardly vary among the training clips are left out: 95 % of the clips are within a
    hundredth of a standard deviation of the median.

    {told}

    Probabilities are the softmax of the decision values, divided by a temperature
    (:class:`~sklearn.calibration.CalibratedClassifierCV`) that is chosen on the decision values
    of an inner 5-fold cross-validation, or fewer folds if a class has fewer clips. This leaves
    the order of the decision values unchanged, but `predict` is the vote of the SVC over pairs
    of classes, and ties between classes are resolved differently: on ten folds of 4QAED, 3 of
    900 predictions differ from the most probable class.

    There is no ``sample_weight``: libsvm stops at a tolerance at which weighting a clip by two
    and repeating it give slightly different results, so that scikit-learn's checks of sample
    weights cannot pass. Use `class_weight`.

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
        **HEARD_CONSTRAINTS,
        "kernel": [StrOptions({"linear", "poly", "rbf", "sigmoid"})],
        "C": [Interval(numbers.Real, 0, None, closed="neither")],
        "gamma": [Interval(numbers.Real, 0, None, closed="neither"), None],
        # libsvm takes no more.
        "degree": [Interval(numbers.Integral, 1, 2**31 - 1, closed="both")],
        "clip": [Interval(numbers.Real, 0, None, closed="neither"), None],
        "search": [StrOptions({"bayes"}), None],
        "class_weight": CLASS_WEIGHT_CONSTRAINT,
        "n_trials": [Interval(numbers.Integral, 1, None, closed="left")],
        "n_jobs": N_JOBS,
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        features="auto",
        offset=0.0,
        duration="auto",
        kernel="rbf",
        C=5.0,
        gamma=None,
        degree=3,
        clip=3.0,
        class_weight=None,
        search=None,
        n_trials=50,
        n_jobs=None,
        random_state=None,
    ):
        self.features = features
        self.offset = offset
        self.duration = duration
        self.kernel = kernel
        self.C = C
        self.gamma = gamma
        self.degree = degree
        self.clip = clip
        self.class_weight = class_weight
        self.search = search
        self.n_trials = n_trials
        self.n_jobs = n_jobs
        self.random_state = random_state

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y):
        """Describe the clips, train the SVC and calibrate its probabilities.

        Parameters
        ----------
        X : clips
            {clips}
            Unless `features` is a transformer, also a table of descriptors without ``audio``, and
            with ``features="columns"`` an array of shape (n_clips, n_features).
        y : array-like of shape (n_clips,)
            {labels}

        Returns
        -------
        self : object
            The fitted estimator.
        """
        clips = self._check(X, reset=True)
        targets = encode_labels(self, clips, y)
        if self.search is not None:
            # Complains before all clips are described.
            import_optional("optuna", "search='bayes'", "search")
        heard = {"offset": self.offset, "duration": self.duration}
        self.feature_source_ = FeatureSource(self.features, n_jobs=self.n_jobs, **heard)
        described = self.feature_source_.fit_transform(clips)
        if self.feature_source_.names_ is not None:
            refuse_hearing("the feature columns of X are used and no audio is heard", **heard)
        weights = class_weights(self, targets)
        weights = None if weights is None else dict(enumerate(weights))
        pipeline = make_svc_pipeline(weights, self.clip)
        self.best_params_ = self._choose(pipeline, described, targets)
        pipeline.set_params(**{f"svc__{name}": v for name, v in self.best_params_.items()})
        self.pipeline_, self.calibrated_ = fit_calibrated(pipeline, described, targets)
        self._learn_spread(described)
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.classifier_tags.poor_score = self.features == "auto" or is_sign_invariant(
            self.features
        )
        return tags

    def _check(self, X, *, reset):
        return check_described_clips(self, X, reset=reset)

    def _sources(self):
        return [self.feature_source_]

    def _scalers(self):
        return [(self.pipeline_[0], slice(None))]

    def _choose(self, pipeline, described, targets):
        if self.search is None:
            gamma = self.gamma or 0.3 / described.shape[1]
            return {"kernel": self.kernel, "C": self.C, "gamma": gamma, "degree": self.degree}
        return search_svc(
            pipeline,
            described,
            targets,
            n_trials=self.n_trials,
            n_jobs=self.n_jobs,
            seed=draw_seed(self.random_state),
        )


def make_svc_pipeline(class_weight=None, clip=None):
    """Return the scaler and the SVC, unfitted."""
    # Without a seed, the SVC draws one that it does not use from the global generator.
    return make_pipeline(ClippedScaler(clip), SVC(class_weight=class_weight, random_state=0))
