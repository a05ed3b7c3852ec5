"""The descriptors of clips that a method reads."""

import numpy as np
import soundfile
from sklearn.base import BaseEstimator

from sklearn_mer.audio import AudioLoader, ClipTransformer, check_clips, compute_rows
from sklearn_mer.methods._features import FeatureSource

RATE = 16000


class Loudest(ClipTransformer, BaseEstimator):
    """One descriptor of what is heard of a clip: its largest sample."""

    def fit(self, X, y=None):
        check_clips(self, X)
        return self

    def transform(self, X):
        loader = AudioLoader(duration=2.0)
        clips = check_clips(self, X, reset=False)
        return compute_rows(clips, lambda c, i: np.atleast_1d(loader.heard(c, i).max()))


def test_short_clips_stay_within_the_range_of_the_training_clips(tmp_path):
    def clip(name, level, seconds):
        soundfile.write(
            tmp_path / name, np.full(round(seconds * RATE), level), RATE, subtype="FLOAT"
        )
        return str(tmp_path / name)

    def descriptors(paths):
        return source.transform(check_clips(Loudest(), paths)).ravel().tolist()

    training = [clip("a.wav", 0.25, 2), clip("b.wav", 0.5, 3)]
    source = FeatureSource(Loudest())
    source.fit_transform(check_clips(Loudest(), training))
    assert descriptors([clip("c.wav", 0.75, 1), clip("d.wav", 0.125, 1.5)]) == [0.5, 0.25]
    assert descriptors([clip("e.wav", 0.375, 1), training[0]]) == [0.375, 0.25]
    # Long ones are as they are, whatever is beside them.
    assert descriptors([clip("f.wav", 0.75, 2), str(tmp_path / "c.wav")]) == [0.75, 0.5]
