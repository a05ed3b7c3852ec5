"""Segments of clips, cut when they are asked for, and what methods that learn from them share."""

import numbers

import numpy as np

from .._compat import Interval
from ._spectrogram_classifier import SpectrogramClassifier
from ._training import predict_logits, softmax

SEGMENT_CONSTRAINTS = {
    "segment_length": [Interval(numbers.Integral, 1, None, closed="left")],
    "segments_per_epoch": [Interval(numbers.Integral, 1, None, closed="left"), None],
}


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


class SegmentClassifier(SpectrogramClassifier):
    """Base of the classifiers that learn from segments and decide on clips.

    A subclass has the parameters `segment_length` and `segments_per_epoch` beside those of
    `SpectrogramClassifier`.
    """

    _parameter_constraints = {
        **SpectrogramClassifier._parameter_constraints,
        **SEGMENT_CONSTRAINTS,
    }

    def _module_params(self):
        return {"input_shape": (*self.input_shape_[:-1], self.segment_length)}

    def _samples(self, spectrograms, targets, seed):
        if self.segments_per_epoch is None:
            segments = Segments(spectrograms, self.segment_length)
        else:
            segments = DrawnSegments(
                spectrograms,
                self.segment_length,
                n_segments=self.segments_per_epoch,
                seed=seed,
            )
        # A segment has the label of its clip.
        return segments, np.repeat(targets, segments.n_segments)

    def _probabilities(self, spectrograms):
        segments = Segments(spectrograms, self.segment_length)
        probabilities = softmax(predict_logits(self.net_, (segments,)))
        return probabilities.reshape(len(spectrograms), segments.n_segments, -1).mean(axis=1)
