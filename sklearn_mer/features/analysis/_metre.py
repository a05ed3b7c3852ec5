"""Periodicity of onsets: autocorrelation, tempo, tempogram and beats."""

import math
from typing import NamedTuple

import numpy as np
import scipy.fft

from ._compiled import compiled

_SLOWEST, _FASTEST = 40.0, 200.0  # beats per minute
# Weight of the autocorrelation at multiples of the period of a tempo. Two thirds of the period and
# one and a half tell threes from twos. Slower levels of the metre repeat as well, hence the
# preference for faster ones. Rounded from a regression on rendered scores
# (benchmarks/descriptor_truth.py).
_MULTIPLES = {1 / 8: -1.0, 1 / 2: 1.0, 2 / 3: -1.0, 1: 4.0, 3 / 2: -1.0, 2: 3.0, 3: 2.0, 4: 2.0}
_FASTER = 1.5  # weight of an octave
_MAX_LAG = 4.0  # s, a bar of slow music
_WINDOW, _STEP = 6.0, 0.5  # s, for the tempogram
_ZERO_NORM = 1e-2  # dB; vectors of features with a smaller norm are taken as zero
_TIGHTNESS = 100.0  # weight of the regularity of beats


class Tempo(NamedTuple):
    """The two most likely tempi; NaN if there are none."""

    bpm: float
    strength: float  # autocorrelation at the period, at most about 1
    second_bpm: float
    second_strength: float


class Candidates(NamedTuple):
    """Peaks of the autocorrelation of several windows, window by window."""

    window: np.ndarray  # (n_peaks,)
    bpm: np.ndarray  # (n_peaks,)
    height: np.ndarray  # (n_peaks,)
    score: np.ndarray  # (n_peaks,): of its lag as the period of the beat
    n_windows: int


def autocorrelation(curve, frame_rate):
    """Return the autocorrelation of one or several curves at lags up to 4 seconds.

    Parameters
    ----------
    curve : ndarray of shape (..., n_frames)
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (..., n_lags)
        Unbiased autocorrelation, 1 at lag 0. NaN for constant curves and for lags longer than half
        the curve.
    """
    n_frames = curve.shape[-1]
    n_lags = round(_MAX_LAG * frame_rate) + 1
    curve = curve - curve.mean(axis=-1, keepdims=True)
    n_fft = scipy.fft.next_fast_len(n_frames + n_lags, real=True)
    products = scipy.fft.irfft(np.abs(scipy.fft.rfft(curve, n_fft)) ** 2, n_fft)[..., :n_lags]
    pairs = n_frames - np.arange(n_lags)
    energy = products[..., :1]
    ratio = products / np.where(energy > 1e-12, energy, np.nan)
    return ratio * np.where(pairs >= n_frames / 2, n_frames / np.maximum(pairs, 1), np.nan)


def find_tempo(correlation, frame_rate):
    """Return the most likely tempi between 40 and 200 beats per minute.

    The score of a peak of the autocorrelation is a weighted sum of the autocorrelation at fractions
    and multiples of its lag, plus a preference for fast tempi.

    Parameters
    ----------
    correlation : ndarray of shape (n_lags,)
    frame_rate : float
        Frames per second.

    Returns
    -------
    Tempo
    """
    found = find_candidates(correlation[np.newaxis], frame_rate)
    order = np.argsort(-found.score, kind="stable")[:2]
    values = [value for i in order for value in (found.bpm[i], found.height[i])]
    return Tempo(*values, *[np.nan] * (4 - len(values)))


def find_candidates(windows, frame_rate):
    """Return the positive peaks of the autocorrelation in the range of tempi.

    Parameters
    ----------
    windows : ndarray of shape (n_windows, n_lags)
    frame_rate : float
        Frames per second.

    Returns
    -------
    Candidates
        Interpolated tempi and heights, and scores as in `find_tempo`.
    """
    first = max(1, math.ceil(60 / _FASTEST * frame_rate))
    last = int(60 / _SLOWEST * frame_rate)
    curves = windows[:, first - 1 : last + 2]  # NaN is never a peak
    middle = curves[:, 1:-1]
    is_peak = (middle > curves[:, :-2]) & (middle >= curves[:, 2:]) & (middle > 0)
    window, at = np.nonzero(is_peak)
    below, here, above = (curves[window, at + i] for i in range(3))
    offset = 0.5 * (below - above) / (below - 2 * here + above)
    lags = at + first + offset
    bpm = 60 * frame_rate / lags
    scores = _scores(windows, window, lags) + _FASTER * np.log2(bpm)
    return Candidates(window, bpm, here - 0.25 * (below - above) * offset, scores, len(windows))


def _scores(windows, window, lags):
    """Return the weighted sum of the autocorrelation at multiples of lags of some windows."""
    multiples = np.outer(list(_MULTIPLES), lags)
    # The multiples of a rounded lag are up to two frames off.
    near = np.maximum(multiples[:, None] + np.linspace(-1, 1, 5)[:, None], 0.0)
    known = np.nan_to_num(windows)
    last = known.shape[1] - 1
    before = np.minimum(near.astype(int), last - 1)
    low, high = known[window, before], known[window, before + 1]
    heights = np.where(near <= last, low + (near - before) * (high - low), 0.0).max(axis=1)
    return np.array(list(_MULTIPLES.values())) @ heights


