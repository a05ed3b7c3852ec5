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
        "mel/5d/be6278dae4656343f0ba6fba7fe570.npy",
    ],
    "altered_mel": [
        "altered_mel/b7/bc1a3ea1edc9c3a5739cf72e0d8278.npy",
        "mel/5d/be6278dae4656343f0ba6fba7fe570.npy",
    ],
    "summary": [
        "summary/f0/6d99a699477fb7efbeca90b15ab878.npy",
    ],
    "emotion": [
        "emotion_dynamics/fd/2991a91ace34f87cc5568a8039b3b5.npy",
        "emotion_tone_colour/2c/dff36b74f98bad9974bbea55b122a1.npy",
    ],
    "copy as file": [
        "TimeShift/7f/78575cb04c09f57be4045ca18782fc.wav",
    ],
    "copy of waveform": [
        "PitchShift/91/e9ace0e2fcbf9c09ae222726c5a4c6.npy",
    ],
    "embedding": [
        "TaggerEmbedding/67/d73e9657c16f554cf442e699ef0670.npy",
    ],
    "pre-training": [
        "CRNNTagger/ff/f032e7f4742974142b4b7fa4fbedc3.npy",
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
    folder = tmp_path / "cache" / "clips" / "v1"
    entries = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(folder)) for path in entries) == ENTRIES[name]
