"""Base of the methods that train on segments of clips."""

import numpy as np

from ..training import SEGMENT_CONSTRAINTS, DrawnSegments, Segments, predict_logits, softmax
from ._spectrogram_classifier import SpectrogramClassifier


class SegmentClassifier(SpectrogramClassifier):
    """Base of the classifiers that train on segments and predict clips.

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
