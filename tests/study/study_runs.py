"""Runs of table1 on stand-ins: the register, and what makes an estimator of a row."""

from types import SimpleNamespace

from sklearn.dummy import DummyClassifier
from study_fakes import Failing, Interrupted, Network


def row(title, published=None):
    return SimpleNamespace(title=title, published=published or {})


REGISTER = {
    "chance": row("Chance", {"clips": 25.0, "synthetic": 25.0}),
    "net": row("Network"),
    "bad": row("Bad"),
    "interrupted": row("Interrupted"),
}


def make(key, recipe):
    made = {
        "chance": DummyClassifier(strategy="uniform" if recipe == "paper" else "stratified"),
        "net": Network(max_epochs=2 if recipe == "default" else 9),
        "bad": Failing(),
        "interrupted": Interrupted(),
    }
    return made[key]
