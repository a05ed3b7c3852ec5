"""What holds for every pre-trained embedding."""

import pickle

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_mer.embeddings import (
    ArtistEmbedding,
    MusiCNNEmbedding,
    OpenL3Embedding,
    TaggerEmbedding,
    WeightsError,
)

from .broken_files import broken


def test_three_forms_give_the_same(embedding, short_clips, short_files):
    if isinstance(embedding, ArtistEmbedding | OpenL3Embedding):
        pytest.skip("takes waveforms at another rate: the files would be resampled")
    expected = embedding.fit_transform(short_clips)
    assert expected.dtype == np.float32
    assert expected.flags.c_contiguous
    table = pd.DataFrame({"f": range(5), "audio": short_files}, index=list("vwxyz"))
    for X in (short_files, np.array(short_files), table):
        np.testing.assert_array_equal(embedding.fit_transform(X), expected)


def test_clips_differ_and_do_not_depend_on_their_neighbours(embedding, short_clips):
    clips = np.tile(short_clips, 17)  # longer than a patch: silence is not the maximum
    together = embedding.fit_transform(clips)
    assert np.isfinite(together).all()
    assert len(np.unique(together.round(6), axis=0)) == 5
    for i in range(5):
        np.testing.assert_array_equal(embedding.transform(clips[i : i + 1])[0], together[i])


def test_threads_give_the_same_bits(embedding, short_clips):
    one = embedding.set_params(n_jobs=1).fit_transform(short_clips)
    for n_jobs in (2, 4):
        many = embedding.set_params(n_jobs=n_jobs).fit_transform(short_clips)
        np.testing.assert_array_equal(many, one)


def test_the_generators_and_the_number_of_threads_stay(embedding, short_clips):
    state, n_threads = torch.random.get_rng_state(), torch.get_num_threads()
    embedding.fit_transform(short_clips)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.get_num_threads() == n_threads


def test_clone_and_pickle(embedding, short_clips):
    expected = embedding.fit_transform(short_clips)
    loaded = pickle.loads(pickle.dumps(embedding))
    # The network goes along: the file need not be where the estimator is loaded.
    loaded.set_params(weights="gone.pth")
    np.testing.assert_array_equal(loaded.transform(short_clips), expected)
    copy = clone(embedding)
    assert not [name for name in vars(copy) if name.endswith("_")]
    np.testing.assert_array_equal(copy.fit_transform(short_clips), expected)


def test_names_and_pandas_output(embedding, short_clips):
    values = embedding.fit_transform(short_clips)
    names = list(embedding.get_feature_names_out())
    assert values.shape == (5, len(names))
    assert len(set(names)) == len(names)
    output = embedding.set_output(transform="pandas").fit_transform(short_clips)
    assert list(output.columns) == names
    np.testing.assert_array_equal(output.to_numpy(), values)


def test_in_a_pipeline(embedding, short_clips):
    pipeline = make_pipeline(embedding, StandardScaler()).set_output(transform="pandas")
    output = pipeline.fit_transform(short_clips)
    # The tags of random networks hardly differ: much of their precision goes with the mean.
    np.testing.assert_allclose(output.mean(), 0, atol=0.01)
    assert list(output.columns) == list(embedding.fit(short_clips).get_feature_names_out())


def test_use_before_fit(embedding, short_clips):
    with pytest.raises(ValueError, match="instance is not fit"):
        embedding.transform(short_clips)


def test_values_are_kept_a_clip_and_weights(files, nets, short_files, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    embedding = TaggerEmbedding(weights=files["crnn"], duration=1.6, cache=cache)
    state = embedding.fit_transform(short_files)
    calls = []
    hidden = type(nets["crnn"]).hidden_and_maps
    monkeypatch.setattr(
        type(nets["crnn"]), "hidden_and_maps", lambda net, x: calls.append(1) or hidden(net, x)
    )
    np.testing.assert_array_equal(embedding.fit_transform(short_files), state)
    embedding.set_params(output="tags").fit_transform(short_files)
    assert calls == []  # another output is in the same entry
    embedding.set_params(duration=1.7).fit_transform(short_files)
    assert len(calls) == 5
    other = tmp_path / "other.pth"
    weights = {**nets["crnn"].state_dict(), "dense.bias": torch.ones(5)}
    torch.save(weights, other)
    embedding.set_params(weights=other).fit_transform(short_files)
    assert len(calls) == 10


def test_names(files, short_clips):
    tagger = TaggerEmbedding(weights=files["crnn"], duration=1.6, cache=False)
    assert list(tagger.fit(short_clips).get_feature_names_out()[:2]) == [
        "tagger_state_00",
        "tagger_state_01",
    ]
    tagger.set_params(output="tags")
    assert tagger.get_feature_names_out()[-1] == "tagger_tag_04"
    pooled = MusiCNNEmbedding(weights=files["musicnn"], cache=False).fit(short_clips)
    names = pooled.get_feature_names_out()
    assert names[0] == "musicnn_max_00"
    assert names[len(names) // 2] == "musicnn_mean_00"
    pooled.set_params(output="tags", statistics="mean_std")
    assert pooled.get_feature_names_out()[-1] == "musicnn_tag_04__std"


def test_before_a_support_vector_machine(embedding, short_clips):
    clips = np.tile(short_clips, 17)  # longer than a patch: silence is not the maximum
    labels = np.array(["Q1", "Q2", "Q3", "Q1", "Q2"])
    model = make_pipeline(embedding, StandardScaler(), SVC(C=1e6)).fit(clips, labels)
    np.testing.assert_array_equal(model.predict(clips), labels)
    assert model[-1].n_features_in_ == len(model[0].get_feature_names_out())


def test_finite_weights_whose_values_are_not(files, tmp_path):
    def enlarge(arrays):
        arrays["conv1d_5.kernel"] = np.full_like(arrays["conv1d_5.kernel"], 3e38)

    path = broken(files, "artist", enlarge, tmp_path)
    embedding = ArtistEmbedding(weights=path, cache=False, duration=3.1)
    X = np.random.default_rng(0).uniform(-0.5, 0.5, (1, 68000)).astype(np.float32)
    with pytest.raises(WeightsError, match=r"broken\.npz: the network gives values that are not"):
        embedding.fit_transform(X)
