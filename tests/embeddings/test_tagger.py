import librosa
import numpy as np
import pytest
import torch

from sklearn_mer.embeddings import TaggerEmbedding


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


def test_layers_are_means_and_deviations_of_maps(files, nets, short_clips):
    embedding = TaggerEmbedding(weights=files["crnn"], duration=1.6, output="layers", cache=False)
    got = embedding.set_output(transform="pandas").fit_transform(short_clips[:1])
    with torch.inference_mode():
        spectrogram = torch.from_numpy(embedding.spectrograms(short_clips[:1]))
        maps = nets["crnn"].hidden_and_maps(spectrogram)[1]
    for number in (3, 4):
        values = maps[number - 1][0].flatten(1)
        for name, expected in (("mean", values.mean(1)), ("std", values.std(1, correction=0))):
            columns = got.filter(regex=f"_layer_{number}_{name}_")
            np.testing.assert_allclose(columns.to_numpy()[0], expected, atol=1e-5)
    assert got.shape[1] == sum(2 * maps[i].shape[1] for i in (2, 3))


def test_all_outputs_side_by_side(files, short_clips):
    given = {"weights": files["crnn"], "duration": 1.6, "cache": False}
    parts = [
        TaggerEmbedding(output=output, **given).fit_transform(short_clips[:2])
        for output in ("state", "tags", "layers")
    ]
    embedding = TaggerEmbedding(output="all", **given)
    np.testing.assert_array_equal(embedding.fit_transform(short_clips[:2]), np.hstack(parts))
    assert len(set(embedding.get_feature_names_out())) == sum(part.shape[1] for part in parts)


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
