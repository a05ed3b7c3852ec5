"""Odd X and y: finite results, or an error for users; X is left as it was."""

import functools
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from fuzz_cases import NUMBERS, TEXTS, Case, expect, expect_told, odd_value
from scipy import sparse
from sklearn.base import clone

from sklearn_mer import (
    AudioLoader,
    CNNBaseline,
    EmotionFeatures,
    HybridMER,
    MelSpectrogram,
    SummaryFeatures,
    SVMBaseline,
)
from sklearn_mer.augmentation import DeepSMOTE, TimeShift

MEL = MelSpectrogram(duration=2.5, n_mels=64)
ONE_EPOCH = {"max_epochs": 1, "batch_size": 4, "random_state": 0}
ESTIMATORS = (
    AudioLoader(duration=0.1),
    AudioLoader(duration=None),
    SummaryFeatures(duration=0.1, cache=False),
    EmotionFeatures(duration=0.25, columns=["dynamics__loudness"], cache=False),
    MelSpectrogram(duration=0.1, n_mels=8, cache=False),
    SVMBaseline(features=SummaryFeatures(duration=0.1)),
    SVMBaseline(features="columns"),
    TimeShift(duration=0.1, random_state=0),
    CNNBaseline(frontend=MEL, **ONE_EPOCH),
    CNNBaseline(frontend="passthrough", **ONE_EPOCH),
    HybridMER(features="columns", frontend=MEL, augment=None, max_epochs=1, random_state=0),
    DeepSMOTE(n_latent=4, n_filters=(2, 2), n_new=1, k_neighbors=1, **ONE_EPOCH),
)
DTYPES = ("f4", "f8", "f2", "i2", "i8", "u1", "?", "c8", "O", "U5", "M8[s]")
COLUMNS = ("audio", "audio", "path", "f1", "f2", "y", 0, 1.5, None, ("a", "b"))


@functools.cache
def files():
    """Return paths: six whole clips, then what is none."""
    folder = Path(_folder().name)
    paths = [folder / f"{i}.wav" for i in range(6)]
    for i, path in enumerate(paths):
        soundfile.write(path, np.sin(np.arange(3200) / (9 + i)) * 0.5, 16000)
    (folder / "text.wav").write_text("no audio")
    return [*map(str, paths), str(folder / "text.wav"), str(folder / "none.wav"), str(folder)]


@functools.cache
def _folder():
    return tempfile.TemporaryDirectory()


def draw(random):
    """Return X, y and an estimator."""
    n = random.choice((0, 1, 2, 6, 6, 6, 6))
    params = {
        "estimator": random.randrange(len(ESTIMATORS)),
        "X": _clips(random, n),
        "y": _labels(random, n),
        "other": _clips(random, random.choice((1, n))),
    }
    return Case(params=params)


def _clips(random, n):
    kind = random.randrange(10)
    if kind <= 1:
        return _array(random, n)
    if kind == 2:
        return _paths(random, n)
    if kind <= 5:
        return _table(random, n)
    if kind == 6:  # of unequal length
        return [np.zeros(random.randrange(4)) for _ in range(n)]
    if kind == 7:
        return [[odd_value(random) for _ in range(2)] for _ in range(n)]
    if kind == 8:
        X = _array(random, n)
        wrap = random.choice((list, pd.DataFrame, pd.Series, np.ma.masked_array, _sparse, tuple))
        return _wrapped(wrap, X)
    return odd_value(random)


def _sparse(X):
    return sparse.csr_array(X)


def _array(random, n):
    shape = random.choice(((n,), (n, 0), (n, 1), (n, 5), (n, 1600), (n, 1600), (n, 64, 80), ()))
    values = np.random.RandomState(random.randrange(5)).uniform(-1, 1, shape)
    if values.size and random.random() < 0.3:
        values.flat[random.randrange(values.size)] = random.choice(NUMBERS)
    scale = random.choice((1, 1, 0, 1e30, 30000))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return (values * scale).astype(random.choice(("f4", *DTYPES)))


def _paths(random, n):
    good = files()[:6]
    paths = [good[i % 6] for i in range(n)]
    if paths and random.random() < 0.5:
        paths[random.randrange(n)] = random.choice((*files(), *TEXTS, None, 1.5, float("nan")))
    wrap = random.choice((list, list, tuple, pd.Series, _objects, np.array, pd.Index))
    return _wrapped(wrap, paths)


