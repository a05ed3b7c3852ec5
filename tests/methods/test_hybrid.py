"""How the hybrid merges its branches."""

import numpy as np
import pandas as pd
import pytest
from cases import MEL, all_weights, make, scores
from sklearn.base import clone

from sklearn_mer.training import predict_logits, softmax


def test_the_mean_of_the_logits_of_both_branches(clips):
    X, y = clips
    hybrid = make("hybrid", n_dnns=3, cnn_share=0.4).fit(X, y)
    described = hybrid.feature_source_.transformer_.transform(X)
    features = hybrid.scaler_.transform(described).clip(-3, 3).astype(np.float32)
    dnns = [predict_logits(dnn, (features,)) for dnn in hybrid.dnns_]
    cnn = predict_logits(hybrid.cnn_, (MEL.fit_transform(X),))
    expected = softmax(0.2 * sum(dnns) + 0.4 * cnn)
    np.testing.assert_allclose(scores(hybrid, X), expected, rtol=1e-6)
    assert hybrid.net_ is None


def test_the_first_networks_do_not_depend_on_the_number_of_dnns(clips):
    one, three = (all_weights(make("hybrid", n_dnns=n).fit(*clips)) for n in (1, 3))
    assert len(three) > len(one)
    for name, value in one.items():
        np.testing.assert_array_equal(three[name], value, err_msg=name)


def test_a_descriptor_far_outside_counts_as_three_deviations(clips, wav_files):
    table = pd.DataFrame({"audio": wav_files, "a": np.arange(12.0), "b": np.arange(12.0) % 5})
    hybrid = make("hybrid", features="auto").fit(table, clips[1])
    far = [scores(hybrid, table.assign(a=value)) for value in (1e3, 1e9)]
    np.testing.assert_array_equal(*far)


def test_a_second_fit_with_another_head(clips):
    X, y = clips
    hybrid = make("hybrid_network").fit(X, y)
    hybrid.set_params(head="mean", n_dnns=2).fit(X, y)
    np.testing.assert_array_equal(scores(hybrid, X), scores(clone(hybrid).fit(X, y), X))


def test_a_head_of_layers_merges_one_dnn(clips):
    with pytest.raises(ValueError, match=r"merges the CNN with one DNN.*n_dnns=2. Set n_dnns=1"):
        make("hybrid", head="network").fit(*clips)
