"""Common tests of all samplers: formats of X, seeds and labels."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils import check_random_state

from sklearn_mer.audio import AudioLoader
from sklearn_mer.augmentation import TimeShift, WaveformSampler

CLIP = {"duration": 0.5}


def load(X):
    return AudioLoader(duration=0.5).fit_transform(X)


def test_originals_come_first_then_the_copies_clip_by_clip(sampler_class, waveforms, labels):
    sampler = sampler_class(n_copies=2, random_state=0)
    X, y = sampler.fit_resample(waveforms, labels)
    np.testing.assert_array_equal(X[:6], waveforms)
    assert X.dtype == np.float32
    np.testing.assert_array_equal(sampler.sample_indices_[6:], np.repeat(np.arange(6), 2))
    np.testing.assert_array_equal(y, labels[sampler.sample_indices_])
    for i, waveform in enumerate(waveforms):
        np.testing.assert_array_equal(X[6 + 2 * i : 8 + 2 * i], sampler.copies(waveform))
        assert not np.array_equal(X[6 + 2 * i], waveform)


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


def test_a_copy_depends_on_its_clip_and_the_seed_alone(sampler_class, waveforms, labels):
    sampler = sampler_class(random_state=7, n_copies=2)
    X, _ = sampler.fit_resample(waveforms, labels)
    order = [4, 1, 3]
    for other in (sampler, clone(sampler).set_params(n_jobs=2, cache=False), clone(sampler)):
        fewer, _ = other.fit_resample(waveforms[order], labels[order])
        for place, i in enumerate(order):
            np.testing.assert_array_equal(
                fewer[3 + 2 * place : 5 + 2 * place], X[6 + 2 * i : 8 + 2 * i]
            )


def test_the_first_copy_does_not_depend_on_how_many_there_are(sampler_class, waveforms):
    one = sampler_class(random_state=0).copies(waveforms[0])
    three = sampler_class(random_state=0, n_copies=3).copies(waveforms[0])
    np.testing.assert_array_equal(one[0], three[0])


def test_seeds_and_copies_differ(waveforms):
    draws = [TimeShift(random_state=seed, n_copies=5).copies(waveforms[0]) for seed in range(5)]
    assert len(np.unique(np.concatenate(draws), axis=0)) == 25


def test_without_a_seed_every_call_differs_and_nothing_is_kept(
    sampler_class, waveforms, labels, cache_folder
):
    sampler = sampler_class(n_copies=12)  # so many that equal draws throughout are no chance
    runs = [sampler.fit_resample(waveforms, labels)[0] for _ in range(2)]
    assert not np.array_equal(*runs)
    assert not cache_folder.exists()
    seeded = [
        sampler_class(random_state=np.random.RandomState(0)).fit_resample(waveforms, labels)[0]
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*seeded)


def test_a_given_seed_leaves_the_global_generator_alone(sampler_class, waveforms, labels):
    generator = check_random_state(None)  # numpy's global one
    before = generator.get_state()
    sampler_class(random_state=0).fit_resample(waveforms, labels)
    sampler_class(random_state=np.random.RandomState(0)).fit_resample(waveforms, labels)
    np.testing.assert_array_equal(before[1], generator.get_state()[1])
    assert before[2] == generator.get_state()[2]


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


def test_signature_tells_everything_that_matters(sampler_class, waveforms):
    def text(**params):
        return json.dumps(sampler_class(**{"random_state": 0, **params}).signature())

    assert text() == text(n_jobs=2, cache=False, verbose=1, duration=5.0)
    own = sampler_class().get_params().keys() - WaveformSampler._parameter_constraints
    scalar = ("max_shift", "fade")
    values = {name: 0.5 if name in scalar else [0.25, 0.25] for name in own}
    others = [text(random_state=1), text(n_copies=2), text(sample_rate=8000)]
    others += [text(**{name: value}) for name, value in values.items()]
    assert len({text(), *others}) == 4 + len(own)
    assert own
    assert sampler_class.__name__ in text()


def test_signature_does_not_tell_equal_numbers_apart():
    assert (
        TimeShift(max_shift=5, random_state=np.int64(1)).signature()
        == TimeShift(max_shift=5.0, random_state=1).signature()
    )


@pytest.mark.parametrize("random_state", [None, np.random.RandomState(0)])
def test_signature_without_a_seed_is_refused(random_state):
    with pytest.raises(ValueError, match="set an int"):
        TimeShift(random_state=random_state).signature()


def test_pickled_samplers_make_the_same_copies(sampler_class, waveforms, labels):
    sampler = sampler_class(random_state=0)
    X, _ = sampler.fit_resample(waveforms, labels)
    again = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(again.fit_resample(waveforms, labels)[0], X)
    np.testing.assert_array_equal(again.sample_indices_, sampler.sample_indices_)


def test_what_is_no_clip_is_refused(waveforms):
    with pytest.raises(ValueError, match="one waveform"):
        TimeShift().copies(waveforms)
    with pytest.raises(ValueError, match="put it into a list"):
        TimeShift().fit_resample("song.wav", [0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        TimeShift().fit_resample(waveforms, [0, 1])


def test_an_alteration_that_changes_the_length_is_told(waveforms, labels):
    class Halved(TimeShift):
        def alter(self, waveform, rng):
            return waveform[::2]

    with pytest.raises(
        ValueError, match=r"Halved.alter\(\) returned an array of shape \(4000,\) for .* \(8000,\)"
    ):
        Halved(random_state=0).fit_resample(waveforms, labels)


def test_labels_that_are_texts_and_numbers(sampler_class, waveforms):
    with pytest.raises(ValueError, match=r"Unknown label type: mixed .*one class label per clip"):
        sampler_class().fit_resample(waveforms, np.array(["Q1", 2, 3] * 2, dtype=object))


@pytest.mark.parametrize("columns", [["audio", "f", "f"], ["f", "f", "g"]])
def test_a_table_with_a_column_twice(columns, waveforms, labels):
    X = pd.DataFrame(waveforms[:, :3], columns=columns)
    with pytest.raises(ValueError, match=r"several columns with the name|no column 'audio'"):
        TimeShift().fit_resample(X, labels)
