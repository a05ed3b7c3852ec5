"""From probabilities to a decision."""

from .._docs import share_docs


@share_docs
class PredictsMostProbable:
    """Gives a classifier of clips with ``predict_proba`` and ``classes_`` its `predict`."""

    def predict(self, X):
        """Return the most probable class.

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
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]
