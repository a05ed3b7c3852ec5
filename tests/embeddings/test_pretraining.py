"""Networks that are trained here for the embeddings."""

import pickle

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer import ArtistClassifier, CRNNTagger
from sklearn_mer.audio import AudioError
from sklearn_mer.datasets import load_magnatagatune
from sklearn_mer.embeddings import ArtistEmbedding, TaggerEmbedding
from sklearn_mer.embeddings._frontend import in_patches

TAGS = ("low", "high", "noisy")


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


def sounds(tags, seconds, rate):
    """Waveforms that one hears the tags of: a low tone, a high one, noise."""
    rng = np.random.default_rng(0)
    time = np.arange(round(seconds * rate)) / rate
    parts = [np.sin(2 * np.pi * f * time + rng.uniform(0, 6, (len(tags), 1))) for f in (220, 3000)]
    parts.append(rng.normal(0, 0.5, (len(tags), len(time))))
    quiet = rng.normal(0, 0.003, parts[-1].shape)
    mixed = sum(tags[:, [i]] * part for i, part in enumerate(parts))
    return (0.2 * mixed + quiet).astype(np.float32)


@pytest.fixture(scope="module")
def tagged():
    """Sixteen clips of 1.6 s at 16 kHz, and a table of their tags."""
    tags = np.array([[n & 1, n >> 1 & 1, n >> 2 & 1] for n in range(16)])
    return sounds(tags, 1.6, 16000), pd.DataFrame(tags, columns=TAGS)


@pytest.fixture(scope="module")
def by_artists():
    """Twelve clips of 6.1 s (two segments) at 22,050 Hz of three artists."""
    artists = np.tile(TAGS, 4)
    return sounds(np.array([artists == tag for tag in TAGS]).T, 6.1, 22050), artists


def tagger(**params):
    settings = {
        "n_filters": (4, 4, 8, 8),
        "n_units": 6,
        "dropout": 0.1,
        "duration": 1.6,
        "batch_size": 4,
        "lr": 0.01,
        "max_epochs": 2,
        "random_state": 0,
        "cache": False,
    }
    return CRNNTagger(**{**settings, **params})


def artist_classifier(**params):
    settings = {
        "n_filters": (6, 6, 6, 6, 8),
        "dropout": 0.1,
        "duration": 6.1,
        "batch_size": 4,
        "lr": 0.01,
        "max_epochs": 2,
        "random_state": 0,
        "cache": False,
    }
    return ArtistClassifier(**{**settings, **params})


@pytest.fixture(scope="module")
def trained_tagger(tagged):
    return tagger(max_epochs=40).fit(*tagged)


@pytest.fixture(scope="module")
def trained_artists(by_artists):
    # Narrower networks, and smaller batches, do not get there with some seeds.
    wide = artist_classifier(n_filters=(12, 12, 12, 12, 8), batch_size=12, lr=0.02, max_epochs=80)
    return wide.fit(*by_artists)


@pytest.fixture(params=["tagger", "artists"])
def case(request, tagged, by_artists):
    """An estimator, clips and what to learn of them."""
    return (tagger(), *tagged) if request.param == "tagger" else (artist_classifier(), *by_artists)


def values_of(module, spectrograms):
    """What the artist network makes of clips."""
    return torch.stack([module.hidden(in_patches(s, 129)).mean(dim=0) for s in spectrograms])


def weights(fitted):
    return {name: value.numpy() for name, value in fitted.net_.module_.state_dict().items()}


def assert_same_weights(one, other):
    one, other = weights(one), weights(other)
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_the_tagger_learns_tags_by_heart(trained_tagger, tagged):
    X, tags = tagged
    losses = [epoch["train_loss"] for epoch in trained_tagger.history_]
    assert losses[-1] < 0.5 * losses[0]
    np.testing.assert_array_equal(trained_tagger.predict(X), tags)
    probabilities = trained_tagger.predict_proba(X)
    assert probabilities.shape == (16, 3)
    assert not np.allclose(probabilities.sum(axis=1), 1)
    assert list(trained_tagger.tag_names_) == list(TAGS)
    assert trained_tagger.score(X, tags) == 1


def test_artists_are_learned_by_heart(trained_artists, by_artists):
    X, artists = by_artists
    assert trained_artists.score(X, artists) == 1
    assert list(trained_artists.classes_) == sorted(TAGS)
    np.testing.assert_allclose(trained_artists.predict_proba(X).sum(axis=1), 1)
    assert trained_artists.history_[-1]["train_accuracy"] > 0.9


def test_the_embedding_has_exactly_the_taggers_state(trained_tagger, tagged, tmp_path):
    X, _ = tagged
    path = trained_tagger.save(tmp_path / "mine.pth")
    embedding = TaggerEmbedding(weights=path, duration=1.6, cache=False)
    own = trained_tagger._run(X, trained_tagger.net_.module_.hidden)
    assert own.std(axis=0).min() > 0
    np.testing.assert_array_equal(embedding.fit_transform(X), own)
    embedding.set_params(output="tags").fit(X)
    np.testing.assert_allclose(embedding.transform(X), trained_tagger.predict_proba(X), atol=1e-6)
    assert list(embedding.get_feature_names_out()) == [f"tagger_tag_{tag}" for tag in TAGS]


def test_the_embedding_has_exactly_the_artist_networks_values(
    trained_artists, by_artists, tmp_path
):
    X, _ = by_artists
    path = trained_artists.save(str(tmp_path / "mine.pth"))
    own = trained_artists._run(X, lambda s: values_of(trained_artists.net_.module_, s))
    values = ArtistEmbedding(weights=path, duration=6.1, cache=False).fit_transform(X)
    assert values.shape == (12, 8)
    np.testing.assert_array_equal(values, own)


