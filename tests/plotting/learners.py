"""Estimators with training histories."""

from sklearn.dummy import DummyClassifier

X, Y = [[0.0], [1.0]], ["Q1", "Q2"]


def history(n_epochs, start=1.4):
    return [
        {"epoch": i + 1, "batches": [], "train_loss": start / (i + 1), "train_accuracy": i / 9}
        for i in range(n_epochs)
    ]


class Learner(DummyClassifier):
    def __init__(self, n_epochs=3):
        super().__init__()
        self.n_epochs = n_epochs

    def fit(self, X, y):
        self.history_ = history(self.n_epochs)
        return super().fit(X, y)


class Holder(DummyClassifier):
    """Has a fitted part that learned."""

    def fit(self, X, y):
        self.embedding_ = Learner(2).fit(X, y)
        return super().fit(X, y)
