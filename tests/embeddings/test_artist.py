import librosa
import numpy as np
import torch

from sklearn_mer.embeddings import ArtistEmbedding


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
