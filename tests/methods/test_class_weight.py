"""Weights of classes, in all methods that train networks."""

import numpy as np
import pytest
from cases import make, scores
from sklearn.utils.class_weight import compute_class_weight

from sklearn_mer.training import _train

NETWORKS = ("cnn", "cnn_augment", "short_chunk", "hybrid", "hybrid_network")
TRANSFER = ("artist_cnn", "crnn_mtat", "crnn_mtat_unfreeze")


@pytest.fixture
def unequal(clips):
    """Clips of four classes of 3, 3, 3 and 1."""
    X, y = clips
    kept = np.append(np.flatnonzero(y != "Q4"), np.flatnonzero(y == "Q4")[:1])
    return X[kept], y[kept]


@pytest.mark.parametrize("key", ["svm", *NETWORKS, *TRANSFER])
def test_equal_weights_change_nothing_but_rounding(key, clips):
    X, y = clips
    expected = scores(make(key).fit(X, y), X)
    weighted = make(key, class_weight="balanced").fit(X, y)  # three clips of each class
    np.testing.assert_allclose(scores(weighted, X), expected, atol=1e-4)


@pytest.mark.parametrize("key", [*NETWORKS, *TRANSFER])
def test_every_sample_has_the_weight_of_its_class(key, unequal, monkeypatch):
    X, y = unequal
    seen = []

    def noting(net, arrays, targets, *weights):
        seen.append((targets, *weights))
        return fit(net, arrays, targets, *weights)

    fit = _train._fit
    monkeypatch.setattr(_train, "_fit", noting)
    make(key, class_weight="balanced").fit(X, y)
    by_class = compute_class_weight("balanced", classes=np.unique(y), y=y)
    assert by_class[3] == 2.5
    for targets, weights in seen:
        np.testing.assert_array_equal(weights, by_class[targets])
    assert len(seen) == {"hybrid": 3, "hybrid_network": 3, "crnn_mtat_unfreeze": 2}.get(key, 1)


@pytest.mark.parametrize("key", ["cnn", "hybrid", "artist_cnn"])
def test_a_heavy_class_is_predicted_more_often(key, clips):
    X, y = clips
    heavy = {"Q1": 1.0, "Q2": 1000.0, "Q3": 1.0, "Q4": 1.0}
    means = [
        scores(make(key, class_weight=weight).fit(X, y), X)[:, 1].mean() for weight in (None, heavy)
    ]
    assert means[1] > means[0]


def test_a_class_that_is_not_in_the_training_clips(clips):
    with pytest.raises(ValueError, match="Q4"):
        make("cnn", class_weight={"Q1": 1, "Q2": 1, "Q3": 1, "happy": 2}).fit(*clips)
