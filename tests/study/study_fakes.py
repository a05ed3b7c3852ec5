"""Stand-ins for methods, importable by worker processes."""

import os
import time
from pathlib import Path

import numpy as np
from sklearn.dummy import DummyClassifier
from tqdm import tqdm

from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, Protocol, StudyData, plan_cells
from sklearn_mer.study._score import CellResult


class Sleeper(DummyClassifier):
    """Takes a while, and says when it began."""

    def __init__(self, seconds=0.05, log=None, random_state=None):
        super().__init__(strategy="stratified", random_state=random_state)
        self.seconds = seconds
        self.log = log

    def fit(self, X, y):
        if self.log:
            with open(self.log, "a") as file:
                file.write(f"{os.getpid()}\n")
        tqdm([], disable=True)  # as descriptors do, which takes a lock
        time.sleep(self.seconds)
        return super().fit(X, y)


class Network(Sleeper):
    """Has what the neural rows have."""

    def __init__(self, device="auto", max_epochs=3, n_jobs=None, verbose=0, random_state=None):
        super().__init__(0.0, random_state=random_state)
        self.device = device
        self.max_epochs = max_epochs
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X, y):
        self.n_epochs_ = {"pretrain": self.max_epochs, "head": 1}
        return super().fit(X, y)


class Learner(Sleeper):
    """Keeps how it learned, in two stages."""

    def __init__(self, max_epochs=3, random_state=None):
        super().__init__(0.0, random_state=random_state)
        self.max_epochs = max_epochs

    def fit(self, X, y):
        stages = {"first": self.max_epochs, "head": 2}
        self.n_epochs_ = stages
        self.history_ = {
            stage: [
                {"epoch": i, "train_loss": 1 / i, "train_accuracy": 1 - 1 / i}
                for i in range(1, n + 1)
            ]
            for stage, n in stages.items()
        }
        return super().fit(X, y)


class Failing(DummyClassifier):
    """Fails as long as a file is there."""

    def __init__(self, while_there=None):
        super().__init__(strategy="prior")
        self.while_there = while_there

    def fit(self, X, y):
        if self.while_there is None or Path(self.while_there).exists():
            raise ZeroDivisionError("failed on purpose")
        return super().fit(X, y)


class Dying(DummyClassifier):
    """Takes its worker process with it, the first so many times."""

    def __init__(self, folder=None, times=1):
        super().__init__(strategy="prior")
        self.folder = folder
        self.times = times

    def fit(self, X, y):
        deaths = len(list(Path(self.folder).iterdir()))
        if deaths < self.times:
            (Path(self.folder) / str(deaths)).touch()
            os._exit(9)
        return super().fit(X, y)


class Interrupted(DummyClassifier):
    """Stands for Ctrl-C in the middle of the third fit."""

    n_fits = 0

    def fit(self, X, y):
        type(self).n_fits += 1
        if self.n_fits == 3:
            raise KeyboardInterrupt
        return super().fit(X, y)


def write_cells(path, cells, result, barrier):
    """Be one of several drivers that write into a folder at the same moment."""
    barrier.wait()
    results = CellResults(path)
    for cell in cells:
        results.claim(cell, str(os.getpid()))
        results.record(cell, result)


def done(f1=0.4, **more):
    """Return a consistent result of a fold of twenty clips in four classes."""
    hits = round(5 * f1)
    rows = [[hits if i == j else 0 for j in range(4)] for i in range(4)]
    for i, row in enumerate(rows):
        row[(i + 1) % 4] += 5 - hits
    scores = {"f1_macro": hits / 5, "accuracy": hits / 5, "f1_per_class": [hits / 5] * 4}
    costs = {"fit_seconds": 1.0, "score_seconds": 0.5, "code": "0" * 32}
    labels = ["Q1", "Q2", "Q3", "Q4"]
    return CellResult("done", confusion=rows, labels=labels, **(scores | costs | more))


def sleepers(log, seconds=0.2):
    """Return twenty cells that take a while each, and their data."""
    y = np.repeat(["Q1", "Q2", "Q3", "Q4"], 15)
    data = StudyData("tiny", np.arange(60.0)[:, None], y)
    return plan_cells([Method("s", Sleeper(seconds, log))], data, Protocol(5, 4)), data


def begun(log):
    """Return how many sleepers have begun."""
    return len(Path(log).read_text().splitlines()) if Path(log).exists() else 0
