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