def local_tempi(candidates):
    """Return the tempo of the highest score in each window (n_windows,); NaN without peaks."""
    order = np.lexsort((-candidates.score, candidates.window))
    window, place = np.unique(candidates.window[order], return_index=True)
    tempi = np.full(candidates.n_windows, np.nan)
    tempi[window] = candidates.bpm[order][place]
    return tempi


def pulse_clarity(correlation, frame_rate):
    """Return the largest autocorrelation in the range of tempi (Lartillot et al. 2008).

    Parameters
    ----------
    correlation : ndarray of shape (..., n_lags)
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (...)
        Pulse clarity; NaN if the autocorrelation is undefined.
    """
    first, last = (round(60 / bpm * frame_rate) for bpm in (_FASTEST, _SLOWEST))
    # np.fmax ignores NaN without a warning.
    return np.fmax.reduce(correlation[..., first : last + 1], axis=-1)


def tempogram(curve, frame_rate):
    """Return the autocorrelation in windows of 6 s, one every half second.

    Parameters
    ----------
    curve : ndarray of shape (n_frames,)
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (n_windows, n_lags)
        A single window if the curve is shorter than 6 s. NaN for windows with constant values.
    """
    n_window = min(len(curve), round(_WINDOW * frame_rate))
    windows = np.lib.stride_tricks.sliding_window_view(curve, n_window)
    return autocorrelation(windows[:: max(1, round(_STEP * frame_rate))], frame_rate)


def metrical_levels(candidates):
    """Return centroid and strength of the metrical levels of each window (2, n_windows).

    The mean of the tempi of the peaks in beats per minute, weighted by height, NaN without peaks;
    and the sum of the heights.
    """
    window, bpm, height, _, n_windows = candidates
    strength = np.bincount(window, height, minlength=n_windows)
    weighted = np.bincount(window, height * bpm, minlength=n_windows)
    return np.array([weighted / np.where(strength > 0, strength, np.nan), strength])


def beat_spectrum(features, frame_rate):
    """Return the mean similarity of frames at each distance up to 4 s (Foote et al. 2002).

    Parameters
    ----------
    features : ndarray of shape (n_features, n_frames)
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (n_lags,)
        Mean cosine similarity of frames, from a lag of one frame.
    """
    norm = np.linalg.norm(features, axis=0)
    # The direction of constant features, such as those of silence, is only rounding.
    unit = features / np.where(norm > _ZERO_NORM, norm, np.inf)
    n_frames = unit.shape[1]
    lags = np.arange(1, min(round(_MAX_LAG * frame_rate), n_frames // 2) + 1)
    n_fft = scipy.fft.next_fast_len(2 * n_frames, real=True)
    spectrum = (np.abs(scipy.fft.rfft(unit, n_fft)) ** 2).sum(axis=0)
    return scipy.fft.irfft(spectrum, n_fft)[lags] / (n_frames - lags)


def find_beats(curve, bpm, frame_rate):
    """Return the frames of the beats, by dynamic programming (Ellis 2007).

    Parameters
    ----------
    curve : ndarray of shape (n_frames,)
    bpm : float
        Tempo in beats per minute; NaN for no beats.
    frame_rate : float
        Frames per second.

    Returns
    -------
    ndarray of shape (n_beats,), int
    """
    deviation = curve.std()
    if not np.isfinite(bpm) or not deviation > 0:
        return np.zeros(0, dtype=int)
    period = 60 * frame_rate / bpm
    total = curve / deviation
    before = np.full(len(total), -1)
    _add_best(total, period, before)
    # The last beat is within a period of the end.
    now = len(total) - 1 - np.argmax(total[::-1][: max(1, int(period))])
    beats = [now]
    while before[now] >= 0:
        now = before[now]
        beats.append(now)
    return np.array(beats[::-1])


@compiled
def _add_best(total, period, before):
    """Add to each gain the largest sum of those before, minus penalties of irregular intervals.

    `before` gets the frame of the beat before, and keeps -1 where none is better.
    """
    shortest, longest = int(np.ceil(period / 2)), int(2 * period)
    for now in range(shortest, len(total)):
        best = 0.0  # starting here has no penalty
        for then in range(max(0, now - longest), now - shortest + 1):
            step = total[then] - _TIGHTNESS * np.log((now - then) / period) ** 2
            if step > best:
                best = step
                before[now] = then
        total[now] += best


def beat_histogram(candidates):
    """Return the strength of each tempo in the windows (Tzanetakis and Cook 2002).

    Parameters
    ----------
    candidates : Candidates
        Peaks of the tempogram.

    Returns
    -------
    bpm : ndarray of shape (n_bins,)
        Centres of the bins: 42, 46, ..., 198 beats per minute.
    histogram : ndarray of shape (n_bins,)
        Votes of the windows, averaged: the heights of the peaks of each window, weighted by their
        scores as in `find_tempo`.
    """
    edges = np.arange(_SLOWEST, _FASTEST + 1, 4)
    window, bpm, height, score, n_windows = candidates
    best = np.full(n_windows, -np.inf)
    np.maximum.at(best, window, score)
    votes = height * np.exp(score - best[window])
    histogram = np.histogram(bpm, edges, weights=votes)[0]
    return (edges[:-1] + edges[1:]) / 2, histogram / n_windows
