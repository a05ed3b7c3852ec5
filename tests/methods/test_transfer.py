"""The rows that put a new head on a pre-trained network."""

import pickle

import numpy as np
import pytest
import torch
from random_weights import weights_files
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer import ArtistClassifier, ArtistCNN, CRNNTagger, PretrainedCRNN
from sklearn_mer.datasets import load_4qaed
from sklearn_mer.embeddings import (
    ArtistEmbedding,
    TaggerEmbedding,
    WeightsError,
    WeightsNotFoundError,
)
from sklearn_mer.nets import TransferHead, TransferNet

KINDS = ("artist", "crnn", "crnn-unfreeze")


@pytest.fixture(scope="module")
def files():
    """Networks that react to what they hear."""
    return {kind: weights_files()[f"wide_{kind}"] for kind in ("artist", "crnn")}


def build(kind, files, **params):
    given = {"random_state": 0, "max_epochs": 3, "cache": False, **params}
    if kind == "artist":
        return ArtistCNN(weights=files["artist"], **given)
    unfreeze = kind == "crnn-unfreeze"
    return PretrainedCRNN(weights=files["crnn"], unfreeze=unfreeze, unfreeze_max_epochs=1, **given)


@pytest.fixture(params=KINDS)
def method(request, files):
    return build(request.param, files)


def test_the_head_gets_what_the_embedding_makes(files, clips):
    X, y = clips
    for method, embedding in (
        (build("artist", files), ArtistEmbedding(weights=files["artist"], duration=3.0)),
        (build("crnn", files), TaggerEmbedding(weights=files["crnn"], duration=2.5)),
    ):
        fitted = method.fit(X, y)
        states = embedding.set_params(cache=False).fit_transform(X)
        head = fitted.net_.module_
        assert isinstance(head, TransferHead)
        np.testing.assert_allclose(head.standardize.mean, states.mean(0), rtol=1e-5)
        deviation = states.std(0)
        np.testing.assert_allclose(
            head.standardize.std, np.where(deviation > 0, deviation, 1), rtol=1e-4
        )
        with torch.inference_mode():
            logits = head(torch.from_numpy(states)).double()
        np.testing.assert_allclose(
            fitted.predict_proba(X), torch.softmax(logits, 1), rtol=1e-6, atol=1e-9
        )


def test_a_unit_that_never_moves_is_left_as_it_is(files, clips, monkeypatch):
    transform = ArtistEmbedding.transform
    monkeypatch.setattr(ArtistEmbedding, "transform", lambda self, X: 0 * transform(self, X) + 2)
    with np.errstate(all="raise"):
        fitted = build("artist", files).fit(*clips)
    assert (fitted.net_.module_.standardize.std == 1).all()
    assert np.isfinite(fitted.predict_proba(clips[0])).all()


def test_without_standardisation_the_head_takes_the_values_as_they_are(files, clips):
    head = build("artist", files, standardize=False).fit(*clips).net_.module_
    assert head.standardize.mean == 0
    assert head.standardize.std == 1


def test_frozen_is_frozen(files, clips):
    fitted = build("crnn", files).fit(*clips)
    loaded = torch.load(files["crnn"], weights_only=True)
    for name, value in fitted.embedding_.network_.state_dict().items():
        assert torch.equal(value, loaded[name])
    assert not any("body" in name for name in fitted.net_.module_.state_dict())


def test_unfreezing_trains_every_layer_but_the_statistics(files, clips):
    fitted = build("crnn-unfreeze", files).fit(*clips)
    net = fitted.net_.module_
    assert isinstance(net, TransferNet)
    before = torch.load(files["crnn"], weights_only=True)
    for name, value in net.body.state_dict().items():
        unused = name.startswith("dense")  # the tags, which nobody asks for
        kept = unused or "running" in name or "num_batches" in name
        assert torch.equal(value, before[name]) == kept, name
    # The network as it was loaded is another object.
    for name, value in fitted.embedding_.network_.state_dict().items():
        assert torch.equal(value, before[name])
    assert fitted.n_epochs_ == 1
    longer = build("crnn-unfreeze", files).set_params(unfreeze_max_epochs=20).fit(*clips)
    losses = [epoch["train_loss"] for epoch in longer.history_]
    assert losses[-1] < 0.9 * losses[0]


def test_unfreezing_begins_with_the_trained_head(files, clips):
    frozen = build("crnn", files).fit(*clips)
    barely = build("crnn-unfreeze", files, unfreeze_lr=1e-9).fit(*clips)
    np.testing.assert_allclose(
        barely.predict_proba(clips[0]), frozen.predict_proba(clips[0]), rtol=1e-4
    )


