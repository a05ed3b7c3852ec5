"""Vibrato, tremolo and glissandi of notes."""

from typing import NamedTuple

import numpy as np

from ._notes import moving_average

_LOWEST_RATE, _HIGHEST_RATE = 4.0, 8.0  # Hz
_DRIFT = 2.5  # Hz; slower changes are ignored
_SECONDS = 0.42  # s, length of a window: two and a half periods of 6 Hz
_N_FFT = 512
_REGULAR = 0.6  # smallest share of a sinusoid in the variance
_GLIDE_AVERAGE = 0.12
_GLIDE_CENTS = 100.0
_GLIDE_SECONDS = 0.05
_GLIDE_SLOPE = 150.0  # cents per second; slower is drift


class Modulation(NamedTuple):
    """Vibrato or tremolo, with one value per note."""

    #: (n_notes,): duration in seconds; 0 for none.
    length: np.ndarray
    #: (n_notes,): rate in Hz; NaN for none.
    rate: np.ndarray
    #: (n_notes,): half of the peak-to-peak range; NaN for none.
    extent: np.ndarray


class Glides(NamedTuple):
    """Glissandi: segments with only rising or only falling pitch."""

    #: (n_glides,): interval in cents, positive.
    extent: np.ndarray
    #: (n_glides,): duration in seconds.
    length: np.ndarray
    #: (n_glides,): whether the pitch rises.
    up: np.ndarray


def find_modulation(values, notes, frame_rate, smallest, response):
    """Find sinusoidal modulations of 4 to 8 Hz in windows of each note.

    Parameters
    ----------
    values : ndarray of shape (n_points,)
        Pitch in cents, or level in dB.
    notes : Notes
    frame_rate : float
    smallest : float
        Smallest audible extent.
    response : callable
        Function of a rate in Hz that returns the share of the extent that the analysis window
        keeps.

    Returns
    -------
    Modulation
        Modulation of each note.
    """
    width = round(_SECONDS * frame_rate)
    hop = max(1, width // 4)
    note, start = _windows(notes.begin, notes.end, width, hop)
    rate, extent, regular = _sinusoids(values[start[:, None] + np.arange(width)], frame_rate)
    extent = extent / response(rate)
    chosen = (regular >= _REGULAR) & (extent >= smallest)
    chosen &= (rate >= _LOWEST_RATE) & (rate <= _HIGHEST_RATE)
    note, start, rate, extent = note[chosen], start[chosen], rate[chosen], extent[chosen]
    n_notes = len(notes.begin)
    count = np.bincount(note, minlength=n_notes).astype(float)
    mean = [_mean_by(note, of, count) for of in (rate, extent)]
    return Modulation(_covered(note, start, width, n_notes) / frame_rate, *mean)


def window_response(window, power):
    """Return the share of a modulation that a Hann window keeps, as a function of the rate.

    The frequency of a peak is an average of the frequencies weighted by the squared window, its
    magnitude an average of the magnitudes weighted by the window.
    """
    at = (np.arange(256) + 0.5) / 256 - 0.5
    weights = np.cos(np.pi * at) ** (2 * power)
    weights /= weights.sum()

    def response(rate):
        return np.cos(2 * np.pi * window * np.multiply.outer(rate, at)) @ weights

    return response


def find_glides(contours, frame_rate):
    """Return the glissandi of at least 100 cents."""
    width = 2 * round(_GLIDE_AVERAGE * frame_rate / 2) + 1
    smooth = moving_average(contours.cents, contours.starts, width)
    change, length = _runs(smooth, contours.starts, _GLIDE_SLOPE / frame_rate)
    seconds = length / frame_rate
    chosen = (np.abs(change) >= _GLIDE_CENTS) & (seconds >= _GLIDE_SECONDS)
    return Glides(np.abs(change[chosen]), seconds[chosen], change[chosen] > 0)


def _windows(begin, end, width, hop):
    counts = np.maximum(0, (end - begin - width) // hop + 1)
    note = np.repeat(np.arange(len(begin)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return note, begin[note] + hop * within


def _sinusoids(windows, frame_rate):
    """Return rate, amplitude and share of the variance of the strongest sinusoid per window."""
    n, width = windows.shape
    line = np.linspace(-1, 1, width)
    centred = windows - windows.mean(axis=1, keepdims=True)
    centred = centred - np.outer(centred @ line / (line @ line), line)
    taper = np.hanning(width + 2)[1:-1]
    spectrum = np.abs(np.fft.rfft(centred * taper, _N_FFT, axis=1)) * (2 / taper.sum())
    first = int(np.ceil(_DRIFT * _N_FFT / frame_rate))
    best = first + np.argmax(spectrum[:, first:-1], axis=1)
    left, middle, right = (spectrum[np.arange(n), best + i] for i in (-1, 0, 1))
    curve = left - 2 * middle + right
    shift = np.where(curve < 0, 0.5 * (left - right) / np.where(curve < 0, curve, -1.0), 0.0)
    shift = np.clip(shift, -0.5, 0.5)
    variance = (centred**2) @ taper / taper.sum()
    regular = np.where(variance > 1e-12, 0.5 * middle**2 / np.maximum(variance, 1e-12), 0.0)
    return (best + shift) * frame_rate / _N_FFT, middle - 0.25 * (left - right) * shift, regular


def _mean_by(note, values, count):
    sums = np.bincount(note, weights=values, minlength=len(count))
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def _covered(note, start, width, n_notes):
    """Return the number of points of each note in its windows, which are sorted."""
    new = np.full(len(note), width)
    same = note[1:] == note[:-1]
    new[1:][same] = np.minimum(width, np.diff(start)[same])
    return np.bincount(note, weights=new, minlength=n_notes)


def _runs(smooth, starts, least):
    """Return change and length of segments that rise or fall by at least `least` per point."""
    step = np.diff(smooth, prepend=np.nan)
    step[starts[:-1]] = 0.0
    direction = np.where(np.abs(step) < least, 0, np.sign(step))
    # The first point of a contour has no direction, and so divides segments of two contours.
    run = np.cumsum(direction != np.append(0.0, direction[:-1]))
    moving = direction != 0
    _, run = np.unique(run[moving], return_inverse=True)
    return np.bincount(run, weights=step[moving]), np.bincount(run).astype(float)
