"""What classifiers share that train a kernel machine on descriptors."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedKFold

from .._docs import share_docs

_N_FOLDS = 5


def fit_calibrated(estimator, described, targets):
    """Fit a classifier and calibrate its probabilities.

    Parameters
    ----------
    estimator : classifier
        With decision values. It is cloned.
    described : ndarray of shape (n_clips, n_features)
        Descriptors of the training clips.
    targets : ndarray of shape (n_clips,), int
        Their classes.

    Returns
    -------
    fitted : classifier
        Fitted on all clips.
    calibrated : CalibratedClassifierCV or None
        `fitted` with its calibration; None if a class has a single clip.
    """
    n_splits = min(_N_FOLDS, np.bincount(targets).min())
    if n_splits < 2:
        return estimator.fit(described, targets), None
    cv = StratifiedKFold(n_splits, shuffle=True, random_state=0)
    # With ensemble=False, the classifier that decides is the one fitted on all clips.
    calibrated = CalibratedClassifierCV(estimator, method="temperature", cv=cv, ensemble=False)
    calibrated.fit(described, targets)
    return calibrated.calibrated_classifiers_[0].estimator, calibrated


@share_docs
class PredictsCalibrated:
    """Gives a classifier its predictions: it has ``pipeline_``, ``calibrated_`` and `_describe`."""

    def decision_function(self, X):
        """Return the decision values.

        Parameters
        ----------
        X : clips
            {clips}
            {heard}

        Returns
        -------
        ndarray of shape (n_clips, n_classes), or (n_clips,) for two classes
            Columns in the order of ``classes_``.
        """
        described = self._describe(X)
        return self.pipeline_.decision_function(described)

    def predict_proba(self, X):
        """Return the probability of each class, calibrated in `fit`.

        Parameters
        ----------
        X : clips
            {clips}
            {heard}

        Returns
        -------
        ndarray of shape (n_clips, n_classes)
            Columns in the order of ``classes_``.

        Raises
        ------
        ValueError
            If a class had a single clip in `fit`, which is too few to calibrate.
        """
        return self._probabilities(self._describe(X))

    def _probabilities(self, described):
        if self.calibrated_ is None:
            raise ValueError(
                "predict_proba needs at least two clips of each class in fit, to calibrate the "
                "probabilities. Add clips, or use predict or decision_function."
            )
        return self.calibrated_.predict_proba(described)

    def predict(self, X):
        """Return the class of each clip; see Notes.

        Parameters
        ----------
        X : clips
            {clips}
            {heard}

        Returns
        -------
        ndarray of shape (n_clips,)
            Class labels.
        """
        described = self._describe(X)
        return self.classes_[self.pipeline_.predict(described)]
