"""scikit-learn's own checks, in full, on networks of few filters."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
)


@parametrize_with_checks([TaggerEmbedding(duration=1.52, cache=False)])
def test_tagger(estimator, check, files):
    check(estimator.set_params(weights=files["crnn"]))


@pytest.mark.slow
@parametrize_with_checks([MusiCNNEmbedding(duration=None, cache=False)])
def test_musicnn(estimator, check, files):
    check(estimator.set_params(weights=files["musicnn"]))


@parametrize_with_checks([ArtistEmbedding(duration=None, cache=False)])
def test_artist(estimator, check, files):
    check(estimator.set_params(weights=files["artist"]))


@pytest.mark.slow
@parametrize_with_checks([OpenL3Embedding(duration=None, cache=False)])
def test_openl3(estimator, check, files):
    check(estimator.set_params(weights=files["openl3"]))


@pytest.mark.slow
@parametrize_with_checks([TaggerEmbedding(output="tags")])
def test_tagger_at_full_length(estimator, check, files):
    check(estimator.set_params(weights=files["fcn"]))


@pytest.mark.slow
@parametrize_with_checks([MusiCNNEmbedding(output="penultimate", statistics="mean_std")])
def test_musicnn_at_full_length(estimator, check, files):
    check(estimator.set_params(weights=files["musicnn"]))
