import numpy as np
import pytest

from sklearn_mer.augmentation import TimeMask

from .sounds import noise

RATE = 16000


def silences(copies):
    """First sample and length of the one silent run of each copy of ones."""
    for copy in copies:
        (silent,) = np.nonzero(copy == 0)
        if len(silent):
            assert silent[-1] - silent[0] == len(silent) - 1
            yield silent[0], len(silent)
        else:
            yield 0, 0


def test_time_mask_silences_one_part_of_any_length_up_to_half():
    copies = TimeMask(n_copies=400, random_state=0).copies(np.ones(RATE))
    starts, lengths = np.array(list(silences(copies))).T
    assert lengths.max() <= RATE // 2
    assert lengths.max() > 0.48 * RATE
    assert lengths.min() < 0.02 * RATE
    assert lengths.mean() == pytest.approx(RATE / 4, rel=0.06)  # 4 standard errors
    assert starts.min() < 0.02 * RATE
    assert (starts + lengths).max() > 0.98 * RATE
    assert (np.count_nonzero(copies == 1, axis=1) == RATE - lengths).all()


@pytest.mark.parametrize("seconds", [0.5, 1.0, 3.0])
def test_time_mask_silences_so_many_seconds(seconds):
    part = seconds / 4
    (copy,) = TimeMask(fraction=(part, part), random_state=0).copies(noise())
    assert np.count_nonzero(copy == 0) == round(seconds * RATE)
    heard = copy != 0
    np.testing.assert_array_equal(copy[heard], noise()[heard])


def test_time_mask_may_fade():
    mask = TimeMask(fraction=(0.5, 0.5), fade=0.1, random_state=3)
    (copy,) = mask.copies(np.ones(RATE))
    ((start, length),) = silences([copy])
    assert length == RATE // 2 - 2 * 1600
    fade_out, fade_in = copy[start - 1600 : start], copy[start + length : start + length + 1600]
    assert (np.diff(fade_out) < 0).all()
    np.testing.assert_allclose(np.diff(fade_out), -1 / 1601, atol=1e-6)
    np.testing.assert_array_equal(fade_in, fade_out[::-1])
    (short,) = mask.set_params(fade=9.0).copies(np.ones(RATE))
    assert np.count_nonzero(short == 1) == RATE // 2
