import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_mer.augmentation import TimeShift

from .sounds import sine

RATE = 16000


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**31 - 1), place=st.integers(0, RATE - 1))
def test_time_shift_moves_an_impulse_and_fills_in_silence(seed, place):
    impulse = np.zeros(RATE, dtype=np.float32)
    impulse[place] = 0.5
    (copy,) = TimeShift(max_shift=0.25, random_state=seed).copies(impulse)
    (found,) = np.nonzero(copy) if copy.any() else ([None],)
    largest = RATE // 4
    if found[0] is None:  # pushed over an edge, which is near
        assert place < largest or place >= RATE - largest
    else:
        assert len(found) == 1
        assert abs(found[0] - place) <= largest
        assert copy[found[0]] == np.float32(0.5)


def test_time_shift_goes_both_ways_and_nearly_as_far_as_allowed():
    impulse = np.zeros(RATE, dtype=np.float32)
    impulse[RATE // 2] = 1
    copies = TimeShift(max_shift=0.25, n_copies=400, random_state=0).copies(impulse)
    shifts = copies.argmax(axis=1) - RATE // 2
    assert -4000 <= shifts.min() < -3800
    assert 3800 < shifts.max() <= 4000
    assert abs(shifts.mean()) < 400  # 3.5 standard errors of a uniform draw


def test_time_shift_keeps_half_of_a_short_clip():
    copies = TimeShift(max_shift=5.0, n_copies=100, random_state=0).copies(np.ones(1000))
    assert np.count_nonzero(copies, axis=1).min() >= 500


def test_time_shift_by_nothing_changes_nothing():
    (copy,) = TimeShift(max_shift=0, random_state=0).copies(sine(440))
    np.testing.assert_array_equal(copy, sine(440))
