"""Sizes, order and weights of batches."""

import numpy as np
import pytest
import torch
from cases import SINGLE_NETWORKS, make

from sklearn_mer.training._batches import Batches


class Data:
    def __init__(self, n_clips):
        self.X = (np.arange(n_clips, dtype=np.float32), np.arange(n_clips, dtype=np.float32) * 10)
        self.y = np.arange(n_clips)


@pytest.mark.parametrize("n_clips", [2, 3, 5, 9, 10])
@pytest.mark.parametrize("key", [*SINGLE_NETWORKS, "hybrid", "hybrid_network"])
def test_batches_of_two_and_odd_numbers_of_clips(key, n_clips, clips):
    X = clips[0]
    sizes = {name: 2 for name in make(key).get_params() if name.endswith("batch_size")}
    method = make(key, max_epochs=1, **sizes).fit(X[:n_clips], np.arange(n_clips) % 2)
    assert np.isfinite(method.predict_proba(X)).all()


def test_shares_of_each_batch_follow_its_rows():
    data = Data(20)
    batches = list(Batches(data, 6, seed=0, sample_weight=np.arange(20.0)))
    assert len(batches) > 2
    for _, targets, shares in batches:
        assert shares.sum().item() == pytest.approx(1)
        torch.testing.assert_close(shares, targets / targets.sum())


def test_a_batch_that_weighs_nothing_has_no_loss():
    (_, _, shares), *_ = Batches(Data(4), 4, seed=0, sample_weight=np.zeros(4))
    assert shares.tolist() == [0.0] * 4


@pytest.mark.parametrize("batch_size", [2, 3, 8])
def test_batches_hold_each_clip_once_and_never_one_alone(batch_size):
    for n_clips in range(2, 40):
        batches = Batches(Data(n_clips), batch_size, seed=0)
        seen = list(batches)
        assert len(seen) == len(batches)
        sizes = [len(targets) for _, targets in seen]
        assert min(sizes) >= 2
        assert sizes[:-1] == [batch_size] * (len(sizes) - 1)
        assert sizes[-1] <= batch_size + 1
        targets = np.concatenate([targets for _, targets in seen])
        assert sorted(targets) == list(range(n_clips))
        for (first, second), targets in seen:
            np.testing.assert_array_equal(first, targets)
            np.testing.assert_array_equal(second, 10 * targets)


def test_batches_are_shuffled_anew_every_epoch_and_alike_by_seed():
    def epochs(seed):
        batches = Batches(Data(30), 8, seed=seed)
        return [np.concatenate([t for _, t in batches]).tolist() for _ in range(2)]

    first, second = epochs(0)
    assert first != second
    assert first != sorted(first)
    assert epochs(0) == [first, second]
    assert epochs(1) != [first, second]
