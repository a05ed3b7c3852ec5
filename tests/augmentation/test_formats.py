"""The formats of X, and those of what is returned."""

import numpy as np
import pandas as pd

from sklearn_mer.audio import AudioLoader
from sklearn_mer.augmentation import TimeShift

CLIP = {"duration": 0.5}


def load(X):
    return AudioLoader(duration=0.5).fit_transform(X)


def test_all_forms_give_the_same_copies(sampler_class, waveforms, paths, labels):
    sampler = sampler_class(random_state=3, **CLIP)
    expected, _ = sampler.fit_resample(waveforms, labels)
    table = pd.DataFrame({"audio": paths, "tempo": np.arange(6.0)}, index=list("abcdef"))
    for X in (paths, np.array(paths), pd.Series(paths, name="clip"), table):
        resampled, y = sampler.fit_resample(X, labels)
        assert type(resampled) is type(X)
        np.testing.assert_array_equal(load(resampled), expected)
        np.testing.assert_array_equal(y, np.tile(labels, 2))
    assert list(resampled.columns) == ["audio", "tempo"]
    assert list(resampled["tempo"]) == [*range(6), *range(6)]
    assert list(resampled["audio"][:6]) == paths


def test_float_types_are_kept_and_integers_become_float32(sampler_class, waveforms, labels):
    waveforms = waveforms[:, 2000:2500]
    double = waveforms.astype(np.float64) / 3
    X, _ = sampler_class(random_state=0).fit_resample(double, labels)
    assert X.dtype == np.float64
    np.testing.assert_array_equal(X[:6], double)
    pcm = (waveforms * 1000).astype(np.int16)
    X, _ = sampler_class(random_state=0).fit_resample(pcm, labels)
    assert X.dtype == np.float32
    table, _ = sampler_class(random_state=0).fit_resample(pd.DataFrame(pcm), labels)
    assert set(table.dtypes) == {np.dtype(np.float32)}
    np.testing.assert_array_equal(table.to_numpy(), X)


def test_categories_of_paths_take_new_paths(paths, labels):
    table = pd.DataFrame({"audio": pd.Categorical(paths)})
    resampled, _ = TimeShift(random_state=0, **CLIP).fit_resample(table, labels)
    assert resampled["audio"].notna().all()


def test_labels_of_a_series_follow_the_table(paths):
    table = pd.DataFrame({"audio": paths, "x": 1.0}, index=range(10, 16))
    y = pd.Series([True, False] * 3, index=table.index, name="happy")
    X, resampled = TimeShift(random_state=0, **CLIP).fit_resample(table, y)
    assert resampled.name == "happy"
    assert resampled.dtype == bool
    assert list(X.index) == list(resampled.index) == list(range(12))
