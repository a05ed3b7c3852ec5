"""Stand-ins for methods; a module of their own, so that worker processes load nothing but this."""

import os
import time
from pathlib import Path

import numpy as np
import soundfile
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.dummy import DummyClassifier
from tqdm import tqdm


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


class Pitch(TransformerMixin, BaseEstimator):
    """Turns clips into how often they cross zero."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        sounds = (soundfile.read(path)[0] for path in X["audio"])
        return np.array([[np.mean(np.diff(np.sign(sound)) != 0)] for sound in sounds])
