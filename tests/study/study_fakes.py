"""Cells and results of stand-ins for methods."""

import os
from pathlib import Path

import numpy as np
from fake_estimators import Sleeper

from sklearn_mer.methods import Method
from sklearn_mer.study import CellResults, Protocol, StudyData, plan_cells
from sklearn_mer.study._score import CellResult


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