def _wrapped(wrap, values):
    try:
        return wrap(values)
    except (ValueError, TypeError):  # as of a table that takes no such text
        return pd.Series(list(values), dtype=object) if wrap is pd.Series else values


def _objects(values):
    return np.array([*values, None], dtype=object)[:-1]


def _table(random, n):
    names = [random.choice(COLUMNS) for _ in range(random.randrange(1, 5))]
    columns = [_column(random, name, n) for name in names]
    table = pd.concat(columns, axis=1)
    table.columns = names if random.random() < 0.9 else names[::-1]
    if random.random() < 0.2:
        table.index = table.index[::-1]
    return table


def _column(random, name, n):
    if name in ("audio", "path") and random.random() < 0.9:
        return _wrapped(pd.Series, _paths(random, n))
    values = np.random.RandomState(0).uniform(size=n)
    kind = random.randrange(8)
    if kind == 0:
        values = pd.array([1, None, *range(n)][:n], dtype="Int64")
    elif kind == 1:
        values = pd.Categorical(["a", "b"] * n)[:n]
    elif kind == 2:
        return pd.Series([odd_value(random) for _ in range(n)], dtype=object)
    elif kind == 3:
        values = pd.date_range("2026-01-01", periods=n)
    elif kind == 4 and n:
        values[random.randrange(n)] = random.choice(NUMBERS)
    return pd.Series(values)


def _labels(random, n):
    labels = [f"Q{i % 2 + 1}" for i in range(n)]
    kind = random.randrange(12)
    if kind == 0:
        return odd_value(random)
    if kind == 1:
        return labels[:-1]
    if kind == 2:
        return [odd_value(random) for _ in range(n)]
    if kind == 3:
        return np.random.RandomState(0).choice((0, 1), (n, 2))
    wrap = random.choice((list, np.array, pd.Series, pd.Categorical, _objects, _as_numbers))
    return _wrapped(wrap, labels)


def _as_numbers(labels):
    return np.array([int(label[1]) for label in labels])


def check(case, folder):
    """Fit and predict; return what came of it."""
    X, y, other = (case.params[name] for name in ("X", "y", "other"))
    before = _state(X, y, other)
    estimator = clone(ESTIMATORS[case.params["estimator"]])
    outcomes = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for step in (_fit, _apply):
            try:
                outcomes.append(step(estimator, X, y, other))
            except Exception as error:
                expect_told(error)
                outcomes.append("refused")
                break
    expect(_state(X, y, other) == before, "X or y was changed")
    return ", ".join(outcomes)


def _state(*values):
    """Return text that is the same for the same values."""
    return repr([_as_list(value) for value in values])


def _as_list(value):
    if isinstance(value, pd.DataFrame):
        return [list(value.columns), *(_as_list(value.iloc[:, i]) for i in range(value.shape[1]))]
    if isinstance(value, pd.Series | pd.Index):
        index = list(value.index) if isinstance(value, pd.Series) else None
        return [type(value), index, value.dtype, value.tolist()]
    if sparse.issparse(value):
        return [type(value), _as_list(value.toarray())]
    if isinstance(value, np.ndarray):
        return [type(value), value.dtype, value.shape, value.tolist()]
    return value


def _fit(estimator, X, y, other):
    if hasattr(estimator, "fit_resample"):
        copies, labels = estimator.fit_resample(X, y)
        expect(len(copies) == len(labels), "copies and labels differ in number")
        return "resampled"
    estimator.fit(X, y)
    _check_values(estimator, X)
    return "fitted"


def _apply(estimator, X, y, other):
    if not hasattr(estimator, "fit_resample"):
        _check_values(estimator, other)
    return "applied"


def _check_values(estimator, X):
    if hasattr(estimator, "predict_proba"):
        values = estimator.predict_proba(X)
        expect(set(estimator.predict(X)) <= set(estimator.classes_), "other classes")
    else:
        values = estimator.transform(X)
    expect(len(values) == len(X), f"{len(X)} clips, {len(values)} rows")
    expect(np.isfinite(np.asarray(values)).all(), "values are not finite")
