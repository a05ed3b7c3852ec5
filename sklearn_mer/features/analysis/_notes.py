"""Notes: parts of pitch contours with one pitch and one attack."""

from typing import NamedTuple

import numpy as np

from ._compiled import compiled, part_of_loops

#: Lowest pitch in cents of "high" notes, those that are rounded to C4 or above.
HIGH = 5950.0

_SHORTEST_SECONDS = 0.08
_AVERAGE_SECONDS = 0.19  # about one period of vibrato
_PITCH_STEP = 70.0  # cents from the pitch of the note so far
_ATTACK_SECONDS = 0.05
_ATTACK_DB = 8.0  # rise within that time, steeper than a tremolo


class Notes(NamedTuple):
    """Notes in the order of their onsets; note i has the points begin[i]:end[i] of contours."""

    #: (n_notes,): first point and the one after the last.
    begin: np.ndarray
    end: np.ndarray
    #: (n_notes,): onset and duration in seconds.
    onset: np.ndarray
    duration: np.ndarray
    #: (n_notes,): median pitch in cents of MIDI notes.
    pitch: np.ndarray
    #: (n_notes,): mean level of the harmonics in dB, relative to the loudest note of the clip.
    level: np.ndarray
    #: (n_notes,): mean salience.
    salience: np.ndarray

    def take(self, chosen):
        """Return the selected notes."""
        return Notes(*(values[chosen] for values in self))


def moving_average(values, starts, width):
    """Return the moving average of each contour over `width` points (odd), fewer at its ends."""
    averages = np.empty_like(values)
    _moving_average(values, starts, width // 2, averages)
    return averages


def split_notes(contours, frame_rate):
    """Return the notes of contours.

    A note ends if the pitch, averaged over a period of vibrato, deviates by 70 cents, or if the
    level rises by 8 dB within 50 ms. Notes shorter than 80 ms are dropped.
    """
    width = 2 * round(_AVERAGE_SECONDS * frame_rate / 2) + 1
    smooth = moving_average(contours.cents, contours.starts, width)
    level = 20 * np.log10(np.maximum(contours.magnitude, 1e-30))
    attack = max(1, round(_ATTACK_SECONDS * frame_rate))
    begin, end = np.empty((2, len(smooth)), np.int64)
    n_notes = _split(smooth, level, contours.starts, attack, begin, end)
    begin, end = begin[:n_notes], end[:n_notes]
    long = end - begin >= round(_SHORTEST_SECONDS * frame_rate)
    begin, end = begin[long], end[long]
    frames = contours.frames
    order = np.argsort(frames[begin], kind="stable")
    begin, end = begin[order], end[order]
    means = _means(level, begin, end)
    return Notes(
        begin,
        end,
        onset=frames[begin] / frame_rate,
        duration=(end - begin) / frame_rate,
        pitch=_medians(contours.cents, begin, end),
        level=means - means.max(initial=-np.inf) if len(means) else means,
        salience=_means(contours.salience, begin, end),
    )


def count_layers(contours, n_frames):
    """Return the number of contours in each frame (n_frames,)."""
    return np.bincount(contours.frames, minlength=n_frames)[:n_frames]


def follow_melody(contours, n_frames):
    """Return the index of the point of the melody in each frame (n_frames,); -1 for none.

    The melody is the contour with the largest mean salience.
    """
    best = np.full(n_frames, -1)
    if not len(contours.first):
        return best
    means = _means(contours.salience, contours.starts[:-1], contours.starts[1:])
    strength = np.repeat(means, contours.lengths)
    frames = contours.frames
    order = np.lexsort((strength, frames))
    best[frames[order]] = order  # the strongest is written last
    return best


def melody_notes(notes, melody):
    """Return the notes of which at least half belongs to the melody."""
    chosen = np.zeros(int(notes.end.max(initial=0)) + 1)
    points = melody[melody >= 0]
    chosen[points[points < len(chosen)]] = 1.0
    return notes.take(_means(chosen, notes.begin, notes.end) >= 0.5)


def _means(values, begin, end):
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return (sums[end] - sums[begin]) / np.maximum(end - begin, 1)


def _medians(values, begin, end):
    return np.array([np.median(values[i:j]) for i, j in zip(begin, end, strict=True)])


@compiled
def _moving_average(values, starts, half, averages):
    for contour in range(len(starts) - 1):
        start, stop = starts[contour], starts[contour + 1]
        for i in range(start, stop):
            # Symmetric windows, so that the ends of a rising pitch are not biased.
            reach = min(half, i - start, stop - 1 - i)
            total = 0.0
            for j in range(i - reach, i + reach + 1):
                total += values[j]
            averages[i] = total / (2 * reach + 1)


@compiled
def _split(smooth, level, starts, attack, begin, end):
    """Write first point and end of each note to `begin` and `end`; return their number."""
    n = 0
    for contour in range(len(starts) - 1):
        start, stop = starts[contour], starts[contour + 1]
        first = start
        total = 0.0
        for i in range(start, stop):
            new_pitch = i > first and abs(smooth[i] - total / (i - first)) > _PITCH_STEP
            if new_pitch or (i - first >= attack and _attacks(level, i, start, stop, attack)):
                begin[n], end[n] = first, i
                n += 1
                first = i
                total = 0.0
            total += smooth[i]
        begin[n], end[n] = first, stop
        n += 1
    return n


@part_of_loops
def _attacks(level, i, start, stop, attack):
    """Return whether the rise of the level is a local maximum at this point, and large enough."""
    half = attack // 2
    if i - half < start or i + half >= stop:
        return False
    rise = level[i + half] - level[i - half]
    if rise < _ATTACK_DB:
        return False
    for j in range(max(start + half, i - attack), min(stop - half, i + attack + 1)):
        other = level[j + half] - level[j - half]
        if other > rise or (other == rise and j < i):
            return False
    return True
