"""What was computed by an earlier version is found: the names of cache entries do not change."""

import numpy as np
import pytest
from random_weights import weights_files
from scipy.io import wavfile

from sklearn_mer import EmotionFeatures, MelSpectrogram, SummaryFeatures
from sklearn_mer.audio import AudioLoader
from sklearn_mer.augmentation import PitchShift, TimeShift
from sklearn_mer.embeddings import TaggerEmbedding
from sklearn_mer.embeddings.pretraining import CRNNTagger

# Written down once. Where results change on purpose, the version of that step is raised, and the
# new names are written here.
ENTRIES = {
    "mel": [
        "mel/1d/3bef8e8cc9d669fd998fd01fa42f34.npy",
        "short/94/3433c3fb1c475d44d6da68f2f55c4b.npy",
    ],
    "altered_mel": [
        "altered_mel/cf/1c53529f9658bb53648955c5939ce9.npy",
        "mel/1d/3bef8e8cc9d669fd998fd01fa42f34.npy",
        "short/94/3433c3fb1c475d44d6da68f2f55c4b.npy",
    ],
    "summary": [
        "short/37/8f0b83a50c9981e871f81892bf9100.npy",
        "summary/47/33143d1a77a4f66f443f63fe38efa1.npy",
    ],
    "emotion": [
        "emotion_dynamics/4f/4be6ae432e924b651c6a4ecf1b8def.npy",
        "emotion_tone_colour/ff/efc8f5d04effcf439ebba73dc3e0be.npy",
        "short/37/8f0b83a50c9981e871f81892bf9100.npy",
    ],
    "copy as file": [
        "TimeShift/f9/b7fcd767d94fc19c42e305e89b953e.wav",
    ],
    "copy of waveform": [
        "PitchShift/30/681d9ed787d645db9a35e634ab0ace.npy",
    ],
    "embedding": [
        "TaggerEmbedding/bb/1977c60df938129f9af6aa41655994.npy",
        "short/cb/a4410ea7ac95b2d2a746e5f49ab979.npy",
    ],
    "pre-training": [
        "CRNNTagger/1f/3628d361a5c6136a3a04bf5e64ce2c.npy",
        "short/7d/2a09306c842e455b1dba66e898f414.npy",
    ],
}


@pytest.fixture
def clip(tmp_path):
    """A file whose bytes are the same everywhere."""
    samples = np.arange(8000, dtype=np.int16) % 441 * 50
    wavfile.write(tmp_path / "clip.wav", 16000, samples)
    return str(tmp_path / "clip.wav")


def mel(cache):
    return MelSpectrogram(sample_rate=16000, duration=30.0, normalize=True, cache=cache)


def compute(name, clip, cache):
    """Fill the cache with one entry or two."""
    if name == "mel":
        mel(cache).fit_transform([clip])
    elif name == "altered_mel":
        mel(cache).fit([clip]).transform_copies([clip], TimeShift(random_state=0))
    elif name == "summary":
        SummaryFeatures(sample_rate=16000, duration=1.0, cache=cache).fit_transform([clip])
    elif name == "emotion":
        for chosen in ({"dimensions": ["dynamics"]}, {"columns": ["tone_colour__mfcc_01__mean"]}):
            features = EmotionFeatures(sample_rate=16000, duration=1.0, cache=cache, **chosen)
            features.fit_transform([clip])
    elif name == "copy as file":
        TimeShift(duration=1.0, random_state=0, cache=cache).fit_resample([clip] * 2, [0, 1])
    elif name == "copy of waveform":
        X = AudioLoader(duration=1.0).fit_transform([clip] * 2)
        PitchShift(random_state=0, cache=cache).fit_resample(X, [0, 1])
    elif name == "embedding":
        embedding = TaggerEmbedding(weights=weights_files()["crnn"], duration=1.6, cache=cache)
        embedding.fit([clip]).weights_sha256_ = "0" * 64
        embedding.transform([clip])
    elif name == "pre-training":
        tagger = CRNNTagger(n_filters=(2, 2, 2, 2), duration=2.0, max_epochs=1, cache=cache)
        tagger.fit([clip] * 2, [0, 1])


@pytest.mark.parametrize("name", ENTRIES)
def test_names_of_entries(name, clip, tmp_path):
    compute(name, clip, tmp_path / "cache")
    folder = tmp_path / "cache" / "clips" / "v2"
    entries = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(folder)) for path in entries) == ENTRIES[name]
