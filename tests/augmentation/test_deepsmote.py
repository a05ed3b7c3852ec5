"""DeepSMOTE: training data, number and similarity of the new samples."""

import numpy as np
import pandas as pd
import pytest
from imblearn.utils.estimator_checks import estimator_checks_generator as imblearn_checks
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer import DeepSMOTE
from sklearn_mer.augmentation import _deepsmote
from sklearn_mer.augmentation._deepsmote import new_codes
from sklearn_mer.training._autoencoder import PairBatches, ReconstructionLoss, Scale
from sklearn_mer.training._batches import ArrayDataset

# Many rows, few values: the checks ask for shapes and labels.
CHECKED = DeepSMOTE(max_epochs=1, batch_size=256, random_state=0)


@parametrize_with_checks([CHECKED])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=check.func.__name__)
        for estimator, check in imblearn_checks(CHECKED)
    ],
)
def test_imbalanced_learn_checks(estimator, check):
    check(estimator)


def bars(n_a=30, n_b=10, shape=(20, 24), seed=0):
    """Spectrograms with one loud band: low ones of class a, high ones of class b."""
    rng = np.random.default_rng(seed)
    y = np.array(["a"] * n_a + ["b"] * n_b)
    X = rng.normal(-60, 2, size=(len(y), *shape)).astype(np.float32)
    for sample, label in zip(X, y, strict=True):
        place = rng.integers(3) + (2 if label == "a" else 14)
        sample[place : place + 3] += 50
    return X, y


SMALL = {"n_latent": 8, "n_filters": (4, 8), "lr": 0.005, "batch_size": 16, "random_state": 0}


def test_new_spectrograms_are_like_their_class():
    X, y = bars()
    sampler = DeepSMOTE(max_epochs=40, **SMALL)
    more, labels = sampler.fit_resample(X, y)
    assert more.shape == (60, 20, 24)
    assert more.dtype == np.float32
    np.testing.assert_array_equal(more[:40], X)
    np.testing.assert_array_equal(labels[:40], y)
    assert (labels[40:] == "b").all()
    new = more[40:]
    assert X.min() <= new.min()
    assert new.max() <= X.max()
    loudest = new.mean(axis=2).argmax(axis=1)
    assert np.isin(loudest, np.arange(14, 20)).mean() > 0.9
    quiet = new[:, 4:12].mean()
    assert quiet == pytest.approx(-60, abs=5)
    # They are new: none is one of the old, nor are two the same.
    distances = np.abs(new[:, None] - X[None]).mean(axis=(2, 3))
    assert distances.min() > 0.1
    assert len(np.unique(new.reshape(20, -1), axis=0)) == 20


def test_it_learns_to_reconstruct():
    X, y = bars(20, 20)
    sampler = DeepSMOTE(n_new=1, max_epochs=40, **SMALL)
    sampler.fit_resample(X, y)
    losses = [epoch["train_loss"] for epoch in sampler.history_]
    assert len(losses) == 40
    assert losses[-1] < 0.3 * losses[0]


def test_so_many_of_each_class():
    X, y = bars(9, 6)
    _, labels = DeepSMOTE(n_new=4, max_epochs=1, **SMALL).fit_resample(X, y)
    np.testing.assert_array_equal(labels[15:], ["a"] * 4 + ["b"] * 4)
    sampler = DeepSMOTE(n_new=0, **SMALL)
    same, _ = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(same, X)
    assert not hasattr(sampler, "net_")


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", {"a": 30, "b": 30}),
        ({"b": 15}, {"a": 30, "b": 15}),
        (0.5, {"a": 30, "b": 15}),
        ("all", {"a": 30, "b": 30}),
    ],
)
def test_unbalanced_classes_are_filled_up(strategy, expected):
    X, y = bars()
    sampler = DeepSMOTE(sampling_strategy=strategy, max_epochs=1, **SMALL)
    _, labels = sampler.fit_resample(X, y)
    assert {c: int((labels == c).sum()) for c in "ab"} == expected


def test_rows_of_numbers_and_tables():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [60, 20])
    X = rng.normal(size=(80, 5)) + 10 * y[:, None]
    X[:, 0] *= 1000  # columns of other sizes have as much say
    sampler = DeepSMOTE(max_epochs=40, lr=0.01, random_state=0)
    more, labels = sampler.fit_resample(X, y)
    new = more[80:]
    assert (labels[80:] == 1).all()
    assert new.shape == (40, 5)
    middle = X[y == 1].mean(axis=0)
    assert (np.abs(new.mean(axis=0) - middle) < X[y == 1].std(axis=0)).all()
    table = pd.DataFrame(X, columns=list("vwxyz"))
    resampled, _ = clone(sampler).fit_resample(table, y)
    assert list(resampled) == list("vwxyz")
    np.testing.assert_array_equal(resampled.to_numpy(), more)


def test_the_same_seed_gives_the_same(torch_threads):
    X, y = bars()
    results = []
    for seed, n_threads in [(0, 1), (0, 2), (1, 1)]:
        torch_threads(n_threads)
        sampler = DeepSMOTE(max_epochs=2, **{**SMALL, "random_state": seed})
        results.append(sampler.fit_resample(X, y)[0])
    np.testing.assert_array_equal(results[0], results[1])
    assert not np.array_equal(results[0], results[2])


