"""Pitch contours: voices tracked over frames."""

from typing import NamedTuple

import numpy as np

from ._compiled import compiled

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
    longest_gap = round(_GAP_SECONDS * frame_rate)
    labels = np.full(voices.cents.shape, -1)
    # Of open contours: label, last frame and last pitch.
    size = voices.cents.shape[1] * (longest_gap + 2)
    open_contours = np.zeros((2, size), np.int64), np.zeros(size)
    n_labels = _label(voices.count, voices.cents, longest_gap, *open_contours, labels)
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
    filled = _fill(begin, end, frame, values)
    return Contours(starts, frame[begin], *filled)


@compiled
def _label(count, cents, longest_gap, open_contours, pitch, labels):
    """Write the number of the contour of each voice to `labels`; return how many there are."""
    # Here and elsewhere, arrays are made outside: numpy's functions take long to compile.
    label, seen = open_contours[0], open_contours[1]
    n_labels = 0
    n_open = 0
    for frame in range(len(count)):
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
    return n_labels


def _fill(begin, end, frame, values):
    """Return the values of contours in all their frames; those in gaps are between the next two."""
    chosen = np.concatenate([np.arange(*pair) for pair in zip(begin, end, strict=True)] or [[]])
    chosen = chosen.astype(int)
    steps = np.diff(frame, append=0)
    steps[end - 1] = 1  # the last point of a contour
    steps = steps[chosen]
    before = np.repeat(chosen, steps)
    within = np.arange(len(before)) - np.repeat(np.cumsum(steps) - steps, steps)
    part = within / np.repeat(steps, steps)
    after = np.minimum(before + 1, values.shape[1] - 1)
    return (1 - part) * values[:, before] + part * values[:, after]
