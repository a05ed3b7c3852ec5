"""What holds for every network that is trained here for the embeddings."""

import pickle

import numpy as np
import pytest
import soundfile
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer import ArtistClassifier, CRNNTagger
from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import load_magnatagatune
from sklearn_mer.embeddings import ArtistEmbedding, TaggerEmbedding

from .small_networks import artist_classifier, assert_same_weights, sounds, tagger, values_of


@pytest.mark.slow
@parametrize_with_checks(
    [
        CRNNTagger(
            n_filters=(1, 1, 1, 1),
            n_units=2,
            duration=1.52,
            batch_size=64,
            max_epochs=1,
            cache=False,
        ),
        ArtistClassifier(
            n_filters=(2, 2, 2, 2, 3), duration=2.98, batch_size=64, max_epochs=1, cache=False
        ),
    ]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
def test_the_same_at_full_size(tmp_path):
    tags = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 0, 1]])
    X = sounds(tags, 29.124, 16000)
    fitted = CRNNTagger(batch_size=2, max_epochs=1, cache=False, random_state=0).fit(X, tags)
    path = fitted.save(tmp_path / "tags.pth")
    own = fitted._run(X, fitted.net_.module_.hidden)
    values = TaggerEmbedding(weights=path, cache=False).fit_transform(X)
    np.testing.assert_allclose(values, own, atol=1e-5)  # with folded batch normalisation
    X = sounds(tags, 30.0, 22050)
    fitted = ArtistClassifier(max_epochs=1, cache=False, random_state=0).fit(X, list("aabb"))
    path = fitted.save(tmp_path / "artists.pth")
    own = fitted._run(X, lambda s: values_of(fitted.net_.module_, s))
    values = ArtistEmbedding(weights=path, cache=False).fit_transform(X)
    assert values.shape == (4, 256)
    np.testing.assert_array_equal(values, own)


def test_from_files_on_disk_to_a_classifier(tagged, tmp_path, write_tag_set):
    X, tags = tagged
    folders = "0123456789abcdef"
    paths = [f"{folders[i]}/artist_{i % 3}-album-{i}-0-29.wav" for i in range(16)]
    root = write_tag_set(tmp_path / "datasets" / "MagnaTagATune", tags.set_axis(range(16)), paths)
    for path, waveform in zip(paths, X, strict=True):
        (root / path).parent.mkdir(exist_ok=True)
        soundfile.write(root / path, waveform, 16000, subtype="FLOAT")
    clips = load_magnatagatune(data_home=tmp_path, n_tags=2)
    train = clips.split == "train"
    assert (train.sum(), (clips.split == "test").sum()) == (9, 3)
    fitted = tagger(max_epochs=20, cache=tmp_path / "cache")
    fitted.fit(clips.data[train], clips.target[train])
    test = clips.split == "test"
    scores = fitted.predict_proba(clips.data[test])
    assert average_precision_score(clips.target[test], scores, average="micro") > 0.5
    path = fitted.save(tmp_path / "mine.pth")
    embedding = TaggerEmbedding(weights=path, duration=1.6, cache=tmp_path / "cache")
    model = make_pipeline(embedding, StandardScaler(), LogisticRegression())
    model.fit(clips.data[train], clips.target[train][clips.tag_names[0]])
    assert model.predict(clips.data[test]).shape == (3,)
    # The same files by artist.
    artists = artist_classifier(duration=3.0).fit(clips.data, clips.groups)
    assert list(artists.classes_) == ["artist_0", "artist_1", "artist_2"]
    path = artists.save(tmp_path / "artists.pth")
    embedding = ArtistEmbedding(weights=path, duration=3.0, cache=False)
    model = make_pipeline(embedding, LogisticRegression()).fit(clips.data, clips.groups)
    assert model.predict(clips.data).shape == clips.groups.shape


@pytest.mark.parametrize("n_threads", [1, 2])
def test_the_same_seed_gives_the_same_network(case, tmp_path, torch_threads, n_threads):
    estimator, X, y = case
    torch_threads(3)
    expected = clone(estimator).fit(X, y)
    state = torch.random.get_rng_state()
    torch_threads(n_threads)
    # With a cache, batches are read from it.
    params = {"n_jobs": n_threads, "cache": tmp_path}
    fitted = clone(estimator).set_params(**params).fit(X, y)
    assert_same_weights(fitted, expected)
    np.testing.assert_array_equal(fitted.predict_proba(X), expected.predict_proba(X))
    np.testing.assert_array_equal(fitted.predict_proba(X[3:4]), expected.predict_proba(X)[3:4])
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_num_threads() == n_threads
    other = clone(estimator).set_params(random_state=1).fit(X, y)
    assert not np.array_equal(other.predict_proba(X), expected.predict_proba(X))


def test_a_pickle_and_a_clone(case):
    estimator, X, y = case
    fitted = estimator.fit(X, y)
    expected = fitted.predict_proba(X)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).predict_proba(X), expected)
    assert not [name for name in vars(clone(fitted)) if name.endswith("_")]


@pytest.mark.parametrize("cache", [False, True])
def test_bad_clips_are_named_before_training(case, tmp_path, cache, monkeypatch):
    estimator, X, y = case
    monkeypatch.setattr(type(estimator), "_train", None)
    paths = [str(tmp_path / f"{i}.wav") for i in range(len(X))]
    for path, clip in zip(paths[:-2], X, strict=False):
        soundfile.write(path, clip, 16000)
    with pytest.raises(AudioError) as caught:
        estimator.set_params(cache=cache and tmp_path / "cache").fit(paths, y)
    assert [path for path, _ in caught.value.bad_files] == paths[-2:]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"duration": 1.5}, r"duration=1\.5 s is too short: this network needs at least"),
        ({"duration": None}, "'duration' parameter"),
        ({"n_filters": (4, 4)}, r"n_filters must be [45] positive integers.*got \(4, 4\)"),
        ({"n_filters": (4, 0, 4, 4, 4)}, "n_filters must be"),
        ({"batch_size": 1}, "'batch_size' parameter"),
        ({"dropout": 1.0}, "'dropout' parameter"),
        ({"lr": 1e20, "optimizer": "sgd", "schedule": "constant"}, "training diverged"),
    ],
)
def test_parameters_that_do_not_work(case, params, message):
    estimator, X, y = case
    with pytest.raises(ValueError, match=message):
        estimator.set_params(**params).fit(X, y)


def test_the_shortest_durations(case):
    estimator, X, y = case
    shortest = {CRNNTagger: 1.52, ArtistClassifier: 2.973}[type(estimator)]
    estimator.set_params(duration=shortest, max_epochs=1).fit(X, y)
    with pytest.raises(ValueError, match=r"too short: this network needs at least \d\.\d+ s"):
        estimator.set_params(duration=shortest - 0.01).fit(X, y)


def test_before_fit(case, tmp_path):
    estimator, X, _ = case
    for use in (estimator.predict, estimator.predict_proba):
        with pytest.raises(NotFittedError):
            use(X)
    with pytest.raises(NotFittedError):
        estimator.save(tmp_path / "mine.pth")
    assert list(tmp_path.iterdir()) == []
