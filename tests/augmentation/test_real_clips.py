"""The four alterations on clips of 4QAED."""

import numpy as np
import pytest
import soundfile

from sklearn_mer.audio import AudioLoader, decode
from sklearn_mer.augmentation import PowerShift

pytestmark = pytest.mark.data


@pytest.fixture
def real_paths(real_data_home):
    folder = real_data_home / "datasets" / "4QAED"
    return [str(min((folder / quadrant).glob("*.mp3"))) for quadrant in ("Q1", "Q2", "Q3", "Q4")]


def test_copies_of_real_clips(sampler_class, real_paths):
    sampler = sampler_class(random_state=0)
    X, _ = sampler.fit_resample(real_paths, ["Q1", "Q2", "Q3", "Q4"])
    assert {soundfile.info(file).frames for file in X[4:]} == {480_000}
    for original, copy in zip(X[:4], X[4:], strict=True):
        before = AudioLoader().fit_transform([original])[0]
        after = decode(copy, sample_rate=16000)
        assert np.isfinite(after).all()
        change = 10 * np.log10(np.mean(after**2) / np.mean(before**2))
        correlation = abs(np.corrcoef(before, after)[0, 1])
        if sampler_class is PowerShift:
            assert abs(change) == pytest.approx(10, abs=0.001)
            assert correlation == pytest.approx(1, abs=1e-6)
        else:
            assert abs(change) < 6  # other parts of the clip may be cut, or silent
            assert correlation < 0.9
