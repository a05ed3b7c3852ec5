"""Segments of clips, cut on access."""

import numpy as np


class Segments:
    """Consecutive segments of clips, without overlap.

    Behaves like an array of shape (n_clips * n_segments, ..., length), clip by clip. Only indexed
    segments are copied.

    Parameters
    ----------
    array : ndarray of shape (n_clips, ..., n)
        The clips.
    length : int
        Length of a segment along the last axis.
    """

    def __init__(self, array, length):
        self.array = array
        self.length = length
        self.n_segments = array.shape[-1] // length
        if not self.n_segments:
            raise ValueError(
                f"The output of the front end has length {array.shape[-1]}, which is shorter than "
                f"segment_length={length}. Use longer clips, a front end with a longer `duration`, "
                "or a smaller segment_length."
            )

    def __len__(self):
        return len(self.array) * self.n_segments

    def __getitem__(self, rows):
        """Return the segments at a slice or at indices, as one array."""
        rows = np.arange(len(self))[rows]
        clips = rows // self.n_segments
        starts = self._starts(rows)
        result = np.empty((len(rows), *self.array.shape[1:-1], self.length), self.array.dtype)
        for i, (clip, start) in enumerate(zip(clips, starts, strict=True)):
            result[i] = self.array[clip][..., start : start + self.length]
        return result

    def _starts(self, rows):
        return rows % self.n_segments * self.length


class DrawnSegments(Segments):
    """Segments at random positions, drawn at each access.

    Parameters
    ----------
    array : ndarray of shape (n_clips, ..., n)
        The clips.
    length : int
        Length of a segment along the last axis.
    n_segments : int
        Number of segments of each clip.
    seed : int
        Seed of the positions.
    """

    def __init__(self, array, length, *, n_segments, seed):
        super().__init__(array, length)
        self.n_segments = n_segments
        self.random = np.random.default_rng(seed)

    def _starts(self, rows):
        return self.random.integers(0, self.array.shape[-1] - self.length + 1, len(rows))
