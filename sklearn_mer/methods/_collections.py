"""Collections of music that are unlike the training clips: to adapt to them, and to tell."""

import copy
import warnings

import numpy as np
from sklearn.decomposition import PCA
from sklearn.model_selection import KFold
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from .._docs import share_docs
from .._saved import saved_as

# Fewer clips say too little of a collection.
_MIN_ADAPTED, _MIN_TOLD = 10, 20
# Fewer training clips or columns say too little of what is usual.
_MIN_TRAINING, _MIN_COLUMNS = 100, 30
_N_DIRECTIONS, _MIN_REST = 20, 0.01
# Of the distances of training clips that are held out.
_N_PARTS, _N_QUANTILES = 5, 101
# Squared distance beyond what chance explains, see `Spread.distance`. Of 20 held-out clips of
# 4QAED of one quadrant, or the most alike, it is 0.0 to 0.1; of 20 rendered scores, 0.4 to 2.
_LIMIT = 0.2


def _knows_what_is_usual(self):
    return self._spread is not None and self._spread.quantiles is not None


@share_docs
class AdaptsToCollections:
    """Gives a classifier `adapt`, and a warning where it should be used.

    The class has `_check`, which returns checked clips, and, once fitted, `_sources`, a list of
    `FeatureSource`, and `_scalers`, pairs of a `ClippedScaler` and the columns that it scales;
    `_probabilities` returns those of clips that are described.
    """

    _spread = _n_adapted = None

    def adapt(self, X):
        """Return a copy that is adapted to a collection of clips, without labels.

        The copy standardises each column by its mean and standard deviation in X instead of the
        training clips'. It so predicts what a clip is within its collection. X should contain all
        kinds of emotion: of a collection of calm music, the copy takes the liveliest for lively.

        Parameters
        ----------
        X : clips
            {clips}
            At least 10, better 20 or more, of the collection to predict; usually all of them.

        Returns
        -------
        adapted : object
            A fitted copy; this estimator is unchanged. Its clone is unfitted and not adapted.

        Raises
        ------
        ValueError
            If there are fewer than 10 clips, or if all are alike.
        """
        check_is_fitted(self)
        clips = self._check(X, reset=False)
        if len(clips) < _MIN_ADAPTED:
            raise ValueError(
                f"adapt got {len(clips)} clips; at least {_MIN_ADAPTED} are needed to know how "
                "their collection varies, and 20 are better. Give more clips of the collection, "
                "or predict without adapt."
            )
        adapted = copy.deepcopy(self)
        described = np.hstack([source.adapt(clips) for source in adapted._sources()])
        for scaler, columns in adapted._scalers():
            scaler.adapt(described[:, columns])
        if not any(scaler.used_.any() for scaler, _ in adapted._scalers()):
            raise ValueError(
                f"adapt got {len(clips)} clips that do not differ in any column; give different "
                "clips of the collection."
            )
        adapted._n_adapted = len(clips)
        if adapted._spread is not None:
            adapted._spread.adapt(adapted._scaled(described))
        return adapted

    def familiarity(self, X):
        """Return how familiar each clip is: from 1, as the training clips, to 0, unlike all.

        It is the share of training clips that lie at least as far from the others as the clip
        does: in what is beside the main directions in which they vary, standardised columns of
        all groups together, taken from clips held out. Below 0.05, do not rely on the prediction.
        Of an adapted copy the distance is that from the clips given to `adapt`. A clip may be
        familiar and still be predicted wrongly.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        ndarray of shape (n_clips,)
            From 0 to 1.

        Raises
        ------
        ValueError
            If `fit` saw fewer than 100 clips or 30 columns that vary, which say too little.
        """
        described = self._describe(X)
        if not _knows_what_is_usual(self):
            raise ValueError(
                f"familiarity needs at least {_MIN_TRAINING} clips in fit and {_MIN_COLUMNS} "
                "columns that vary, to know what is usual (a model saved by a version without "
                "familiarity has to be fitted again)."
            )
        return self._familiarity(described)

    @available_if(_knows_what_is_usual)
    @share_docs
    def predict_proba_and_familiarity(self, X):
        """Return the probabilities and the familiarity of clips that are heard once.

        Only there if `fit` saw enough clips and columns for `familiarity`.

        Parameters
        ----------
        X : clips
            {clips}

        Returns
        -------
        proba : ndarray of shape (n_clips, n_classes)
            As of `predict_proba`.
        familiarity : ndarray of shape (n_clips,)
            As of `familiarity`.
        """
        described = self._describe(X)
        return self._probabilities(described), self._familiarity(described)

    def _familiarity(self, described):
        return self._spread.familiarity(self._scaled(described))

    def _learn_spread(self, described):
        """Learn how the training clips vary."""
        self._n_adapted = None
        scaled = self._scaled(described)
        self._spread = Spread.of(scaled)
        if self._spread is not None:
            self._spread.learn_quantiles(scaled)

    def _describe(self, X):
        check_is_fitted(self)
        clips = self._check(X, reset=False)
        described = np.hstack([source.transform(clips) for source in self._sources()])
        if len(clips) >= _MIN_TOLD and self._spread is not None:
            self._tell_of(self._scaled(described))
        return described

    def _scaled(self, described):
        """Return the scaled columns of all groups, each group with the same weight."""
        scaled = [scaler.transform(described[:, columns]) for scaler, columns in self._scalers()]
        return np.hstack([block / np.sqrt(block.shape[1]) for block in scaled])

    def _tell_of(self, scaled):
        by_chance = 1 / len(scaled) + (1 / self._n_adapted if self._n_adapted else 0)
        distance = self._spread.distance(scaled)
        if distance <= _LIMIT + by_chance:
            return
        given = "the clips that it is adapted to" if self._n_adapted else "its training clips"
        warnings.warn(
            f"The {len(scaled)} clips are, taken together, unlike what {type(self).__name__} "
            f"knows: beside the directions in which music usually varies, their mean is "
            f"{np.sqrt(distance):.1f} standard deviations away from that of {given}; chance "
            f"explains {np.sqrt(by_chance):.1f}. Predictions may be wrong for most of them, and "
            "mostly the same class. If they are one collection, of all kinds of emotion, use "
            "classifier.adapt(X).predict(X), which standardises by the collection itself.",
            UserWarning,
            stacklevel=4,
        )


