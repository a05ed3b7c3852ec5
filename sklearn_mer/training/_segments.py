"""Segments of clips, cut when they are asked for."""

import numpy as np


class Segments:
    """The segments of clips, one after the other, without overlap.

    Stands for an array of shape (n_clips * n_segments, ..., length), clip by clip; only what is
    indexed is copied.

    Parameters
    ----------
    array : ndarray of shape (n_clips, ..., n)
    length : int
        Of a segment, along the last axis.
    """

    def __init__(self, array, length):
        self.array = array
        self.length = length
        self.n_segments = array.shape[-1] // length
        if not self.n_segments:
            raise ValueError(
                f"The front end made clips of length {array.shape[-1]}, which have not one segment "
                f"of segment_length={length}. Give longer clips, or a front end with a longer "
                "`duration`, or a smaller segment_length."
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
    """Segments that begin anywhere, drawn anew each time they are asked for.

    Parameters
    ----------
    array : ndarray of shape (n_clips, ..., n)
    length : int
    n_segments : int
        Of each clip.
    seed : int
    """

    def __init__(self, array, length, *, n_segments, seed):
        super().__init__(array, length)
        self.n_segments = n_segments
        self.random = np.random.default_rng(seed)

    def _starts(self, rows):
        return self.random.integers(0, self.array.shape[-1] - self.length + 1, len(rows))
