import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import ArtistEmbedding
from sklearn_mer.embeddings._frontend import in_patches

from .small_networks import TAGS, artist_classifier, assert_same_weights, values_of


@pytest.fixture(scope="module")
def trained_artists(by_artists):
    # Narrower networks, and smaller batches, do not get there with some seeds.
    wide = artist_classifier(n_filters=(12, 12, 12, 12, 8), batch_size=12, lr=0.02, max_epochs=80)
    return wide.fit(*by_artists)


def test_artists_are_learned_by_heart(trained_artists, by_artists):
    X, artists = by_artists
    assert trained_artists.score(X, artists) == 1
    assert list(trained_artists.classes_) == sorted(TAGS)
    np.testing.assert_allclose(trained_artists.predict_proba(X).sum(axis=1), 1)
    assert trained_artists.history_[-1]["train_accuracy"] > 0.9


def test_the_embedding_has_exactly_the_artist_networks_values(
    trained_artists, by_artists, tmp_path
):
    X, _ = by_artists
    path = trained_artists.save(str(tmp_path / "mine.pth"))
    own = trained_artists._run(X, lambda s: values_of(trained_artists.net_.module_, s))
    values = ArtistEmbedding(weights=path, duration=6.1, cache=False).fit_transform(X)
    assert values.shape == (12, 8)
    np.testing.assert_array_equal(values, own)


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


def test_all_segments_of_an_epoch(by_artists):
    fitted = artist_classifier(segments_per_epoch=None, max_epochs=1).fit(*by_artists)
    other = artist_classifier(segments_per_epoch=2, max_epochs=1).fit(*by_artists)
    with pytest.raises(AssertionError):
        assert_same_weights(fitted, other)
