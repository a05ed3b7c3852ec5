"""Odd parameters, set or from TOML files: refused in words, or a fit with finite values."""

import contextlib
import json
import warnings
from pathlib import Path

import numpy as np
from fuzz_cases import Case, expect, expect_told, mutated_bytes, odd_value
from sklearn.base import clone

from sklearn_mer import (
    AudioLoader,
    CNNBaseline,
    EmotionFeatures,
    MelSpectrogram,
    SampleCNN,
    ShortChunkCNN,
    SummaryFeatures,
    SVMBaseline,
)
from sklearn_mer.augmentation import (
    BandStop,
    Compose,
    Gain,
    PitchShift,
    SevenBandEQ,
    TimeMask,
    TimeShift,
    TimeStretch,
)
from sklearn_mer.methods import Method
from sklearn_mer.study import Protocol
from sklearn_mer.study._grids import candidates_of, read_grid, with_settings

MEL = MelSpectrogram(duration=2.5, n_mels=64, cache=False)
ONE_EPOCH = {"max_epochs": 1, "batch_size": 4, "random_state": 0}
SHORT = {"duration": 0.1, "cache": False}
ESTIMATORS = (
    AudioLoader(duration=0.1),
    SummaryFeatures(**SHORT),
    EmotionFeatures(columns=["dynamics__loudness"], duration=0.25, cache=False),
    MelSpectrogram(n_mels=8, **SHORT),
    SVMBaseline(features=SummaryFeatures(**SHORT)),
    CNNBaseline(frontend=MEL, **ONE_EPOCH),
    ShortChunkCNN(frontend=MEL, segment_length=36, width=2, **ONE_EPOCH),
    SampleCNN(frontend=AudioLoader(duration=3.8), width=1, **ONE_EPOCH),
    *(cls(**SHORT) for cls in (TimeShift, PitchShift, TimeStretch, Gain, TimeMask, BandStop)),
    SevenBandEQ(**SHORT),
    Compose(steps=[("a", Gain()), ("b", TimeMask())], **SHORT),
)
# What these ask for, they get, however long it takes.
WORK = ("epochs", "width", "n_units", "n_filters", "n_trials", "segments", "n_copies", "n_new")
SMALL = (0, -1, 1, 2, 3, 1.5, 2.0, None, "a", float("nan"), np.int64(2), np.float32(2.5))
LARGER = (0.1, 0.5, 0.999, 1e-9, 10, 100, 8000, 22050, 48000, 1e9, 1e12, 2**30, 2**63, -5.0)
LISTS = ([], [1], [1, 2], (0.5, 1.5), (2, 1), (0, 0), [1, "a"], (1e-9, 1e9), [float("nan")] * 2)
KEYS = "abcdefghij"


def draw(random):
    """Return parameters of one estimator, as values or as the text of a file."""
    index = random.randrange(len(ESTIMATORS))
    names = [name for name in ESTIMATORS[index].get_params() if name != "steps"]
    chosen = [random.choice(names) for _ in range(random.choice((1, 1, 2, 3)))]
    # A part that is replaced has no parameters.
    chosen = [name for name in chosen if name.rpartition("__")[0] not in chosen]
    known = ESTIMATORS[index].get_params()
    params = {name: _value(random, name, known[name]) for name in chosen}
    if random.random() < 0.5:
        return Case(params={"estimator": index, "params": params})
    return Case({"svm.toml": _text(random, params)}, {"estimator": index})


def _value(random, name, default):
    if random.random() < 0.3 and default != 1:
        return _near(random, default)
    if name in ("columns", "dimensions"):  # all descriptors take a minute
        return random.choice(("a", [], ["dynamics"], 1, ["dynamics__loudness", "x"], {"a": 1}))
    if name.endswith("hop_length"):  # with few samples, a thousand times as many frames
        return random.choice((0, -1, 400, 513.0, 600, 10**6, 2**40, None, "a"))
    kind = random.random()
    if any(word in name for word in WORK) or kind < 0.4:
        return random.choice(SMALL)
    if name.endswith("duration") and kind < 0.6:  # an hour takes a while
        return random.choice((0.1, 1e-9, 1e9, 1e12, 2**63, -5.0))
    if kind < 0.6:
        return random.choice(LARGER)
    return random.choice(LISTS) if kind < 0.75 else odd_value(random)


def _near(random, value):
    """Return a value that is often as good."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((int, np.int64))(value + random.choice((-1, 1, 2)))
    if isinstance(value, float):
        return random.choice((float, np.float32))(value * random.choice((0.5, 0.9, 2)))
    return value if isinstance(value, str | tuple | type(None)) else 1


def _text(random, params):
    title = random.choice(("params", "params", "params", "chosen", "", "params.x"))
    lines = [f"[{title}]"] if title else []
    lines += [f"{name} = {_as_toml(value)}" for name, value in params.items()]
    if random.random() < 0.3:
        lines.append("[chosen]")
        lines.append(
            f"{random.choice(('recipe', 'dataset', 'f1_macro'))} = {_as_toml(odd_value(random))}"
        )
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return (
        mutated_bytes(random, text, donor=b'[params]\nC = [1, {a = "b"}]\n')
        if random.random() < 0.4
        else text
    )


def _as_toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_as_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_as_toml, value)) + "]"
    if isinstance(value, float) and not np.isfinite(value):
        return str(float(value))
    return json.dumps(value.item() if isinstance(value, np.generic) else value, ensure_ascii=False)


def check(case, folder):
    """Set, fit and apply; return what came of it."""
    estimator = clone(ESTIMATORS[case.params["estimator"]])
    try:
        if case.files:
            file = case.write(folder)
            _read_as_grid(file, estimator)
            ((row,), notes) = with_settings([Method("svm", estimator)], Path(folder))
            expect(all(isinstance(note, str) for note in notes), "a note is no text")
            estimator = row.estimator
        else:
            estimator.set_params(**case.params["params"])
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return _fit(estimator)
    except Exception as error:
        expect_told(error)
        return "refused"


def _read_as_grid(file, estimator):
    with contextlib.suppress(ValueError):
        candidates_of(read_grid(file, estimator, Protocol()), Method("svm", estimator))


def _fit(estimator):
    seconds = np.arange(8 * 4000).reshape(8, 4000) / 16000
    X = (0.5 * np.sin(2 * np.pi * 440 * seconds)).astype(np.float32)
    y = ["a", "b"] * 4
    if hasattr(estimator, "fit_resample"):
        values = estimator.fit_resample(X, y)[0]
    else:
        estimator.fit(X, y)
        proba = hasattr(estimator, "predict_proba")
        values = estimator.predict_proba(X) if proba else estimator.transform(X)
    expect(len(values) >= 8, f"{len(values)} rows of 8 clips")
    expect(np.isfinite(np.asarray(values)).all(), "values are not finite")
    return "fitted"