@saved_as("Spread")
class Spread:
    """How the training clips vary: their main directions, and how much they vary beside them.

    A collection of one class or genre differs from the training clips mostly in the main
    directions, one from elsewhere in all others too.
    """

    quantiles = None  # in files from before there was familiarity

    def __init__(self, pca, rest):
        self.pca = pca
        self.rest = rest

    @classmethod
    def of(cls, scaled, least=_MIN_TRAINING):
        """Return the spread of training clips, None if they or their columns say too little."""
        n_clips, n_columns = len(scaled), (scaled.std(axis=0) > 0).sum()
        if n_clips < least or n_columns < _MIN_COLUMNS:
            return None
        n_directions = min(_N_DIRECTIONS, n_clips // 20, n_columns // 2)
        pca = PCA(n_directions, svd_solver="randomized", random_state=0).fit(scaled)
        total = scaled.var(axis=0, ddof=1).sum()
        rest = total - pca.explained_variance_.sum()
        return cls(pca, rest) if rest > _MIN_REST * total else None

    def learn_quantiles(self, scaled):
        """Learn how far training clips lie from others, from parts that are held out."""
        held_out = []
        for train, test in KFold(_N_PARTS, shuffle=True, random_state=0).split(scaled):
            spread = Spread.of(scaled[train], least=0)
            if spread is None:
                return
            held_out.append(spread.distances(scaled[test]))
        self.quantiles = np.quantile(np.concatenate(held_out), np.linspace(0, 1, _N_QUANTILES))

    def familiarity(self, scaled):
        """Return the share of training clips that are at least as far away."""
        shares = np.linspace(1, 0, _N_QUANTILES)
        return np.interp(self.distances(scaled), self.quantiles, shares)

    def adapt(self, scaled):
        """Take the variance beside the main directions from the clips of a collection."""
        self.rest = np.sum(self._beside(scaled) ** 2) / len(scaled)

    def distance(self, scaled):
        """Return the squared distance of the mean, in variances, beside the main directions.

        For n clips drawn from the training clips, 1 / n is expected.
        """
        return np.sum(self._beside(scaled.mean(axis=0)) ** 2) / self.rest

    def distances(self, scaled):
        """Return the squared distance of each clip, in variances, beside the main directions."""
        return np.sum(self._beside(scaled) ** 2, axis=1) / self.rest

    def _beside(self, scaled):
        centred = scaled - self.pca.mean_
        return centred - centred @ self.pca.components_.T @ self.pca.components_
