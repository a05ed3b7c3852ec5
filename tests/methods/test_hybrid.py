"""How the hybrid merges its branches."""

import numpy as np
import pytest
from cases import MEL, all_weights, make, scores
from sklearn.base import clone

from sklearn_mer.training import predict_logits, softmax


def test_the_mean_of_the_logits_of_both_branches(clips):
    X, y = clips
    hybrid = make("hybrid", n_dnns=3).fit(X, y)
    described = hybrid.feature_source_.transformer_.transform(X).astype(np.float64)
    features = hybrid.scaler_.transform(described).astype(np.float32)
    spectrograms = MEL.fit_transform(X)
    dnns = [predict_logits(dnn, (features,)) for dnn in hybrid.dnns_]
    assert len(dnns) == 3
    cnn = predict_logits(hybrid.cnn_, (spectrograms,))
    expected = softmax((sum(dnns) / 3 + cnn) / 2)
    np.testing.assert_allclose(scores(hybrid, X), expected, rtol=1e-6)
    assert hybrid.net_ is None


def test_the_first_networks_do_not_depend_on_the_number_of_dnns(clips):
    one, three = (all_weights(make("hybrid", n_dnns=n).fit(*clips)) for n in (1, 3))
    assert len(three) > len(one)
    for name, value in one.items():
        np.testing.assert_array_equal(three[name], value, err_msg=name)


def test_a_second_fit_with_another_head(clips):
    X, y = clips
    hybrid = make("hybrid_network").fit(X, y)
    hybrid.set_params(head="mean", n_dnns=2).fit(X, y)
    np.testing.assert_array_equal(scores(hybrid, X), scores(clone(hybrid).fit(X, y), X))


def test_a_head_of_layers_merges_one_dnn(clips):
    with pytest.raises(ValueError, match=r"merges the CNN with one DNN.*n_dnns=2. Set n_dnns=1"):
        make("hybrid", head="network").fit(*clips)