@pytest.mark.parametrize("kind", KINDS)
def test_16_tones_by_heart(kind, files):
    """What random networks tell apart: tones of different height."""
    seconds = np.arange(51200) / 16000
    pitches = np.geomspace(60, 1500, 16)
    X = [sum(np.sin(2 * np.pi * k * f * seconds) / k for k in range(1, 6)) for f in pitches]
    X = 0.1 * np.array(X) + np.random.default_rng(0).normal(scale=0.001, size=(16, 51200))
    y = np.tile(["Q1", "Q2", "Q3", "Q4"], 4)
    free = {"dropout": 0.0, "weight_decay": 0.0, "lr": 0.1, "stop_accuracy": 1.0}
    method = build(kind, files, max_epochs=200, **free)
    if kind == "crnn-unfreeze":
        method.set_params(unfreeze_max_epochs=20)
    assert method.fit(X, y).score(X, y) == 1.0


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize("cls", [ArtistCNN, PretrainedCRNN])
def test_16_real_clips_by_heart(cls, real_data_home):
    X, y = (values[::57] for values in load_4qaed(data_home=real_data_home, return_X_y=True))
    assert len(np.unique(y)) == 4
    free = {"dropout": 0.0, "weight_decay": 0.0, "lr": 0.03, "stop_accuracy": 1.0}
    method = cls(max_epochs=300, data_home=real_data_home, random_state=0, **free)
    assert method.fit(X, y).score(X, y) == 1.0


def test_the_same_seed_gives_the_same(method, clips, torch_threads):
    X, y = clips
    torch_threads(1)
    first = method.fit(X, y).predict_proba(X)
    torch_threads(2)
    np.testing.assert_array_equal(
        clone(method).set_params(n_jobs=2).fit(X, y).predict_proba(X), first
    )
    other = clone(method).set_params(random_state=1).fit(X, y).predict_proba(X)
    assert not np.array_equal(other, first)


def test_it_pickles(method, clips):
    X, y = clips
    fitted = method.fit(X, y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))


def test_a_grid_search_names_flat_parameters(files, clips):
    search = GridSearchCV(build("crnn", files), {"dropout": [0.0, 0.4], "lr": [0.01]}, cv=3)
    assert set(search.fit(*clips).best_params_) == {"dropout", "lr"}


def test_files_and_waveforms_may_be_mixed_up_in_length(method, wav_files, clips):
    """Files are heard for a fixed number of seconds, shorter ones repeated."""
    fitted = method.fit(wav_files, clips[1])
    duration = fitted.embedding_.duration
    assert duration == (30.0 if isinstance(method, ArtistCNN) else 29.124)
    assert fitted.predict(wav_files[:2]).shape == (2,)


def test_weights_that_were_trained_here(clips, tmp_path):
    X, y = clips
    tags = np.array([[quadrant in ("Q1", "Q4"), quadrant in ("Q1", "Q2")] for quadrant in y])
    given = {"cache": False, "max_epochs": 1, "random_state": 0}
    tagger = CRNNTagger(n_filters=(2, 2, 2, 2), n_units=4, duration=2.0, **given).fit(X, tags)
    path = tagger.save(tmp_path / "tags.pth")
    for unfreeze in (False, True):
        fitted = PretrainedCRNN(weights=path, unfreeze=unfreeze, **given).fit(X, y)
        assert fitted.predict_proba(X).shape == (12, 4)
        for name, value in fitted.embedding_.network_.named_parameters():
            assert torch.equal(value, tagger.net_.module_.get_parameter(name))
    artists = ArtistClassifier(n_filters=(2, 2, 2, 2, 4), duration=3.0, **given).fit(X, y)
    path = artists.save(tmp_path / "artists.pth")
    assert ArtistCNN(weights=path, **given).fit(X, y).predict_proba(X).shape == (12, 4)


def test_missing_and_wrong_weights(files, clips, tmp_path, monkeypatch):
    monkeypatch.setenv("SKLEARN_MER_DATA", str(tmp_path))
    for cls, file in ((ArtistCNN, "artist_siamese_10000.npz"), (PretrainedCRNN, "mtat_crnn.pth")):
        with pytest.raises(WeightsNotFoundError, match=f"No file {file}"):
            cls().fit(*clips)
    with pytest.raises(WeightsError):
        ArtistCNN(weights=files["crnn"]).fit(*clips)


@pytest.mark.parametrize("bad", [{"dropout": 1.0}, {"unfreeze": 1}, {"unfreeze_lr": 0}, {"lr": 0}])
def test_parameters_are_checked(bad, clips):
    with pytest.raises(ValueError, match=next(iter(bad))):
        PretrainedCRNN(**bad).fit(*clips)


@pytest.mark.slow
@parametrize_with_checks([ArtistCNN(max_epochs=1, cache=False)])
def test_scikit_learn_checks_artist_cnn(estimator, check):
    check(estimator.set_params(weights=weights_files()["artist"]))


@pytest.mark.slow
@parametrize_with_checks([PretrainedCRNN(max_epochs=1, cache=False)])
def test_scikit_learn_checks_pretrained_crnn(estimator, check):
    check(estimator.set_params(weights=weights_files()["crnn"]))


@pytest.mark.slow
@parametrize_with_checks(
    [PretrainedCRNN(max_epochs=1, unfreeze=True, unfreeze_max_epochs=1, cache=False)]
)
def test_scikit_learn_checks_pretrained_crnn_unfrozen(estimator, check):
    check(estimator.set_params(weights=weights_files()["crnn"]))
