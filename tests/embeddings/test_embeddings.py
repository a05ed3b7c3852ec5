"""What holds for every pre-trained embedding."""

import pickle

import librosa
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
)


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


def test_tagger_is_front_end_then_network(files, nets, short_clips):
    wave = np.resize(short_clips[0], 25600)
    power = np.abs(librosa.stft(wave, n_fft=512, hop_length=256, pad_mode="reflect")) ** 2
    mels = librosa.filters.mel(sr=16000, n_fft=512, n_mels=96, htk=True, norm=None) @ power
    decibels = torch.from_numpy(10 * np.log10(np.maximum(mels, 1e-10))).float()[None]
    given = {"weights": files["crnn"], "duration": 1.6, "cache": False}
    with torch.inference_mode():
        state, logits = nets["crnn"].hidden(decibels), nets["crnn"](decibels)
    got = TaggerEmbedding(**given).fit_transform(short_clips[:1])
    np.testing.assert_allclose(got, state, atol=1e-4)
    got = TaggerEmbedding(output="tags", **given).fit_transform(short_clips[:1])
    np.testing.assert_allclose(got, torch.sigmoid(logits), atol=1e-4)


def test_musicnn_is_the_mean_over_patches(files, nets):
    wave = np.random.default_rng(0).normal(0, 0.1, (1, 6 * 16000 + 4000)).astype(np.float32)
    power = np.abs(librosa.stft(wave[0], n_fft=512, hop_length=256, pad_mode="reflect")) ** 2
    mels = librosa.filters.mel(sr=16000, n_fft=512, n_mels=96) @ power
    mels = torch.from_numpy(np.log10(10000 * mels + 1)).float()
    assert mels.shape[1] > 2 * 187
    patches = torch.stack([mels[:, :187], mels[:, 187:374]])
    net = nets["musicnn"]
    given = {"weights": files["musicnn"], "cache": False, "duration": None}
    with torch.inference_mode():
        pooled, hidden = net.pooled(patches).flatten(1), net.hidden(patches)
        tags = torch.sigmoid(net(patches))
    for output, expected in [("pooled", pooled), ("penultimate", hidden), ("tags", tags)]:
        both = MusiCNNEmbedding(output=output, statistics="mean_std", **given).fit_transform(wave)
        std = expected.std(0, correction=0)
        np.testing.assert_allclose(both[0], torch.cat([expected.mean(0), std]), atol=2e-4)
        mean = MusiCNNEmbedding(output=output, **given).fit_transform(wave)
        np.testing.assert_array_equal(mean, both[:, : mean.shape[1]])


def test_artist_is_the_mean_over_segments(files, nets):
    wave = np.random.default_rng(0).normal(0, 0.1, (1, 7 * 22050)).astype(np.float32)
    magnitude = np.abs(librosa.stft(wave[0], n_fft=1024, hop_length=512, pad_mode="reflect"))
    mels = librosa.filters.mel(sr=22050, n_fft=1024, n_mels=128) @ magnitude
    mels = (torch.from_numpy(np.log10(1 + 10 * mels)).float() - 0.22620339) / 0.25794547
    segments = torch.stack([mels[:, :129], mels[:, 129:258]])
    with torch.inference_mode():
        expected = nets["artist"](segments).mean(0)
    embedding = ArtistEmbedding(weights=files["artist"], cache=False)
    got = embedding.set_params(duration=None).fit_transform(wave)
    np.testing.assert_allclose(got[0], expected, atol=2e-4)


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


def test_too_short_a_duration(files, short_clips):
    with pytest.raises(ValueError, match=r"duration=1\.5 s is too short.*at least 1\.52 s"):
        TaggerEmbedding(weights=files["crnn"], duration=1.5).fit(short_clips)
    with pytest.raises(ValueError, match=r"duration=2 s is too short.*at least 20\.46 s"):
        TaggerEmbedding(weights=files["fcn"], duration=2).fit(short_clips)
    with pytest.raises(ValueError, match="duration"):
        TaggerEmbedding(weights=files["fcn"], duration=None).fit(short_clips)


def test_a_wrong_output(files, short_clips):
    with pytest.raises(ValueError, match="'output' parameter of TaggerEmbedding"):
        TaggerEmbedding(weights=files["crnn"], output="pooled").fit(short_clips)


def test_before_a_support_vector_machine(embedding, short_clips):
    clips = np.tile(short_clips, 17)  # longer than a patch: silence is not the maximum
    labels = np.array(["Q1", "Q2", "Q3", "Q1", "Q2"])
    model = make_pipeline(embedding, StandardScaler(), SVC(C=1e6)).fit(clips, labels)
    np.testing.assert_array_equal(model.predict(clips), labels)
    assert model[-1].n_features_in_ == len(model[0].get_feature_names_out())
