"""Pitch contours: voices tracked over frames."""

from typing import NamedTuple

import numba
import numpy as np

_MAX_STEP = 80.0  # cents between successive frames of a voice
_GAP_SECONDS = 0.05  # longest gap in a contour
_SHORTEST_SECONDS = 0.12  # longer than peaks of noise, which last as long as the window (93 ms)


class Contours(NamedTuple):
    """Concatenated pitch contours: contour i has the points starts[i]:starts[i + 1]."""

    #: (n_contours + 1,)
    starts: np.ndarray
    #: (n_contours,): first frame of each contour.
    first: np.ndarray
    #: (n_points,): fundamental frequency in cents of MIDI notes.
    cents: np.ndarray
    #: (n_points,)
    salience: np.ndarray
    #: (n_points,): magnitude of the harmonics.
    magnitude: np.ndarray

    @property
    def lengths(self):
        """Number of frames of each contour."""
        return np.diff(self.starts)

    @property
    def frames(self):
        """Frame of each point."""
        within = np.arange(self.starts[-1]) - np.repeat(self.starts[:-1], self.lengths)
        return within + np.repeat(self.first, self.lengths)


def follow(voices, frame_rate):
    """Return the contours of voices that last at least 0.12 s.

    Each voice, the strongest first, continues the contour with the nearest pitch. Values in short
    gaps are interpolated.
    """
    labels, n_labels = _label(voices.count, voices.cents, round(_GAP_SECONDS * frame_rate))
    frame, place = np.nonzero(labels >= 0)
    label = labels[frame, place]
    order = np.lexsort((frame, label))
    frame, place, label = frame[order], place[order], label[order]
    begin = np.searchsorted(label, np.arange(n_labels))
    end = np.searchsorted(label, np.arange(n_labels), side="right")
    long = frame[end - 1] - frame[begin] + 1 >= round(_SHORTEST_SECONDS * frame_rate)
    begin, end = begin[long], end[long]
    lengths = frame[end - 1] - frame[begin] + 1
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = np.stack([voices.cents, voices.salience, voices.magnitude])[:, frame, place]
    filled = _fill(starts, begin, end, frame, values)
    return Contours(starts, frame[begin], *filled)


@numba.njit(nogil=True, cache=True)
def _label(count, cents, longest_gap):
    n_frames, n_voices = cents.shape
    labels = np.full((n_frames, n_voices), -1)
    n_labels = 0
    # Active contours: label, last pitch, last frame.
    size = n_voices * (longest_gap + 2)
    label, pitch, seen = np.zeros(size, np.int64), np.zeros(size), np.zeros(size, np.int64)
    n_open = 0
    for frame in range(n_frames):
        for voice in range(count[frame]):
            best = -1
            for i in range(n_open):
                distance = abs(pitch[i] - cents[frame, voice])
                if seen[i] == frame or distance > _MAX_STEP:
                    continue
                if best < 0 or distance < abs(pitch[best] - cents[frame, voice]):
                    best = i
            if best < 0:
                best = n_open
                n_open += 1
                label[best] = n_labels
                n_labels += 1
            labels[frame, voice] = label[best]
            pitch[best] = cents[frame, voice]
            seen[best] = frame
        kept = 0
        for i in range(n_open):
            if frame - seen[i] <= longest_gap:
                label[kept], pitch[kept], seen[kept] = label[i], pitch[i], seen[i]
                kept += 1
        n_open = kept
    return labels, n_labels


@numba.njit(nogil=True, cache=True)
def _fill(starts, begin, end, frame, values):
    # Numpy's functions for arrays would take seconds to compile.
    filled = np.zeros((values.shape[0], starts[-1]))
    for contour in range(len(begin)):
        origin = starts[contour] - frame[begin[contour]]
        for row in range(values.shape[0]):
            for i in range(begin[contour], end[contour]):
                filled[row, origin + frame[i]] = values[row, i]
                if i == begin[contour]:
                    continue
                step = frame[i] - frame[i - 1]
                for j in range(1, step):
                    part = j / step
                    between = (1 - part) * values[row, i - 1] + part * values[row, i]
                    filled[row, origin + frame[i - 1] + j] = between
    return filled