def test_global_generators_are_left_alone():
    import torch

    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002 - looked at only
    X, y = bars()
    DeepSMOTE(max_epochs=1, **SMALL).fit_resample(X, y)
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002 - as above
    assert torch.equal(torch.get_rng_state(), before[1])


def test_new_codes_lie_between_neighbours_of_their_class():
    codes = np.array([[0, 0], [1, 0], [10, 0], [0, 5], [0, 6], [3, 9]], dtype=np.float32)
    targets = np.array([0, 0, 0, 1, 1, 1])
    made = new_codes(codes, targets, np.array([50, 20]), 1, np.random.RandomState(0))
    assert made.shape == (70, 2)
    first, second = made[:50], made[50:]
    assert (first[:, 1] == 0).all()
    assert first[:, 0].min() >= 0
    assert len(np.unique(first[:, 0])) > 40
    # With one neighbour, the one far away is joined to the nearest only.
    assert (second[:, 1] >= 5).all()


def test_a_class_of_few_has_as_many_neighbours_as_it_has():
    X, y = bars(8, 2)
    more, labels = DeepSMOTE(max_epochs=1, **SMALL).fit_resample(X, y)
    assert (labels == "b").sum() == 8
    assert np.isfinite(more).all()


def test_partners_are_of_the_same_class():
    samples = np.arange(20, dtype=np.float32)[:, None]
    classes = np.arange(20) % 3
    batches = PairBatches(ArrayDataset((samples,), classes), batch_size=6, seed=0)
    seen, different = [], 0
    for _ in range(5):
        for (own, partner), target in batches:
            assert own is target
            own, partner = own[:, 0].numpy().astype(int), partner[:, 0].numpy().astype(int)
            np.testing.assert_array_equal(classes[own], classes[partner])
            different += (own != partner).sum()
            seen += own.tolist()
    assert sorted(seen) == sorted(list(range(20)) * 5)
    assert different > 60


def test_the_loss_adds_reconstruction_and_penalty():
    import torch

    made = torch.tensor([[[1.0, 2.0], [0.0, 0.0]]])
    wanted = torch.tensor([[1.0, 4.0]])
    assert float(ReconstructionLoss()(made, wanted)) == pytest.approx((0 + 4) / 2 + (1 + 16) / 2)


def test_scale_goes_there_and_back():
    rows = np.random.default_rng(0).normal(size=(9, 3)) * [1, 100, 0] + 5
    scale = Scale(rows)
    unit = scale.to_unit(rows)
    np.testing.assert_allclose(unit[:, :2].max(axis=0), 1, atol=1e-6)
    np.testing.assert_allclose(unit[:, :2].min(axis=0), -1, atol=1e-6)
    np.testing.assert_allclose(scale.from_unit(unit), rows, rtol=1e-5)
    spectrograms = rows.astype(np.float32).reshape(1, 3, 9)
    unit = Scale(spectrograms).to_unit(spectrograms)
    assert (unit.min(), unit.max()) == (-1, 1)
    assert unit.dtype == np.float32


@pytest.mark.parametrize(
    ("params", "X", "y", "match"),
    [
        ({}, np.ones((4, 2, 2, 2)), [0, 0, 1, 1], "Found array with dim 4"),
        ({}, np.ones((3, 8, 8)), [0, 0, 1], r"classes \[1\] have one sample"),
        ({}, np.ones((4, 8, 8)), [0, 0, 0, 0], "more than 1 class"),
        ({"n_new": -1}, np.ones((4, 8, 8)), [0, 0, 1, 1], "n_new"),
        ({"k_neighbors": 0}, np.ones((4, 8, 8)), [0, 0, 1, 1], "k_neighbors"),
        ({"sampling_strategy": "some"}, np.ones((4, 8, 8)), [0, 0, 1, 1], "sampling_strategy"),
    ],
)
def test_what_cannot_be_used_is_named(params, X, y, match):
    with pytest.raises(ValueError, match=match):
        DeepSMOTE(max_epochs=1, **params).fit_resample(X, y)


def test_nothing_but_the_given_samples_is_learned_from(monkeypatch):
    X, y = bars()
    seen = []
    train = _deepsmote.train_autoencoder

    def noting(module, params, samples, classes, settings):
        seen.append((samples, classes))
        return train(module, params, samples, classes, settings)

    monkeypatch.setattr(_deepsmote, "train_autoencoder", noting)
    DeepSMOTE(max_epochs=1, **SMALL).fit_resample(X, y)
    ((samples, classes),) = seen
    np.testing.assert_array_equal(samples, Scale(X).to_unit(X))
    np.testing.assert_array_equal(classes, y == "b")


def test_labels_that_are_texts_and_numbers():
    y = np.array(["a", 1] * 4, dtype=object)
    with pytest.raises(ValueError, match="Unknown label type: mixed"):
        DeepSMOTE().fit_resample(np.zeros((8, 4)), y)


def test_a_list_of_arrays_of_objects():
    X = np.random.default_rng(0).uniform(size=(8, 4))
    sampler = DeepSMOTE(n_new=1, k_neighbors=1, max_epochs=1, random_state=0)
    y = ["a", "b"] * 4
    expected = sampler.fit_resample(X, y)[0]
    np.testing.assert_array_equal(sampler.fit_resample(list(X.astype(object)), y)[0], expected)
    with pytest.raises((ValueError, TypeError)) as caught:
        sampler.fit_resample([np.array([[1.0, {}]], dtype=object)] * 8, y)
    assert "DeepSMOTE takes spectrograms" in caught.value.__notes__[0]
