import numpy as np
import pytest

from sklearn_mer.datasets._composition import SCALES, TONICS, compose

from .parameters import MIDDLE


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("key", ["C", "F", "G"])
def test_melody_and_bass_keep_to_the_scale(mode, key):
    for seed in range(5):
        score = compose(
            MIDDLE | {"mode": mode, "key": key, "density": 1.0}, 5, np.random.default_rng(seed)
        )
        degrees = {(note.pitch - TONICS[key]) % 12 for note in (*score.melody, *score.bass)}
        assert degrees <= set(SCALES[mode])
