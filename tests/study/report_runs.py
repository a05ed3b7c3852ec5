"""Made-up plans and results, for what reads results and runs nothing."""

from types import SimpleNamespace

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier

from sklearn_mer.methods import Method

QUADRANTS = ("Q1", "Q2", "Q3", "Q4")


class Network(MLPClassifier):
    """Has a parameter that tells a row that trains a network."""

    def __init__(self, max_epochs=3):
        super().__init__()
        self.max_epochs = max_epochs


class Results:
    """Results of cells that can be asked for by their keys."""

    def __init__(self, *rows):
        self._rows = {row["key"]: row for row in rows}
        self.n_readings = 0

    def rows(self, keys):
        self.n_readings += 1
        return [self._rows[key] for key in keys if key in self._rows]


def method(key, title="", estimator=None, published=None, missing=None, recipe="default"):
    row = Method(key, estimator or DummyClassifier(), title, recipe, published or {})
    names = ("key", "estimator", "title", "recipe", "published", "trains_network")
    return SimpleNamespace(**{name: getattr(row, name) for name in names}, missing=missing)


def dataset(name="tiny", labels=QUADRANTS):
    return SimpleNamespace(name=name, labels=np.array(labels, dtype=object), split=None)


def plan(methods, *, n_splits=3, n_repeats=2, n_clips=60):
    """Return the cells of methods, fold by fold, with all methods of a fold together."""
    n_test = n_clips // n_splits
    return [
        SimpleNamespace(
            key=f"{row.key} {id(row)} {repeat} {fold}",
            method=row,
            repeat=repeat,
            fold=fold,
            train=np.arange(n_clips - n_test),
            test=np.arange(n_test),
        )
        for repeat in range(n_repeats)
        for fold in range(n_splits)
        for row in methods
        if not row.missing
    ]


def done(cell, level=0.6, labels=QUADRANTS, **more):
    """Return the result of a finished cell whose predictions are right with a probability."""
    rng = np.random.default_rng([cell.repeat, cell.fold, *cell.method.key.encode()])
    true = np.arange(len(cell.test)) % len(labels)
    found = np.where(rng.random(len(true)) < level, true, rng.integers(len(labels), size=len(true)))
    counts = confusion_matrix(true, found, labels=range(len(labels)))
    result = {
        "status": "done",
        "f1_macro": f1_score(true, found, average="macro"),
        "accuracy": accuracy_score(true, found),
        "f1_per_class": f1_score(true, found, average=None).tolist(),
        "confusion": counts.tolist(),
        "labels": list(labels),
        "fit_seconds": 2.0 + rng.random(),
        "score_seconds": 0.1,
        "peak_memory_mb": 200.0 + cell.fold,
        "device": "cpu",
    }
    return _row(cell) | result | more


def failed(cell, traceback="Traceback of study_fakes.py\nZeroDivisionError: failed on purpose"):
    return _row(cell) | {"status": "failed", "traceback": traceback}


def scored(cell, f1):
    return done(cell, f1_macro=f1, fit_seconds=2.0)


def _row(cell):
    names = ("accuracy", "f1_macro", "f1_per_class", "confusion", "labels", "fit_seconds")
    names += ("score_seconds", "epochs", "best_params", "history", "peak_memory_mb", "traceback")
    return dict.fromkeys(names) | {
        "key": cell.key,
        "method": cell.method.key,
        "repeat": cell.repeat,
        "fold": cell.fold,
        "device": "",
        "ended_at": f"2026-01-0{cell.fold + 1}T00:00:00+00:00",
    }


def history(n_epochs=3):
    return [
        {"epoch": i, "train_loss": 1 / i, "train_accuracy": 1 - 1 / i}
        for i in range(1, n_epochs + 1)
    ]


STAGES = {"first": history(), "head": history(2)}
TREE = method("tree", "Tree", DecisionTreeClassifier(), {"tiny": 55.5})
LEARNER = method("learner", "Learner <b> & 'co'", Network())
PRIOR = method("prior", "Prior")
NETWORK = method("net", "Network", Network())
BAD = method("bad", "Bad")
ABSENT = method("absent", "Absent", missing="No file w.pt: put it there.")
METHODS = [TREE, LEARNER, NETWORK, BAD, ABSENT]


def results(cells, *, max_cells=None, labels=QUADRANTS):
    """Return results of cells: one row fails, one has histories and one lacks them."""
    rows = [
        {
            "tree": lambda cell: done(cell, 0.95, labels),
            "learner": lambda cell: done(
                cell, 0.2, labels, history=STAGES, epochs={"first": 3, "head": 2}
            ),
            "net": lambda cell: done(cell, 0.3, labels, epochs=3),
            "prior": lambda cell: done(cell, 0.15, labels),
            "bad": failed,
        }[cell.method.key](cell)
        for cell in cells[:max_cells]
    ]
    return Results(*rows)
