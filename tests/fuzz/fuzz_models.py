"""Damaged and forged files of models: refused, or loaded without harm."""

import functools
import io
import json
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
from fuzz_cases import NUMBERS, Case, expect, mutated_bytes, mutated_json
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer import CNNBaseline, KernelFusion, SVMBaseline
from sklearn_mer.models import ModelFileError, load_model, model_info, save_model

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
import forged

COLUMNS = np.random.RandomState(0).normal(size=(24, 4))
MAPS = np.random.RandomState(0).normal(size=(24, 64, 79)).astype(np.float32)
LABELS = np.repeat(["Q1", "Q2", "Q3", "Q4"], 6)
FOREST = RandomForestClassifier(2, max_depth=3, random_state=0)
MODELS = {
    "svm": (SVMBaseline(features="columns"), COLUMNS),
    "fusion": (KernelFusion([("all", "columns")], max_exact=5, n_components=4), COLUMNS),
    "forest": (make_pipeline(StandardScaler(), FOREST), COLUMNS),
    "cnn": (CNNBaseline(frontend="passthrough", max_epochs=1, random_state=0), MAPS),
}


@functools.cache
def originals():
    """Return {name: (bytes of the file, probabilities)}."""
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (estimator, X) in MODELS.items():
            path = save_model(estimator.fit(X, LABELS), f"{folder}/model.mer")
            made[name] = path.read_bytes(), load_model(path).predict_proba(X)
    return made


def draw(random):
    """Return a damaged or forged file."""
    name = random.choice(list(MODELS))
    content, _ = originals()[name]
    kind = random.choice(("bytes", "bytes", "structure", "structure", "arrays", "entries"))
    if kind == "bytes":
        content = mutated_bytes(random, content, donor=originals()[random.choice(list(MODELS))][0])
    elif kind == "entries":
        content = _with_other_entries(random, forged.entries(content))
    else:
        content = _forged(random, kind, *forged.parts(content))
    return Case({"model.mer": content}, {"model": name, "kind": kind})


def _forged(random, kind, info, structure, arrays):
    if kind == "structure":
        changed = mutated_json(random, structure if random.random() < 0.9 else info)
        structure, info = (changed, info) if "model" in structure else (structure, changed)
    else:
        for _ in range(random.choice((1, 1, 3))):
            i = random.randrange(len(arrays))
            arrays[i] = _changed(random, arrays[i])
    named = {
        "info.json": json.dumps(info).encode(),
        "model.json": json.dumps(structure).encode(),
    }
    for i, array in enumerate(arrays):
        file = io.BytesIO()
        np.save(file, array, allow_pickle=True)
        named[f"arrays/{i}.npy"] = file.getvalue()
    return forged.zipped(named.items())


def _changed(random, array):
    kind = random.randrange(7)
    if kind == 0 and array.size and array.dtype.kind in "iuf":
        array = array.copy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = np.array(NUMBERS, dtype=np.float64).astype(array.dtype)
        array.flat[random.randrange(array.size)] = random.choice(values.tolist())
        return array
    if kind == 1 and array.size and array.dtype.names:
        array = array.copy()
        field = random.choice(array.dtype.names)
        value = np.array(random.choice((-1, 0, 1, 2**31, -(2**40)))).astype(array.dtype[field])
        array[field][random.randrange(len(array))] = value
        return array
    if kind == 2 and array.ndim:
        return array[: random.randrange(len(array) + 1)]
    if kind == 3:
        return array[None]
    if kind == 4 and array.ndim:
        return np.concatenate([array, array])
    if kind == 5 and array.dtype.kind in "biuf":
        return array.astype(random.choice(("f4", "f8", "i4", "i8", "U3", "O", "?")), copy=True)
    return array.T.copy()


def _with_other_entries(random, named):
    named = list(named.items())
    i = random.randrange(len(named))
    name, content = named[i]
    kind = random.randrange(5)
    if kind == 0:
        del named[i]
    elif kind == 1:
        named[i] = (
            random.choice(("../x", "/etc/x", "arrays/00.npy", "model.json", "a\\b")),
            content,
        )
    elif kind == 2:
        named[i] = (name, mutated_bytes(random, content, donor=random.choice(named)[1]))
    elif kind == 3:
        named[i] = (name, random.choice((b"", b"[" * 100_000, b"{}" * 9, bytes(2**20))))
    compression = zipfile.ZIP_DEFLATED if kind == 4 else zipfile.ZIP_STORED
    with warnings.catch_warnings():  # of names that are there twice
        warnings.simplefilter("ignore")
        return forged.zipped(named, compression)


def check(case, folder):
    """Load the file; return what came of it."""
    path = case.write(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for read in (model_info, load_model):
            try:
                model = read(path)
            except ModelFileError as error:
                expect(str(path) in str(error), f"the file is not named: {error}")
                expect(len(str(error)) < 1500, f"the message is long: {error!r:.300}")
                outcome = "refused"
        if "model" not in locals() or isinstance(model, dict):
            return outcome
        _, X = MODELS[case.params["model"]]
        try:
            values = model.predict_proba(X)
        except Exception:  # forged, but consistent: what it says is for its maker to answer
            expect(case.params["kind"] != "bytes", "a damaged file is loaded and does not predict")
            return "useless"
    if case.params["kind"] == "bytes":
        _, whole = originals()[case.params["model"]]
        expect(np.array_equal(values, whole), "a damaged file gives other values")
    return "loaded"
