import numpy as np
import pytest
import torch

from sklearn_mer.embeddings._windows import pooled, statistics_of, windows_of


@pytest.mark.parametrize(
    ("n_samples", "starts"),
    [(10, [0]), (14, [0]), (15, [0, 5]), (20, [0, 10]), (27, [0, 10, 17]), (24, [0, 10])],
)
def test_windows_follow_each_other_and_the_last_ends_with_the_clip(n_samples, starts):
    waveform = np.arange(1.0, n_samples + 1)
    windows = windows_of(waveform, 10, least=10)
    np.testing.assert_array_equal(windows[:, 0] - 1, starts)
    assert windows.shape[1] == 10
    assert (np.diff(windows) == 1).all()  # of the clip, as it is: no silence, no repetition


def test_a_clip_shorter_than_a_window_is_repeated_as_far_as_is_needed():
    waveform = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(windows_of(waveform, 10, least=2), [[1, 2, 3]])
    np.testing.assert_array_equal(windows_of(waveform, 10, least=7), [[1, 2, 3, 1, 2, 3, 1]])
    np.testing.assert_array_equal(windows_of(waveform, 4, least=4), [[1, 2, 3, 1]])


def test_statistics_are_those_over_all_frames_of_all_windows():
    states = torch.from_numpy(np.random.default_rng(0).normal(1, 2, (5, 7, 3)))
    parts = [statistics_of(states[:4]), statistics_of(states[4:])]
    found = pooled(torch.cat(parts, dim=1)).reshape(3, -1)
    frames = states.flatten(0, 1)
    expected = torch.stack([frames.mean(0), frames.std(0, correction=0), frames.amax(0)])
    torch.testing.assert_close(found, expected)
