"""The script shows a leak where there is one, and none where there is nothing to learn by heart."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "leakage.py"


@pytest.fixture(scope="module")
def leakage():
    spec = importlib.util.spec_from_file_location("leakage", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made_up(class_sep):
    """Return features of four classes, more than labels to learn them by heart."""
    return make_classification(
        200,
        60,
        n_informative=10,
        n_classes=4,
        n_clusters_per_class=1,
        class_sep=class_sep,
        random_state=0,
    )


def test_a_branch_of_another_fold_scores_higher(leakage):
    X, y = made_up(class_sep=0.7)
    scores = leakage.measure(X, np.array(["Q1", "Q2", "Q3", "Q4"])[y], n_splits=4)
    assert list(scores) == ["repeat", "fold", "honest", "leaking"]
    assert scores["fold"].tolist() == [0, 1, 2, 3]
    assert (scores["leaking"] > scores["honest"] + 5).all()
    assert scores["leaking"].mean() < 100


def test_the_honest_score_of_noise_is_chance(leakage):
    X = np.random.default_rng(0).normal(size=(200, 60))
    y = np.arange(200) % 4
    scores = leakage.measure(X, y, n_splits=4)
    assert scores["honest"].mean() == pytest.approx(25, abs=12)
    assert scores["leaking"].mean() > 60


def test_each_score_is_of_a_branch_that_met_all_or_none_of_the_test_clips(leakage, monkeypatch):
    X, y = np.random.default_rng(0).normal(size=(24, 3)), np.arange(24) % 4
    trained_on, pairs = {}, []

    def train_branch(X, targets, train, seed):
        trained_on[seed] = set(train)
        return seed

    def score(branch, targets, train, seed):
        pairs.append((branch, set(range(24)) - set(train)))
        return 50.0

    monkeypatch.setattr(leakage, "train_branch", train_branch)
    monkeypatch.setattr(leakage, "score", score)
    scores = leakage.measure(X, y, n_splits=3, n_repeats=2)
    assert scores["repeat"].tolist() == [0, 0, 0, 1, 1, 1]
    for honest, leaking in zip(pairs[::2], pairs[1::2], strict=True):
        assert honest[1] == leaking[1]
        assert not honest[1] & trained_on[honest[0]]
        assert leaking[1] <= trained_on[leaking[0]]


def table(honest, leaking):
    return pd.DataFrame({"honest": honest, "leaking": leaking})


def test_the_conclusion_follows_the_figures(leakage):
    text = leakage.conclusion(table([60.0, 70.0, 80.0], [90.0, 69.0, 99.0]))
    assert "86.00 ± 15.39 %" in text
    assert "70.00 ± 10.00 %: +16.00 points, higher in 2 of 3 folds" in text
    assert "can explain it" in text
    assert "12.20 points" in text
    assert "does not explain it" in leakage.conclusion(table([70.0, 72.0], [71.0, 74.0]))


def test_the_picture(leakage, tmp_path):
    for extension in ("svg", "png"):
        leakage.draw(table([60.0, 70.0], [90.0, 80.0]), tmp_path / f"a.{extension}")
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert (tmp_path / "a.png").stat().st_size > 5000
