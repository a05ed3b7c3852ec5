"""Seeds: the same draws for the same clip, whatever is around it."""

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state

from sklearn_mer.augmentation import TimeShift


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
