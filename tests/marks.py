"""Which clip is it? Told from its own content, in every form it takes on the way to a network."""

from collections import defaultdict

import numpy as np
from cases import MEL
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.preprocessing import StandardScaler

from sklearn_mer import MelSpectrogram, SummaryFeatures
from sklearn_mer.methods._scaler import ClippedScaler

N_FOLDS = 3
FOLDS = StratifiedKFold(N_FOLDS)
LOG = []


def note(step, rows):
    rows = getattr(rows, "audio", rows)  # of checked clips
    LOG.append((step, [content(row) for row in rows]))


def content(row):
    return np.ascontiguousarray(row, dtype=np.float32).tobytes()


class NotingMel(MelSpectrogram):
    def fit(self, X, y=None):
        note("front end", X)
        return super().fit(X)

    def transform_copies(self, X, sampler, **options):
        note(f"copies {type(sampler).__name__}", X)
        return super().transform_copies(X, sampler, **options)


class NotingFeatures(SummaryFeatures):
    def fit(self, X, y=None):
        note("features", X)
        return super().fit(X)


class NotingScaler(StandardScaler):
    def fit(self, X, y=None, sample_weight=None):
        note("scaler", X)
        return super().fit(X)


class NotingClippedScaler(ClippedScaler):
    def fit(self, X, y=None):
        note("scaler", X)
        return super().fit(X)


class Marks:
    """Tells which clip a row came from, for the rows of one fitted estimator."""

    def __init__(self, X, fitted, samplers):
        self.waveform = self._table(X)
        self.spectrogram = self._table(MEL.fit_transform(X))
        self.altered = defaultdict(list)
        for sampler in samplers:
            copies = MEL.fit(X).transform_copies(X, sampler)
            for number in range(copies.shape[1]):
                for row, clip in self._table(copies[:, number]).items():
                    self.altered[row].append(clip)
        if not hasattr(fitted, "scaler_"):
            return
        described = fitted.feature_source_.transformer_.transform(X).astype(np.float64)
        self.described = self._table(described)
        self.scaled = self._table(fitted._scale(described))

    @staticmethod
    def _table(rows):
        table = {content(row): clip for clip, row in enumerate(rows)}
        assert len(table) == len(rows), "two clips look the same: nothing could be told"
        return table

    def clips(self, kind, rows):
        return [getattr(self, kind)[content(row)] for row in rows]

    def originals_and_copies(self, spectrograms):
        known = {row: [clip] for row, clip in self.spectrogram.items()} | self.altered
        return [known[content(row)][0] for row in spectrograms]


def cross_validate_noting(method, X, y):
    """Return, fold by fold: estimator, what was noted in fit, training clips."""

    def score(fitted, X_test, y_test):
        LOG.append(("fit ends",))
        accuracy = fitted.score(X_test, y_test)
        LOG.append(("score ends",))
        return accuracy

    LOG.clear()
    result = cross_validate(
        method, X, y, cv=FOLDS, scoring=score, return_estimator=True, error_score="raise"
    )
    folds, in_fit, in_score = [], [], []
    now = in_fit
    for event in LOG:
        if event[0] == "fit ends":
            now = in_score
        elif event[0] == "score ends":
            folds.append((in_fit, in_score))
            now = in_fit = []
            in_score = []
        else:
            now.append(event)
    assert len(folds) == N_FOLDS
    trains = [train for train, _ in FOLDS.split(X, y)]
    return list(zip(result["estimator"], folds, trains, strict=True))


def events(noted, step):
    found = [event for event in noted if event[0] == step]
    assert len(found) == 1, f"{step}: {len(found)} times in one fit"
    return found[0][1:]
