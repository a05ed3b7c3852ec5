"""Runs of table1 on stand-ins: the rows that can be chosen."""

from fake_estimators import Failing, Interrupted, Network
from sklearn.dummy import DummyClassifier

from sklearn_mer.methods import Method


class Lacking(Method):
    """A row whose weights are not here."""

    missing = "No file x."


def available(recipe):
    """Return the rows by key."""
    chance = DummyClassifier(strategy="uniform" if recipe == "paper" else "stratified")
    rows = [
        Method("chance", chance, "Chance", recipe, {"clips": 25.0, "synthetic": 25.0}),
        Method("net", Network(max_epochs=2 if recipe == "default" else 9), "Network", recipe),
        Method("bad", Failing(), "Bad", recipe),
        Method("interrupted", Interrupted(), "Interrupted", recipe),
    ]
    return {row.key: row for row in rows}
