"""Segments of clips, which are cut when they are asked for."""

import numpy as np

from sklearn_mer.training._segments import DrawnSegments, Segments

ARRAY = np.arange(3 * 2 * 11, dtype=np.float32).reshape(3, 2, 11)


def test_segments_are_all_that_fit_clip_by_clip():
    segments = Segments(ARRAY, 4)
    assert len(segments) == 6
    expected = [clip[:, start : start + 4] for clip in ARRAY for start in (0, 4)]
    np.testing.assert_array_equal(segments[:], expected)
    np.testing.assert_array_equal(segments[2:5], expected[2:5])
    np.testing.assert_array_equal(segments[np.array([5, 0])], [expected[5], expected[0]])


def test_drawn_segments_begin_anywhere_in_their_clip_and_are_drawn_anew():
    def starts(seed):
        segments = DrawnSegments(ARRAY, 4, n_segments=2, seed=seed)
        assert len(segments) == 6
        rows = np.repeat(np.arange(6), 50)
        drawn = [segments[rows] for _ in range(2)]
        for cut in drawn:
            np.testing.assert_array_equal(np.diff(cut, axis=-1), 1)
            np.testing.assert_array_equal(cut[:, 0, 0] // 22, rows // 2)
        return [(cut[:, 0, 0] % 22).tolist() for cut in drawn]

    first, second = starts(0)
    assert set(first) == set(range(8))
    assert first != second
    assert starts(0) == [first, second]
    assert starts(1) != [first, second]


def test_nothing_is_copied_before_it_is_asked_for():
    whole = np.broadcast_to(np.float32(0), (10**6, 128, 938))  # half a terabyte, were it copied
    segments = Segments(whole, 115)
    assert len(segments) == 8 * 10**6
    assert segments[10:12].shape == (2, 128, 115)
