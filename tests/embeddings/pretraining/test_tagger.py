import numpy as np
import pytest
import torch
from scipy.sparse import csr_array
from sklearn.model_selection import GridSearchCV

from sklearn_mer.embeddings import TaggerEmbedding

from .small_networks import TAGS, assert_same_weights, sounds, tagger


@pytest.fixture(scope="module")
def trained_tagger(tagged):
    return tagger(max_epochs=40).fit(*tagged)


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


def test_the_embedding_has_exactly_the_taggers_state(trained_tagger, tagged, tmp_path):
    X, _ = tagged
    path = trained_tagger.save(tmp_path / "mine.pth")
    embedding = TaggerEmbedding(weights=path, duration=1.6, cache=False)
    own = trained_tagger._run(X, trained_tagger.net_.module_.hidden)
    assert own.std(axis=0).min() > 0
    # Batch normalisation is folded into the convolutions of the embedding.
    np.testing.assert_allclose(embedding.fit_transform(X), own, atol=1e-5)
    embedding.set_params(output="tags").fit(X)
    np.testing.assert_allclose(embedding.transform(X), trained_tagger.predict_proba(X), atol=1e-6)
    assert list(embedding.get_feature_names_out()) == [f"tagger_tag_{tag}" for tag in TAGS]


def test_a_trained_network_is_kept_as_a_loaded_one(trained_tagger):
    # Else the last bits of large networks differ.
    module = trained_tagger.net_.module_
    assert all(value.is_contiguous() for value in module.state_dict().values())
    assert not any(parameter.requires_grad for parameter in module.parameters())


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
