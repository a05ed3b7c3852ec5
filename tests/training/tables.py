"""Training of a small network on a table of numbers."""

from sklearn_mer.nets import FeatureDNN
from sklearn_mer.training import Settings, train_network

SETTINGS = Settings(
    optimizer="sgd",
    lr=0.1,
    weight_decay=0.0,
    schedule="constant",
    batch_size=8,
    max_epochs=2,
    micro_batch=None,
    device="cpu",
    precision="float32",
    seed=0,
    verbose=0,
)


def train(rows, sample_weight=None, **others):
    X, targets = rows
    params = {"n_features": X.shape[1], "n_classes": 2, "dropout": 0.0}
    return train_network(
        FeatureDNN, params, (X,), targets, SETTINGS, sample_weight=sample_weight, **others
    )