@pytest.mark.slow
def test_the_same_at_full_size(tmp_path):
    tags = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 0, 1]])
    X = sounds(tags, 29.124, 16000)
    fitted = CRNNTagger(batch_size=2, max_epochs=1, cache=False, random_state=0).fit(X, tags)
    path = fitted.save(tmp_path / "tags.pth")
    own = fitted._run(X, fitted.net_.module_.hidden)
    np.testing.assert_array_equal(TaggerEmbedding(weights=path, cache=False).fit_transform(X), own)
    X = sounds(tags, 30.0, 22050)
    fitted = ArtistClassifier(max_epochs=1, cache=False, random_state=0).fit(X, list("aabb"))
    path = fitted.save(tmp_path / "artists.pth")
    own = fitted._run(X, lambda s: values_of(fitted.net_.module_, s))
    values = ArtistEmbedding(weights=path, cache=False).fit_transform(X)
    assert values.shape == (4, 256)
    np.testing.assert_array_equal(values, own)


def test_a_trained_network_is_kept_as_a_loaded_one(trained_tagger):
    # Else the last bits of large networks differ.
    module = trained_tagger.net_.module_
    assert all(value.is_contiguous() for value in module.state_dict().values())
    assert not any(parameter.requires_grad for parameter in module.parameters())


def test_the_probabilities_of_a_clip_are_the_mean_over_its_segments(trained_artists, by_artists):
    X, _ = by_artists
    whole = trained_artists.predict_proba(X)
    length = 129 * 512  # of frames: what follows a segment begins here
    module, front_end = trained_artists.net_.module_, trained_artists._front_end()
    segments = torch.stack([in_patches(front_end(clip), 129) for clip in X])
    assert segments.shape == (12, 2, 128, 129)
    assert X.shape[1] > length
    with torch.inference_mode():
        each = [module(segments[:, i]).double().softmax(1).numpy() for i in range(2)]
    np.testing.assert_allclose(whole, np.mean(each, axis=0), atol=1e-6)


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


def test_chance_is_the_taggers_own(tagged):
    # Dropout must not draw from torch's global generator, which others use too.
    fits = []
    for seed in (1, 2):
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            fits.append(tagger(dropout=0.5).fit(*tagged))
    assert_same_weights(*fits)
    with pytest.raises(AssertionError):
        assert_same_weights(fits[0], tagger(dropout=0.0).fit(*tagged))


def test_a_pickle_and_a_clone(case):
    estimator, X, y = case
    fitted = estimator.fit(X, y)
    expected = fitted.predict_proba(X)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fitted)).predict_proba(X), expected)
    assert not [name for name in vars(clone(fitted)) if name.endswith("_")]


def test_all_segments_of_an_epoch(by_artists):
    fitted = artist_classifier(segments_per_epoch=None, max_epochs=1).fit(*by_artists)
    other = artist_classifier(segments_per_epoch=2, max_epochs=1).fit(*by_artists)
    with pytest.raises(AssertionError):
        assert_same_weights(fitted, other)


@pytest.mark.parametrize("form", ["array", "lists", "sparse", "boolean"])
def test_tags_in_every_form(tagged, form):
    X, tags = tagged
    forms = {
        "array": tags.to_numpy(),
        "lists": tags.to_numpy().tolist(),
        "sparse": csr_array(tags.to_numpy()),
        "boolean": tags.to_numpy() == 1,
    }
    fitted = tagger(max_epochs=1).fit(X, forms[form])
    assert fitted.tag_names_ is None
    assert_same_weights(fitted, tagger(max_epochs=1).fit(X, tags))
    assert fitted.predict(X).dtype == np.int64


def test_one_label_a_clip(by_artists, tmp_path):
    _, artists = by_artists
    X = sounds(np.array([artists == tag for tag in TAGS]).T, 1.6, 16000)
    fitted = tagger(max_epochs=25).fit(X, artists)
    assert list(fitted.classes_) == sorted(TAGS)
    assert fitted.score(X, artists) == 1
    np.testing.assert_allclose(fitted.predict_proba(X).sum(axis=1), 1)
    path = fitted.save(tmp_path / "mine.pth")
    embedding = TaggerEmbedding(weights=path, output="tags", duration=1.6, cache=False).fit(X)
    assert list(embedding.get_feature_names_out()) == [f"tagger_tag_{tag}" for tag in sorted(TAGS)]


def test_a_grid_search_by_a_score_of_tags(tagged):
    grid = {"n_units": [2, 4], "dropout": [0.0]}
    search = GridSearchCV(
        tagger(max_epochs=1), grid, cv=2, scoring="average_precision", error_score="raise"
    ).fit(*tagged)
    assert search.best_estimator_.predict_proba(tagged[0]).shape == (16, 3)


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
    ("change", "message"),
    [
        (lambda tags: tags.assign(low=2), r"shape \(16, 3\) and contains 2 besides 0 and 1"),
        (lambda tags: tags.assign(low=0.5), r"contains 0\.5 besides 0 and 1"),
        (lambda tags: tags.replace({0: -1}), "contains -1 besides 0 and 1"),
        (lambda tags: tags.iloc[:-1], "inconsistent numbers of samples"),
        (lambda tags: np.ones(16), "only one class"),
        (lambda tags: 0 * tags, r"y has shape \(16, 3\) and is 0 throughout: no clip has a tag"),
        (lambda tags: None, "requires y to be passed"),
    ],
)
def test_other_tags_are_refused(tagged, change, message):
    X, tags = tagged
    with pytest.raises(ValueError, match=message):
        tagger().fit(X, change(tags))


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
