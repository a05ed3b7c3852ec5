import librosa
import numpy as np
import torch

from sklearn_mer.embeddings import MusiCNNEmbedding


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


def test_values_do_not_depend_on_the_callers_autocast(files, short_clips):
    embedding = MusiCNNEmbedding(weights=files["musicnn"], cache=False, duration=None)
    expected = embedding.fit_transform(short_clips[:1])
    with torch.autocast("cpu", torch.bfloat16):
        np.testing.assert_array_equal(embedding.fit_transform(short_clips[:1]), expected)
