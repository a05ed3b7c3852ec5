import numpy as np
import pytest

from sklearn_mer.embeddings import TaggerEmbedding, WeightsError

from .broken_files import broken

CLIP = np.zeros((1, 100), dtype=np.float32)


def test_a_front_end_of_another_size(files, tmp_path):
    def halve(arrays):
        arrays["spec.spectrogram.window"] = arrays["spec.spectrogram.window"][::2]

    path = broken(files, "crnn", halve, tmp_path)
    with pytest.raises(WeightsError, match=r"front end's arrays.*\(512,\)"):
        TaggerEmbedding(weights=path).fit(CLIP)
